package template_test

import (
	"cmp"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/functions/deployment"
)

// page is what the tests read of a SAM template.
type page struct {
	Globals struct {
		Function struct {
			Environment environment `yaml:"Environment"`
		} `yaml:"Function"`
	} `yaml:"Globals"`
	Resources map[string]struct {
		Type       string     `yaml:"Type"`
		Properties properties `yaml:"Properties"`
	} `yaml:"Resources"`
}

type environment struct {
	Variables map[string]string `yaml:"Variables"`
}

// properties are those of the table or of a function.
type properties struct {
	KeySchema []struct {
		AttributeName string `yaml:"AttributeName"`
	} `yaml:"KeySchema"`
	TimeToLive struct {
		AttributeName string `yaml:"AttributeName"`
	} `yaml:"TimeToLiveSpecification"`

	MemorySize  int         `yaml:"MemorySize"`
	Environment environment `yaml:"Environment"`
	Policies    []struct {
		Statement []struct {
			Action []string `yaml:"Action"`
		} `yaml:"Statement"`
	} `yaml:"Policies"`
	Events map[string]struct {
		Properties eventProperties `yaml:"Properties"`
	} `yaml:"Events"`
}

type eventProperties struct {
	Method string `yaml:"Method"`
	Path   string `yaml:"Path"`
}

func (p page) functions() map[string]properties {
	list := map[string]properties{}
	for name, r := range p.Resources {
		if r.Type == "AWS::Serverless::Function" {
			list[name] = r.Properties
		}
	}
	return list
}

func (p properties) keys() (list []string) {
	for _, e := range p.Events {
		key := strings.TrimSpace(e.Properties.Method + " " + e.Properties.Path)
		list = append(list, cmp.Or(key, deployment.Default))
	}
	slices.Sort(list)
	return list
}

func (p properties) actions() (list []string) {
	for _, policy := range p.Policies {
		for _, s := range policy.Statement {
			list = append(list, s.Action...)
		}
	}
	slices.Sort(list)
	return list
}
