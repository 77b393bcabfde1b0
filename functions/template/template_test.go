package template_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/functions/template"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/settings"
)

var groups = []functions.Group{{Name: "boxes", Rows: []route.Row{
	{Pattern: "GET /api/box/{name}", Name: "ReadBox", Summary: `Read a box: "all" of it.`, Needs: grant.ReadItems | grant.Sign, Memory: 256},
	{Pattern: "PUT /api/file/{rest...}", Name: "WriteFile", Needs: grant.WriteBlobs},
	{Pattern: "/", Name: "Unknown"},
}}}

func TestARowBecomesAFunction(t *testing.T) {
	const want = `
  ReadBox:
    Type: AWS::Serverless::Function
    Metadata: {SkipBuild: true}
    Properties:
      FunctionName: !Sub ${AWS::StackName}-ReadBox
      Description: "Read a box: \"all\" of it."
      CodeUri: build/lambda/boxes/
      MemorySize: 256
      Environment:
        Variables: {BOXVAULT_ROUTE: ReadBox}
      Policies:
        - Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: [dynamodb:GetItem, dynamodb:BatchGetItem, dynamodb:Query]
              Resource: !GetAtt Table.Arn
            - Effect: Allow
              Action: [ssm:GetParameter]
              Resource: !Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${AWS::StackName}/token-secret
      Events:
        Route0: {Type: HttpApi, Properties: {ApiId: !Ref HttpApi, Method: ANY, Path: "/api/box/{name}"}}

  WriteFile:
`
	if got := string(template.SAM(groups)); !strings.Contains(got, want) {
		t.Errorf("the template is\n%s\nand lacks\n%s", got, want)
	}
}

func TestWhatIsNotAskedForIsLeftOut(t *testing.T) {
	unknown := parse(t, template.SAM(groups)).Resources["Unknown"].Properties
	if unknown.Policies != nil || unknown.MemorySize != 0 {
		t.Errorf("a row without needs and memory has %+v", unknown)
	}
	if got := unknown.Events["Route0"].Properties; got != (eventProperties{}) {
		t.Errorf("the default route has a method or path: %+v", got)
	}
}

// The real rows, both ways: every row has its function, and every function its row.
func TestEveryRowIsInTheTemplate(t *testing.T) {
	all := functions.Groups()
	got := parse(t, template.SAM(all)).functions()
	want := deployment.PerRoute(all)
	if _, folded := got[all[0].Name]; folded {
		want = deployment.PerGroup(all)
	}
	for _, f := range slices.Concat(want, deployment.Behind()) {
		properties, ok := got[f.Name]
		if !ok {
			t.Errorf("%s has no function", f.Name)
			continue
		}
		delete(got, f.Name)
		if keys := properties.keys(); !slices.Equal(keys, slices.Sorted(slices.Values(f.Keys))) {
			t.Errorf("%s answers %q, its row says %q", f.Name, keys, f.Keys)
		}
		if have, want := properties.actions(), actions(f.Needs&^grant.SignLinks); !slices.Equal(have, want) {
			t.Errorf("%s may do %q, its row needs %q", f.Name, have, want)
		}
		if f.On != "" && (properties.Timeout != f.Timeout || properties.Environment.Variables["BOXVAULT_QUEUE"] == "") {
			t.Errorf("%s runs for %d seconds, told of %v", f.Name, properties.Timeout, properties.Environment.Variables)
		}
	}
	keys := got[deployment.RotateTokenKeys]
	if want := []string{"ssm:GetParameter", "ssm:PutParameter"}; !slices.Equal(keys.actions(), want) || keys.Timeout != deployment.KeysTimeout {
		t.Errorf("the function of keys is %+v", keys)
	}
	delete(got, deployment.RotateTokenKeys)
	for name := range got {
		t.Errorf("%s is the function of no row", name)
	}
}

// What a function is told must be enough for settings.Read, which the function calls first.
func TestTheEnvironmentIsComplete(t *testing.T) {
	page := parse(t, template.SAM(groups))
	env := maps.Clone(page.Globals.Function.Environment.Variables)
	maps.Copy(env, page.Resources["ReadBox"].Properties.Environment.Variables)
	got, err := settings.Read(func(name string) string { return env[name] })
	if err != nil || got.Route != "ReadBox" {
		t.Errorf("settings are %+v, error %v", got, err)
	}
}

// The template is written without the store's package, which needs the SDK; so is the filter of the
// stream.
func TestTheTableIsTheStores(t *testing.T) {
	table := parse(t, template.SAM(groups)).Resources["Table"].Properties
	var keys []string
	for _, key := range table.KeySchema {
		keys = append(keys, key.AttributeName)
	}
	if !slices.Equal(keys, []string{dynamo.PartitionKey, dynamo.SortKey}) || table.TimeToLive.AttributeName != dynamo.TimeToLive {
		t.Errorf("the table has the keys %q and expires by %q", keys, table.TimeToLive.AttributeName)
	}
	if filter := `"Keys":{"` + dynamo.PartitionKey + `":{"S":["` + catalog.DuePartition + `"]}}`; !strings.Contains(deployment.NewWork, filter) {
		t.Errorf("the stream is filtered by %s, which has no %s", deployment.NewWork, filter)
	}
}

func TestMoreThanAStackHoldsIsFolded(t *testing.T) {
	many := manyGroups(10, 20)
	page := parse(t, template.SAM(many))
	got := page.functions()
	if len(got) != len(many)+len(deployment.Behind())+1 {
		t.Fatalf("200 rows are %d functions, want one for each of %d groups, what is behind, and one of keys", len(got), len(many))
	}
	if have, want := len(got["group3"].Events), 20; have != want {
		t.Errorf("group3 answers %d route keys, want %d", have, want)
	}
	if route, ok := got["group3"].Environment.Variables["BOXVAULT_ROUTE"]; ok {
		t.Errorf("group3 answers only %q", route)
	}
}

// manyGroups are rows with a route key each.
func manyGroups(n, rows int) (list []functions.Group) {
	for i := range n {
		g := functions.Group{Name: fmt.Sprintf("group%d", i)}
		for j := range rows {
			g.Rows = append(g.Rows, route.Row{
				Name:    fmt.Sprintf("Row%dOf%d", j, i),
				Pattern: fmt.Sprintf("GET /api/group%d/row%d/{name}", i, j),
				Needs:   grant.ReadItems,
			})
		}
		list = append(list, g)
	}
	return list
}

func actions(needs grant.Right) (list []string) {
	for _, a := range needs.Allowances() {
		list = append(list, a.Actions...)
	}
	slices.Sort(list)
	return list
}

func parse(t *testing.T, raw []byte) (page page) {
	t.Helper()
	if err := yaml.Unmarshal(raw, &page); err != nil {
		t.Fatalf("the template is no YAML: %v", err)
	}
	return page
}
