package queue_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/boxvault/boxvault/shared/queue"
	"github.com/boxvault/boxvault/shared/queue/queuetest"
)

// request is what SQS was asked.
type request struct {
	target string

	QueueURL     string `json:"QueueUrl"`
	MessageBody  string
	DelaySeconds int
}

// recorded opens the queue over a proxy that tells what is asked.
func recorded(t *testing.T, q *queuetest.Queue) (*queue.Queue, <-chan request) {
	t.Helper()
	server, err := url.Parse(q.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	asked, pass := make(chan request, 10), httputil.NewSingleHostReverseProxy(server)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		got := request{target: r.Header.Get("X-Amz-Target")}
		if err := errors.Join(err, json.Unmarshal(raw, &got)); err != nil {
			t.Errorf("SQS is asked %q: %v", raw, err)
		}
		asked <- got
		r.Body = io.NopCloser(bytes.NewReader(raw))
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	o := q.Client.Options()
	o.BaseEndpoint = &proxy.URL
	return queue.Open(sqs.New(o), q.URL), asked
}

func TestAMessageComesWhenItIsTime(t *testing.T) {
	server := queuetest.New(t, time.Minute, 3)
	q, _ := recorded(t, server)
	send := func(message string, at time.Time) {
		t.Helper()
		if err := q.Send(t.Context(), message, at); err != nil {
			t.Fatal(err)
		}
	}
	later := time.Now().Add(1500 * time.Millisecond)
	send("later", later)
	send("now", time.Now())
	send("an hour ago", time.Now().Add(-time.Hour))
	got := map[string]time.Time{}
	for range 3 {
		m := server.Take(t, server.URL, 10*time.Second)
		if m == nil {
			t.Fatalf("of three messages came %v", got)
		}
		got[*m.Body] = time.Now()
		server.Delete(t, m)
	}
	if at := got["later"]; at.Before(later) {
		t.Errorf("it came %v too early", later.Sub(at))
	}
	if len(got) != 3 {
		t.Errorf("got %v", got)
	}
}

func TestADelayIsInWholeSecondsAndNoMoreThanSQSTakes(t *testing.T) {
	server := queuetest.New(t, time.Minute, 3)
	q, asked := recorded(t, server)
	now := time.Date(2027, 1, 2, 3, 4, 5, 678e6, time.UTC)
	q.Now = func() time.Time { return now }
	for left, seconds := range map[time.Duration]int{
		-time.Hour: 0, 0: 0, time.Millisecond: 1, time.Second: 1, 1001 * time.Millisecond: 2,
		14*time.Minute + 59500*time.Millisecond: 900, 15 * time.Minute: 900, 15*time.Minute + 1: 900, 1e6 * time.Hour: 900,
	} {
		if err := q.Send(t.Context(), "a place", now.Add(left)); err != nil {
			t.Fatal(err)
		}
		if want := (request{"AmazonSQS.SendMessage", server.URL, "a place", seconds}); want != <-asked {
			t.Errorf("%v ahead SQS was not asked %+v", left, want)
		}
	}
}

func TestAQueueThatIsNotThereIsTold(t *testing.T) {
	server := queuetest.New(t, time.Minute, 3)
	if err := queue.Open(server.Client, server.URL+"-other").Send(t.Context(), "a place", time.Now()); err == nil {
		t.Error("a message was sent to nowhere")
	}
}
