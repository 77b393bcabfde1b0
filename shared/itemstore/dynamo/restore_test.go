package dynamo_test

import (
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/queue/queuetest"
)

const manual = "../../../docs/operations.md"

// A table is restored as docs/operations.md has it, by the AWS command line on an emulator. The store reads
// its records then, and it has what infra gives a new one.
func TestTheDocumentedRestoreMakesATableForTheStore(t *testing.T) {
	sh := emulated(t)
	name := "R" + rand.Text() // a stack of the manual's name may be up on this emulator
	as := func(beginnings ...string) string {
		return strings.ReplaceAll(documented(t, beginnings...), "BoxVault", name)
	}
	template := filepath.Join(t.TempDir(), "stack.json")
	if err := os.WriteFile(template, []byte(stack), 0o600); err != nil {
		t.Fatal(err)
	}
	old := strings.TrimSpace(sh.run(t, `aws cloudformation create-stack --stack-name `+name+` --template-body file://`+template+` >&2
		aws cloudformation wait stack-create-complete --stack-name `+name+`
		`+as("OLD=$(aws")+`
		echo $OLD`))
	key := itemstore.Key{Partition: "box", Sort: "debian"}
	record := itemstore.Item{Key: key, Doc: []byte(`{"name":"debian"}`)}
	if err := dynamo.Open(sh.client(), old).Write(t.Context(), itemstore.Put(record, itemstore.Absent())); err != nil {
		t.Fatal(err)
	}
	said := sh.run(t, "OLD="+old+"\n"+as("NEW=")+"\n("+
		as("aws dynamodb restore-table", "aws dynamodb wait", "aws dynamodb update-")+`) >&2
		`+as("STREAM=$(aws")+`
		echo $NEW; echo $STREAM
		aws dynamodb describe-table --table-name $NEW --query Table.StreamSpecification.StreamViewType
		aws dynamodb describe-time-to-live --table-name $NEW --query TimeToLiveDescription.AttributeName
		aws dynamodb describe-continuous-backups --table-name $NEW --query ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus`)
	lines := strings.Fields(said)
	if len(lines) != 5 || !strings.Contains(lines[1], ":table/"+lines[0]+"/stream/") ||
		strings.Join(lines[2:], " ") != "NEW_AND_OLD_IMAGES "+dynamo.TimeToLive+" ENABLED" {
		t.Fatalf("name, stream, what it streams, what expires, backups:\n%s", said)
	}
	found, err := dynamo.Open(sh.client(), lines[0]).Get(t.Context(), key)
	if err != nil || string(found[0].Doc) != string(record.Doc) {
		t.Errorf("the record is %+v, error %v", found, err)
	}
}

// stack is what the commands need of one: a table, and an output that names it.
const stack = `{"Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"BillingMode": "PAY_PER_REQUEST",
	"AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
	"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]}}},
	"Outputs": {"Table": {"Value": {"Ref": "Table"}}}}`

// documented returns the commands of the manual that begin so, in their order there.
func documented(t *testing.T, beginnings ...string) string {
	t.Helper()
	raw, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	for line := range strings.Lines(string(raw)) {
		for _, beginning := range beginnings {
			if strings.HasPrefix(strings.TrimSpace(line), beginning) {
				commands = append(commands, strings.TrimSpace(line))
			}
		}
	}
	if len(commands) < len(beginnings) {
		t.Fatalf("of %q there is only %q", beginnings, commands)
	}
	return strings.Join(commands, "\n")
}

// shell runs commands whose AWS is an emulator, with credentials that are made up.
type shell struct{ endpoint, home string }

func emulated(t *testing.T) shell {
	t.Helper()
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS command line is not here")
	}
	return shell{queuetest.New(t, time.Minute, 1).Endpoint, t.TempDir()}
}

func (s shell) run(t *testing.T, script string) string {
	t.Helper()
	var said strings.Builder
	cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.home, "AWS_ENDPOINT_URL=" + s.endpoint, "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_DEFAULT_OUTPUT=text", "AWS_PAGER=",
	}
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	return string(out)
}

func (s shell) client() *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		BaseEndpoint: aws.String(s.endpoint), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}
