// Package deploy_test runs the scripts of this folder as a person does, with an AWS of a few lines.
package deploy_test

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestADeploymentShowsWhatItMakesAndSaysWhereItIs(t *testing.T) {
	said, calls, err := home().run(t, "deploy", "")
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	for _, want := range []string{"The registry is at https://api.example\n", "build/boxvault signup https://api.example\n"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q but\n%s", want, said)
		}
	}
	wantInOrder(t, calls, "aws sts get-caller-identity", "aws ssm get-parameter", "make -s -C .. build lambda", "go build",
		"context {}", " diff --app cdk.out", " deploy --app cdk.out --all --require-approval never")
}

func TestParametersAreHandedOn(t *testing.T) {
	said, calls, err := home().run(t, "deploy", "", "WITH=url=https://boxes.example.com origins=* reserve=DoWork=10,SignIn=20")
	if err != nil || !strings.Contains(said, "signup https://boxes.example.com\n") {
		t.Errorf("%v: %s", err, said)
	}
	wantInOrder(t, calls, `context {"url":"https://boxes.example.com","origins":"*","reserve":"DoWork=10,SignIn=20"}`)
}

// Each thing that is missing ends in one sentence, before anything is built.
func TestWhatADeploymentLacksIsSaidInOneSentence(t *testing.T) {
	for _, c := range []struct {
		about string
		world world
		env   string
		want  string
	}{
		{"no Go", home().with("go", absent), "", "Go is not here: install Go"},
		{"no Node", home().with("node", absent), "", "Node is not here: install Node 20"},
		{"no npx", home().with("npx", absent), "", "Node is not here: install Node 20"},
		{"an old Node", home().with("node", "echo 18"), "", "Node 18 is too old for the CDK: install Node 20"},
		{"no AWS command line", home().with("aws", absent), "", "The AWS command line is not here: install it"},
		{"no region", home().with("aws", refuses("configure get region", "exit 1")), "", "No region is chosen: say where"},
		{"no credentials", home().with("aws", refuses("sts", "echo Unable to locate credentials >&2; exit 253")), "",
			"AWS does not take your credentials: run aws configure or aws sso login"},
		{"no set-up of the CDK", home().with("aws", refuses("ssm get-parameter ", "echo An error occurred: ParameterNotFound >&2; exit 254")), "",
			"The CDK was never set up in account 123456789012, region eu-central-1: run npx aws-cdk@"},
		{"a set-up that is too old", home().with("aws", refuses("ssm get-parameter ", "echo 5; exit")), "",
			"is version 5 and has to be 6: run npx aws-cdk@"},
		{"no right to look", home().with("aws", refuses("ssm get-parameter ", "echo AccessDeniedException >&2; exit 254")), "",
			"You may not read the SSM parameter"},
		{"no Docker for the relay", home().with("docker", absent), "WITH=edge=true relay=true", "docker does not answer, and the image of the relay is built with it: install Docker"},
		{"a Docker that is not started", home().with("docker", "exit 1").keeping(`{"edge": "true", "relay": true}`), "", "docker does not answer"},
		{"an edge that is not asked for any more", withEdge(), "", "The stack BoxVaultEdge is still there: deploy with edge=true, or delete it first"},
		{"a parameter that is misspelt", home(), "WITH=alarm=true", "There is no parameter alarm: infra/README.md lists them."},
		{"a kept parameter that is misspelt", home().keeping(`{"alarm": "true"}`), "", "There is no parameter alarm:"},
		{"kept parameters that cannot be read", home().keeping(`alarms=true`), "", "infra/cdk.context.json is no JSON"},
		{"a parameter without a value", home(), "WITH=alarms", "alarms is no parameter: WITH takes name=value"},
	} {
		t.Run(c.about, func(t *testing.T) {
			said, calls, err := c.world.run(t, "deploy", "", c.env)
			if err == nil || !strings.Contains(said, c.want) || strings.Count(said, "\n") != 1 {
				t.Errorf("it ends with %v and says\n%s", err, said)
			}
			if strings.Contains(calls, "make ") || strings.Contains(calls, "npx ") {
				t.Errorf("it went on:\n%s", calls)
			}
		})
	}
}

func TestARegionOfTheEnvironmentIsTakenFirst(t *testing.T) {
	said, _, err := home().with("aws", refuses("ssm get-parameter ", "echo ParameterNotFound >&2; exit 254")).
		run(t, "deploy", "", "AWS_DEFAULT_REGION=us-east-1")
	if err == nil || !strings.Contains(said, "region us-east-1:") {
		t.Errorf("it says %s", said)
	}
}

// The edge, where there is one, is what clients are to use.
func TestTheURLIsThatOfTheEdge(t *testing.T) {
	said, _, err := home().with("npx", `case "$*" in *" deploy "*)
		echo '{"BoxVault":{"ApiUrl":"https://api.example"},"BoxVaultEdge":{"EdgeUrl":"https://edge.example"}}' > "${@: -1}";; esac`).run(t, "deploy", "")
	if err != nil || !strings.Contains(said, "signup https://edge.example\n") {
		t.Errorf("%v: %s", err, said)
	}
}

