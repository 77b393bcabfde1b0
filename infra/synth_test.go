package infra

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

// scratch holds what is synthesized, for all tests: starting the CDK takes longer than they do.
var scratch string

// Under -race the end of it fails: jsii.Close and a goroutine of jsii both wait for its process.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		defer jsii.Close()
		var err error
		if scratch, err = os.MkdirTemp("", "infra"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(scratch)
		return m.Run()
	}())
}

// synthesized is a core stack and the folder that its templates were written to.
type synthesized struct {
	Parameters
	groups   []functions.Group
	template assertions.Template
	app      awscdk.App
	dir      string
}

// registry is the registry as it is, with the defaults.
var registry = sync.OnceValues(func() (synthesized, error) {
	return synthesize(functions.Groups(), Defaults)
})

// synthesize stands a folder of dummies in for the binaries.
func synthesize(groups []functions.Group, p Parameters) (synthesized, error) {
	dir, err := os.MkdirTemp(scratch, "app")
	if err != nil {
		return synthesized{}, err
	}
	p.Assets = filepath.Join(dir, "assets")
	for _, g := range append(groups[:len(groups):len(groups)], functions.Group{Name: deployment.BehindGroup}, functions.Group{Name: deployment.KeysGroup},
		functions.Group{Name: deployment.EdgeGroup}) {
		if err := writeDummy(p.binaries(g.Name)); err != nil {
			return synthesized{}, err
		}
	}
	if err := writeRelay(p.binaries(deployment.RelayGroup)); err != nil {
		return synthesized{}, err
	}
	out := filepath.Join(dir, "out")
	app := awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(false), Outdir: jsii.String(out)})
	stack, err := NewCore(app, groups, p)
	if err != nil {
		return synthesized{}, err
	}
	return synthesized{p, groups, assertions.Template_FromStack(stack, nil), app, out}, nil
}

func writeDummy(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, deployment.Handler), []byte(dir), 0o600)
}

// writeRelay writes what the image is made of, with a dummy for the program.
func writeRelay(dir string) error {
	dockerfile, err := os.ReadFile("../cmd/relay/Dockerfile")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), dockerfile, 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, deployment.RelayGroup), []byte(dir), 0o600)
}

// manyGroups are groups of rows with two patterns each, one of them a GET.
func manyGroups(n, rows int) (list []functions.Group) {
	for i := range n {
		g := functions.Group{Name: fmt.Sprintf("group%d", i)}
		for j := range rows {
			g.Rows = append(g.Rows, route.Row{
				Name:    fmt.Sprintf("Row%dOf%d", j, i),
				Pattern: fmt.Sprintf("GET /api/group%d/row%d/{name}", i, j),
				Also:    []string{fmt.Sprintf("POST /api/group%d/row%d", i, j)},
				Needs:   grant.ReadItems | grant.WriteItems | grant.ReadBlobs | grant.Sign,
			})
		}
		list = append(list, g)
	}
	return list
}

func must(t *testing.T, s synthesized, err error) synthesized {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
