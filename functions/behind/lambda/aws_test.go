package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/blobstore/s3"
	"github.com/boxvault/boxvault/shared/blobstore/s3/s3test"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/queue/queuetest"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/settings"
)

// aws is what a deployment has: rows that answer, over a table of a real DynamoDB server and a bucket
// of a real S3 server, a queue, and the built functions, which the test starts as Lambda does.
type aws struct {
	*testing.T
	*coretest.Registry
	owner  string
	queue  *queuetest.Queue
	binary string
	env    map[string]string
	seen   map[string]bool // what the stream has told
}

// tableAt says where DynamoDB is.
const tableAt = "AWS_ENDPOINT_URL_DYNAMODB"

// hidden is how long a message is hidden that was taken: not for longer than a test likes to wait.
const hidden = 2 * time.Second

func deploy(t *testing.T) *aws {
	t.Helper()
	t.Parallel() // much of it is waiting for messages
	client := dynamotest.Client(t)
	table, bucket := dynamotest.NewTable(t, client), s3test.Start(t)
	a := &aws{T: t, queue: queuetest.New(t, hidden, 3), seen: map[string]bool{}}
	a.binary = lambdatest.Build(t, "github.com/boxvault/boxvault/functions/behind/lambda")
	a.env = environment(t, client, bucket)
	a.settings(settings.Settings{Table: table, Bucket: bucket.Name, SecretParameter: "/none", Queue: a.queue.URL})
	a.Registry, a.owner = coretest.Acme(t, func(o *core.Options) {
		o.Items, o.Blobs = dynamo.Open(client, table), s3.Open(bucket.Client, bucket.Presign, bucket.Name)
	})
	return a
}

func environment(t *testing.T, client *dynamodb.Client, bucket s3test.Bucket) map[string]string {
	t.Helper()
	keys, err := bucket.Client.Options().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		tableAt:                 *client.Options().BaseEndpoint,
		"AWS_ENDPOINT_URL_S3":   *bucket.Client.Options().BaseEndpoint,
		"AWS_REGION":            bucket.Client.Options().Region,
		"AWS_ACCESS_KEY_ID":     keys.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY": keys.SecretAccessKey,
		"AWS_SESSION_TOKEN":     keys.SessionToken,
	}
}

func (a *aws) settings(s settings.Settings) {
	for name, value := range s.Environment() {
		a.env[name] = value
	}
	a.env["AWS_ENDPOINT_URL_SQS"] = a.queue.Endpoint
}

// start starts one of the functions; change is more of its environment, as name and value in turn.
func (a *aws) start(name string, change ...string) *lambdatest.Function {
	a.Helper()
	list := []string{"BOXVAULT_ROUTE=" + name}
	for name, value := range a.env {
		list = append(list, name+"="+value)
	}
	for i := 0; i < len(change); i += 2 {
		list = append(list, change[i]+"="+change[i+1])
	}
	return lambdatest.Start(a, a.binary, list)
}

// list is what is on the janitor's list, whenever its time comes.
func (a *aws) list() []catalog.Due {
	a.Helper()
	list, _, err := a.Core.Catalog.DueSince(a.Context(), time.Now().Add(1000*time.Hour), "", 0)
	if err != nil {
		a.Fatal(err)
	}
	return list
}

// changes is the event of a stream that tells what is new on the list; nil when nothing is.
func (a *aws) changes() json.RawMessage {
	a.Helper()
	var records []string
	for _, d := range a.list() {
		if !a.seen[d.Place()] {
			a.seen[d.Place()] = true
			records = append(records, golden(a, "insert.json", "${place}", d.Place(), "${sequence}", strconv.Itoa(1000+len(records))))
		}
	}
	if records == nil {
		return nil
	}
	return batch(records...)
}

// message is the event of one message, as Lambda sends it.
func message(t *testing.T, id, body string) string {
	t.Helper()
	return golden(t, "message.json", "${id}", id, "${body}", body)
}

func golden(t testing.TB, name string, replace ...string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(replace...).Replace(string(raw))
}

// batch is an event with records.
func batch(records ...string) json.RawMessage {
	return json.RawMessage(`{"Records":[` + strings.Join(records, ",") + `]}`)
}