// The id of the distribution is known once the edge is there, so what watches a new one comes with a second deployment.
func TestWhatWatchesTheEdgeIsToldTheDistribution(t *testing.T) {
	const outputs = "cloudformation describe-stacks --stack-name BoxVaultEdge "
	known := refuses(outputs, "echo E2EXAMPLE1ABCD; exit")
	fresh := refuses(outputs, `grep -q "npx.* deploy " "$CALLS" || exit 254; echo E2EXAMPLE1ABCD; exit`)
	const told = `"distribution":"E2EXAMPLE1ABCD"}`
	for _, c := range []struct {
		about, aws, with string
		context          []string
	}{
		{"an edge that is there", known, "edge=true edgeLogs=true", []string{told}},
		{"a new edge", fresh, "edge=true alarmMail=you@example.com", []string{`you@example.com"}`, told}},
		{"nothing that watches", known, "edge=true", []string{`{"edge":"true"}`}},
		{"no edge", known, "alarms=true", []string{`{"alarms":"true"}`}},
		{"a distribution that was named", known, "edge=true alarms=true distribution=E3", []string{`"distribution":"E3"}`}},
		{"an edge that puts nothing out", refuses(outputs, "echo None; exit"), "edge=true alarms=true", []string{`"alarms":"true"}`}},
	} {
		t.Run(c.about, func(t *testing.T) {
			said, calls, err := home().with("aws", c.aws).run(t, "deploy", "", "WITH="+c.with)
			if err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			var got []string
			for line := range strings.SplitSeq(calls, "\n") {
				if context, ok := strings.CutPrefix(line, "context "); ok {
					got = append(got, context)
				}
			}
			if !slices.EqualFunc(got, c.context, strings.HasSuffix) || strings.Count(calls, " deploy --app ") != len(c.context) {
				t.Errorf("the contexts are %q of\n%s", got, calls)
			}
		})
	}
}

func TestKeptParametersAreHandedOnAndGivenOnesTakenOverThem(t *testing.T) {
	kept := `{"url": "https://kept.example", "signup": "open", "availability-zones:account=1:region=x": ["a"]}`
	said, calls, err := home().keeping(kept).run(t, "deploy", "", "WITH=url=https://boxes.example.com")
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	wantInOrder(t, calls, `context {"url":"https://boxes.example.com","signup":"open",`)
}

func TestAWrongParameterDeploysNothing(t *testing.T) {
	said, calls, err := home().run(t, "deploy", "", `SYNTH=echo 'url=boxes: must be like https://boxes.example.com' >&2; exit 1`, "WITH=url=boxes")
	if err == nil || !strings.Contains(said, "must be like https://boxes.example.com\n") || strings.Contains(calls, "npx") {
		t.Errorf("it ends with %v, says\n%sand called\n%s", err, said, calls)
	}
}

func TestWhatTheCDKRefusesIsTheEnd(t *testing.T) {
	for _, command := range []string{"diff", "deploy"} {
		said, calls, err := home().with("npx", `case "$*" in *" `+command+` "*) echo no >&2; exit 1;; esac`+"\n"+cdk).run(t, "deploy", "")
		if err == nil || strings.Contains(said, "The registry is at") || command == "diff" && strings.Contains(calls, " deploy ") {
			t.Errorf("%s: it ends with %v, says\n%sand called\n%s", command, err, said, calls)
		}
	}
}

// Without a relay nobody needs Docker, and another program can build its image.
func TestTheImageIsBuiltByWhatIsThere(t *testing.T) {
	for with, w := range map[string]world{
		"WITH=edge=true":            home().with("docker", absent),
		"WITH=edge=true relay=true": home().with("docker", absent).with("podman", ""),
	} {
		if said, _, err := w.run(t, "deploy", "", with, "CDK_DOCKER=podman"); err != nil {
			t.Errorf("%s: %v: %s", with, err, said)
		}
	}
}

// So does the alarm of the edge, in another region.
func TestWhatWatchesTheEdgeGoesWhenItIsNotAskedForAnyMore(t *testing.T) {
	there := refuses("cloudformation describe-stacks --stack-name BoxVaultEdgeWatch --region us-east-1", "exit 0")
	said, calls, err := home().with("aws", there).run(t, "deploy", "", "WITH=edge=true")
	if err != nil || !strings.Contains(said, "The stack BoxVaultEdgeWatch in us-east-1 goes") {
		t.Errorf("%v: %s", err, said)
	}
	wantInOrder(t, calls, " deploy --app cdk.out --all", "delete-stack --stack-name BoxVaultEdgeWatch --region us-east-1")
	if _, calls, err = home().with("aws", there).run(t, "deploy", "", "WITH=edge=true edgeLogs=true"); err != nil || strings.Contains(calls, "delete-stack") {
		t.Errorf("one that is asked for goes: %v\n%s", err, calls)
	}
}

// The relay costs as long as its stack is there. CloudFront must not lead to it any more when it goes.
func TestARelayThatIsNotAskedForAnyMoreGoes(t *testing.T) {
	said, calls, err := home().with("aws", refuses("cloudformation describe-stacks --stack-name BoxesRelay", "exit 0")).
		run(t, "deploy", "", "WITH=edge=true stack=Boxes")
	if err != nil || !strings.Contains(said, "The stack BoxesRelay goes") {
		t.Fatalf("%v: %s", err, said)
	}
	wantInOrder(t, calls, " deploy --app cdk.out --all", "delete-stack --stack-name BoxesRelay", "wait stack-delete-complete --stack-name BoxesRelay")

	said, calls, err = home().with("aws", refuses("cloudformation describe-stacks --stack-name BoxVaultRelay", "exit 0")).
		run(t, "deploy", "", "WITH=edge=true relay=true")
	if err != nil || strings.Contains(calls, "delete-stack") {
		t.Errorf("%v, %s: one that is asked for goes:\n%s", err, said, calls)
	}
}

// The scripts are read by whoever deploys: bash finds no fault in them.
func TestTheScriptsAreBash(t *testing.T) {
	for _, script := range []string{"account", "deploy", "destroy"} {
		if out, err := exec.Command("bash", "-n", script).CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
			t.Errorf("%s: %v: %s", script, err, out)
		}
	}
}
