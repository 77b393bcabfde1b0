package dynamo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
)

// proxy stands between the store and a real server and does what only DynamoDB itself does to a
// request: answers get lost, transactions clash, batches come back in part.
type proxy struct {
	server http.Handler

	mu   sync.Mutex
	seen []request
	// faults are taken one per request; when there are none left, requests pass.
	faults []fault
}

// request is one that came to the proxy.
type request struct {
	action string // PutItem, Query, …
	body   string
}

// fault answers a request; pass has the server answer it.
type fault func(w http.ResponseWriter, r *http.Request, pass http.Handler)

// behindProxy makes an empty store whose requests go through a proxy, and its twin, whose
// requests do not.
func behindProxy(t *testing.T) (store, direct *dynamo.Store, p *proxy) {
	t.Helper()
	client := dynamotest.Client(t)
	server, err := url.Parse(aws.ToString(client.Options().BaseEndpoint))
	if err != nil {
		t.Fatal(err)
	}
	p = &proxy{server: httputil.NewSingleHostReverseProxy(server)}
	front := httptest.NewServer(p)
	t.Cleanup(front.Close)
	through := dynamodb.New(client.Options(), func(o *dynamodb.Options) {
		o.BaseEndpoint = aws.String(front.URL)
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	})
	table := dynamotest.NewTable(t, client)
	return dynamo.Open(through, table), dynamo.Open(client, table), p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")

	p.mu.Lock()
	p.seen = append(p.seen, request{action, string(body)})
	next := fault(func(w http.ResponseWriter, r *http.Request, pass http.Handler) { pass.ServeHTTP(w, r) })
	if len(p.faults) > 0 {
		next, p.faults = p.faults[0], p.faults[1:]
	}
	p.mu.Unlock()
	next(w, r, p.server)
}

// inject has the next requests meet these faults, and forgets those before.
func (p *proxy) inject(faults ...fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.seen = faults, nil
}

func (p *proxy) requests() []request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// wantUsed makes sure that every fault was met.
func (p *proxy) wantUsed(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.faults) > 0 {
		t.Errorf("%d faults were not met; the requests were %.60v", len(p.faults), p.seen)
	}
}

// loseAnswer lets the server do the request and cuts the connection before the answer.
func loseAnswer(_ http.ResponseWriter, r *http.Request, pass http.Handler) {
	pass.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// failAfter lets the server do the request and answers that it failed, as DynamoDB may.
func failAfter(w http.ResponseWriter, r *http.Request, pass http.Handler) {
	pass.ServeHTTP(httptest.NewRecorder(), r)
	answer(http.StatusInternalServerError, "InternalServerError", nil)(w, r, pass)
}

// loseRequest cuts the connection before the server sees anything.
func loseRequest(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }

// answer refuses a request with an error of DynamoDB's, which may have further members.
func answer(status int, code string, members map[string]any) fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		body := map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#" + code, "message": "injected"}
		for name, value := range members {
			body[name] = value
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
}

// cancelled is what a transaction of as many operations as reasons is answered with.
func cancelled(reasons ...string) fault {
	list := make([]map[string]string, len(reasons))
	for i, code := range reasons {
		list[i] = map[string]string{"Code": code}
	}
	return answer(http.StatusBadRequest, "TransactionCanceledException", map[string]any{"CancellationReasons": list})
}

// leaveOut lets the server answer a BatchGetItem for the first few keys and hands the others back
// as not processed.
func leaveOut(processed int) fault {
	return func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		var ask struct {
			RequestItems map[string]struct {
				Keys           []any
				ConsistentRead bool
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
			panic(err)
		}
		rest := map[string]any{}
		for table, items := range ask.RequestItems {
			rest[table] = map[string]any{"Keys": items.Keys[processed:], "ConsistentRead": items.ConsistentRead}
			items.Keys = items.Keys[:processed]
			ask.RequestItems[table] = items
		}
		got := map[string]any{"Responses": map[string]any{}}
		if processed > 0 {
			got = forward(r, ask, pass)
		}
		got["UnprocessedKeys"] = rest
		_ = json.NewEncoder(w).Encode(got)
	}
}

// forward sends another body to the server and decodes what it answers.
func forward(r *http.Request, body any, pass http.Handler) (got map[string]any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(text))
	r.ContentLength = int64(len(text))
	rec := httptest.NewRecorder()
	pass.ServeHTTP(rec, r)
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusOK {
		panic(fmt.Sprint(rec.Code, rec.Body, err))
	}
	return got
}
