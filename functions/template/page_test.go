package template_test

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

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
	Timeout     int         `yaml:"Timeout"`
	Environment environment `yaml:"Environment"`
	Policies    []struct {
		Statement []statement `yaml:"Statement"`
	} `yaml:"Policies"`
	Events map[string]struct {
		Type       string          `yaml:"Type"`
		Properties eventProperties `yaml:"Properties"`
	} `yaml:"Events"`
}

type eventProperties struct {
	Method string `yaml:"Method"`
	Path   string `yaml:"Path"`
}

type statement struct {
	Action []string `yaml:"Action"`
}

// UnmarshalYAML reads a statement, and of one that stands under a condition what it says when that
// holds.
func (s *statement) UnmarshalYAML(node *yaml.Node) error {
	if node.Tag == "!If" {
		node = node.Content[1]
	}
	type plain statement
	return node.Decode((*plain)(s))
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
		if e.Type != "HttpApi" {
			continue
		}
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