// invoke returns the items that the function reports as failed.
func (a *aws) invoke(f *lambdatest.Function, event json.RawMessage) (failed []string) {
	a.Helper()
	payload, err := f.Invoke(a, event)
	if err != nil {
		a.Fatal(err)
	}
	var answer struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	if err := json.Unmarshal(payload, &answer); err != nil || answer.BatchItemFailures == nil {
		a.Fatalf("answered %s, no list of what failed: %v", payload, err)
	}
	for _, f := range answer.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}

// deliver gives one message to the function, as Lambda does: it is deleted when the function does
// not report it. It returns its text, "" when none has come.
func (a *aws) deliver(f *lambdatest.Function) string {
	a.Helper()
	m := a.queue.Take(a, a.queue.URL, time.Second)
	if m == nil {
		return ""
	}
	if len(a.invoke(f, batch(message(a.T, *m.MessageId, *m.Body)))) == 0 {
		a.queue.Delete(a, m)
	}
	return *m.Body
}

// workUntilDone gives messages to the function until a piece of work is done, and what is left of them.
func (a *aws) workUntilDone(work *lambdatest.Function, place string) {
	a.Helper()
	done := false
	for deadline := time.Now().Add(time.Minute); !done && time.Now().Before(deadline); {
		a.deliver(work)
		_, err := a.Core.Catalog.DueAt(a.Context(), place)
		done = registry.KindOf(err) == registry.NotFound
	}
	for a.deliver(work) != "" {
	}
	if !done {
		a.Error("the message did not come again")
	}
}

// take takes the message of a piece of work of the kind.
func (a *aws) take(kind catalog.DueKind) *types.Message {
	a.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		m := a.queue.Take(a, a.queue.URL, time.Second)
		if m == nil {
			continue
		}
		if d, err := a.Core.Catalog.DueAt(a.Context(), *m.Body); err != nil {
			a.Fatal(err)
		} else if d.Kind == kind {
			return m
		}
	}
	a.Fatalf("no message of work of the kind %s has come", kind)
	return nil
}

// throttledTable is a DynamoDB that turns everything away, until it is told not to.
func (a *aws) throttledTable() (endpoint string, throttled *atomic.Bool) {
	a.Helper()
	throttled = &atomic.Bool{}
	throttled.Store(true)
	return a.beforeTable(func(w http.ResponseWriter, _ *http.Request) (answered bool) {
		if throttled.Load() {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}`)
		}
		return throttled.Load()
	}), throttled
}

// holdingDeletes is a DynamoDB that keeps requests waiting which strike work off the list; each is
// told.
func (a *aws) holdingDeletes() (endpoint string, held <-chan struct{}) {
	a.Helper()
	told := make(chan struct{})
	var once sync.Once
	return a.beforeTable(func(_ http.ResponseWriter, r *http.Request) (answered bool) {
		raw, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(raw))
		if strikesOff(raw) {
			once.Do(func() { close(told) })
			<-r.Context().Done()
		}
		return err != nil || r.Context().Err() != nil
	}), told
}

// beforeTable stands before DynamoDB, and answers what it wants to.
func (a *aws) beforeTable(answers func(http.ResponseWriter, *http.Request) bool) (endpoint string) {
	a.Helper()
	server, err := url.Parse(a.env[tableAt])
	if err != nil {
		a.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(server)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answers(w, r) {
			pass.ServeHTTP(w, r)
		}
	}))
	a.Cleanup(proxy.Close)
	return proxy.URL
}

// strikesOff reports whether a request deletes from the list.
func strikesOff(raw []byte) bool {
	type operation struct {
		Delete struct{ Key map[string]struct{ S string } }
	}
	var request struct{ TransactItems []operation }
	err := json.Unmarshal(raw, &request)
	return err == nil && slices.ContainsFunc(request.TransactItems, func(op operation) bool {
		return op.Delete.Key[dynamo.PartitionKey].S == catalog.DuePartition
	})
}

func (a *aws) send(body string) error {
	_, err := a.queue.Client.SendMessage(a.Context(), &sqs.SendMessageInput{QueueUrl: &a.queue.URL, MessageBody: &body})
	return err
}
