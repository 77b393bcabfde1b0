package deploy_test

import (
	"strings"
	"testing"
)

func TestWhatStaysIsSaidWhenTheStackIsGone(t *testing.T) {
	said, calls, err := home().run(t, "destroy", "BoxVault\n")
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	wantInOrder(t, calls, "aws cloudformation delete-stack --stack-name BoxVault", "aws cloudformation wait stack-delete-complete")
	for _, want := range []string{
		"The table T-1 and the bucket b-1 stay",
		`{"table": "T-1", "stream": "` + stream + `", "bucket": "b-1"}` + "\n",
		"aws dynamodb delete-table --table-name T-1\n", "aws s3 rb --force s3://b-1\n",
		"aws ssm delete-parameter --name /BoxVault/token-secret\n", "aws ssm delete-parameter --name /BoxVault/key\n",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q but\n%s", want, said)
		}
	}
	if strings.Contains(calls, "delete-table") || strings.Contains(calls, "s3 rb") {
		t.Errorf("boxes were deleted:\n%s", calls)
	}
}

func TestNothingIsDeletedUnlessTheNameIsTyped(t *testing.T) {
	for _, typed := range []string{"", "\n", "y\n", "boxvault\n"} {
		said, calls, err := home().run(t, "destroy", typed)
		if err == nil || !strings.HasSuffix(said, "Nothing was deleted.\n") || strings.Contains(calls, "delete-stack") {
			t.Errorf("%q: it ends with %v, says\n%sand called\n%s", typed, err, said, calls)
		}
	}
}

// A first deployment that failed leaves a stack without anything; a table may be gone that was there.
func TestAStackThatHasLessIsDeletedAllTheSame(t *testing.T) {
	for about, c := range map[string]struct{ aws, says string }{
		"one that failed":             {refuses(`"*"OutputKey"*"`, "echo None; exit"), "It has neither table nor bucket."},
		"one whose table went before": {refuses("dynamodb describe-table", "exit 254"), "The table T-1 is not there any more."},
	} {
		said, calls, err := home().with("aws", c.aws).run(t, "destroy", "BoxVault\n")
		if err != nil || !strings.Contains(said, c.says) || !strings.Contains(said, "The stack BoxVault is gone.") {
			t.Errorf("%s: it ends with %v, says\n%s", about, err, said)
		}
		wantInOrder(t, calls, "delete-stack --stack-name BoxVault\n")
	}
}

func TestAStackThatIsNotThereIsNotDeleted(t *testing.T) {
	said, _, err := home().with("aws", refuses("cloudformation describe-stacks", "exit 254")).
		run(t, "destroy", "Other\n", "STACK=Other")
	if want := "There is no stack Other in account 123456789012, region eu-central-1: say which one, make destroy STACK=name.\n"; err == nil || said != want {
		t.Errorf("it says %s", said)
	}
}

func TestTheEdgeGoesBeforeWhatItUses(t *testing.T) {
	said, calls, err := home().with("aws", refuses("cloudformation describe-stacks --stack-name BoxVaultEdge", "exit 0")).run(t, "destroy", "BoxVault\n")
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	wantInOrder(t, calls, "delete-stack --stack-name BoxVaultEdgeWatch --region us-east-1\n", "delete-stack --stack-name BoxVaultEdge\n", "wait stack-delete-complete --stack-name BoxVaultEdge", "delete-stack --stack-name BoxVault\n")
}

func TestTheRelayGoesBetween(t *testing.T) {
	both := `case "$*" in "cloudformation describe-stacks --stack-name BoxVaultEdge"|"cloudformation describe-stacks --stack-name BoxVaultRelay") exit 0;; esac` + "\n" + knownToAWS
	said, calls, err := home().with("aws", both).run(t, "destroy", "BoxVault\n")
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	wantInOrder(t, calls, "wait stack-delete-complete --stack-name BoxVaultEdge", "delete-stack --stack-name BoxVaultRelay",
		"wait stack-delete-complete --stack-name BoxVaultRelay", "delete-stack --stack-name BoxVault\n")
}

func TestAStackThatStaysIsNamed(t *testing.T) {
	said, _, err := home().with("aws", refuses("cloudformation wait", "exit 255")).run(t, "destroy", "BoxVault\n")
	if err == nil || !strings.Contains(said, "The stack BoxVault is not gone: aws cloudformation describe-stack-events") || strings.Contains(said, "for good") {
		t.Errorf("it says %s", said)
	}
}
