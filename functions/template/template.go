// Package template writes template.yaml: the registry as a SAM template, for who deploys without
// the CDK.
package template

import (
	"bytes"
	_ "embed"
	"strconv"
	"strings"
	"text/template"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/settings"
)

//go:embed template.yaml.tmpl
var text string

var page = template.Must(template.New("template.yaml").Funcs(template.FuncMap{
	"quote":    strconv.Quote,
	"isMail":   func(r grant.Resource) bool { return r == grant.Mail },
	"list":     func(words []string) string { return "[" + strings.Join(words, ", ") + "]" },
	"resource": func(r grant.Resource) string { return arns[r] },
	"event":    event,
}).Parse(text))

// arns are the ARNs of what rights are about, as the template says them.
var arns = map[grant.Resource]string{
	grant.Table:   "!GetAtt Table.Arn",
	grant.Bucket:  "!GetAtt Bucket.Arn",
	grant.Objects: "!Sub ${Bucket.Arn}/*",
	grant.Stream:  "!GetAtt Table.StreamArn",
	grant.Queue:   "!GetAtt Queue.Arn",
	grant.Mail:    "!Sub arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*",
	grant.Secret:  "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${AWS::StackName}/token-secret",

	grant.Certificates: "!Sub arn:${AWS::Partition}:acm:${AWS::Region}:${AWS::AccountId}:certificate/*",
}

// environment is what all functions are told; which row it answers is each function's own, and what
// is behind requests is told of the queue.
var environment = settings.Settings{
	Table:           "!Ref Table",
	Bucket:          "!Ref Bucket",
	URL:             "!Ref Url",
	SecretParameter: "!Sub /${AWS::StackName}/token-secret",
	Signup:          "!Ref Signup",
	Limits:          "!Ref Limits",
	MailFrom:        "!Ref MailFrom",
	Mirrors:         "!Ref Mirrors",
}

// SAM returns the template: one function for each row, or for each group where that would be more
// than one stack may hold. The same groups give the same bytes.
func SAM(groups []functions.Group) []byte {
	list := withoutEdge(deployment.PerRoute(groups))
	folded := resources(list) > maxResources
	if folded {
		list = withoutEdge(deployment.PerGroup(groups))
	}
	return render(list, folded)
}

// withoutEdge takes the rights to the distribution away: the template has none.
func withoutEdge(list []deployment.Function) []deployment.Function {
	for i := range list {
		list[i].Needs &^= grant.SignLinks
	}
	return list
}

// maxResources is CloudFormation's limit for one stack. SAM has no way around it but nested
// templates, which are no longer one file to hand to someone.
const maxResources = 500

// resources is how many resources SAM makes of the functions: the function, its role and a
// permission for each event, beside those that there is one of.
func resources(list []deployment.Function) int {
	n := 22
	for _, f := range list {
		n += 2 + len(f.Keys)
	}
	return n
}

func render(list []deployment.Function, folded bool) []byte {
	var out bytes.Buffer
	err := page.Execute(&out, map[string]any{
		"Folded":    folded,
		"Functions": list,
		"Behind":    deployment.Behind(),
		"Keys": map[string]any{
			"Name": deployment.RotateTokenKeys, "Description": deployment.TokenKeysSummary, "Group": deployment.KeysGroup,
			"Timeout": deployment.KeysTimeout, "Secret": arns[grant.Secret], "Lock": arns[grant.Secret] + settings.SecretLock,
		},
		"Environment":  environment.Environment(),
		"Runtime":      deployment.Runtime,
		"Handler":      deployment.Handler,
		"Architecture": deployment.Architecture,
		"Timeout":      deployment.Timeout,
		"Memory":       deployment.Memory,
		"AccessLog":    deployment.AccessLog,
		"Rate":         deployment.Rate,
		"Burst":        deployment.Burst,
		"CrossOrigin":  route.CrossOrigin,
		"Queues": map[string]any{
			"NewWork": deployment.NewWork, "Records": deployment.Records, "RecordAge": deployment.RecordAge,
			"BatchMessages": deployment.BatchMessages, "Workers": deployment.Workers,
			"Hidden": deployment.Hidden, "Receives": deployment.Receives,
			"Retention": deployment.Retention, "DeadRetention": deployment.DeadRetention, "SweepRate": deployment.SweepRate,
		},
	})
	if err != nil {
		panic(err) // the embedded template does not fit its data
	}
	return out.Bytes()
}

// event is the event that a route key stands for; one without method and path is the default route.
func event(key string) string {
	properties := "ApiId: !Ref HttpApi"
	if method, path, ok := strings.Cut(key, " "); ok {
		properties += ", Method: " + method + ", Path: " + strconv.Quote(path)
	}
	return "{Type: HttpApi, Properties: {" + properties + "}}"
}
