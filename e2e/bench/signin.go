package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// crowd is how many clients ask for metadata, and how many sign in.
const crowd = 8

// signInRounds is how often metadata alone and metadata beside sign-ins are measured, in turn.
const signInRounds = 5

// signIn measures what sign-ins at full load leave of the metadata's latency.
func (b *bench) signIn() error {
	r, err := b.serve("sign-in")
	if err != nil {
		return err
	}
	if err := r.fill("box", 1, []string{"virtualbox"}, []string{"amd64"}); err != nil {
		return err
	}
	var alone, beside latencies
	signIns := 0
	for range signInRounds {
		some, _, err := r.readMetadata(0)
		if err != nil {
			return err
		}
		alone = append(alone, some)
		some, n, err := r.readMetadata(crowd)
		if err != nil {
			return err
		}
		beside, signIns = append(beside, some), signIns+n
	}
	peak, _ := r.stop()
	say(fmt.Sprintf("metadata, 1 version, c=%d, alone", crowd), alone.String(), "p50 / p99, medians of "+fmt.Sprint(signInRounds))
	say(fmt.Sprintf("  while %d clients sign in", crowd), beside.String(),
		fmt.Sprintf("%.0f sign-ins/s", float64(signIns)/signInRounds/loadTime.Seconds()))
	say("  ratio of p99s, and peak memory", fmt.Sprintf("%.2f, %s", ratio(beside.at(99), alone.at(99)), mib(peak)), "goal: at most 3")
	return nil
}

// readMetadata asks for metadata with a crowd, and lets others sign in meanwhile.
func (r *registry) readMetadata(signingIn int) (times []time.Duration, signIns int, err error) {
	end := time.Now().Add(loadTime)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed []error
	work := func(do func() ([]time.Duration, error), done func([]time.Duration)) {
		wg.Go(func() {
			some, err := do()
			mu.Lock()
			defer mu.Unlock()
			done(some)
			failed = append(failed, err)
		})
	}
	for range crowd {
		work(func() ([]time.Duration, error) {
			return r.repeat(end, func(c *client, _ int) ([]byte, int) {
				return c.request("GET", "/org/box", ""), http.StatusOK
			})
		}, func(some []time.Duration) { times = append(times, some...) })
	}
	for range signingIn {
		work(func() ([]time.Duration, error) {
			return r.repeat(end, func(c *client, n int) ([]byte, int) { return c.signIn(n) })
		}, func(some []time.Duration) { signIns += len(some) })
	}
	wg.Wait()
	return times, signIns, errors.Join(failed...)
}

// signIn is a right or a wrong attempt by turns. The wrong ones are of a name of their own each: more
// than a few for one account are slowed down.
func (c *client) signIn(n int) (request []byte, want int) {
	const path, body = "/api/auth/signin", `{"username":%q,"password":"a long password"}`
	if n%2 == 0 {
		return c.request("POST", path, fmt.Sprintf(body, "bench")), http.StatusOK
	}
	return c.request("POST", path, fmt.Sprintf(body, fmt.Sprintf("nobody-%d", rand.Int64()))), http.StatusUnauthorized
}

// repeat sends requests over one connection until the end, and tells how long each took.
func (r *registry) repeat(end time.Time, next func(c *client, n int) (request []byte, want int)) (times []time.Duration, err error) {
	c, err := r.dial("")
	if err != nil {
		return nil, err
	}
	defer c.close()
	for n := 0; time.Now().Before(end); n++ {
		request, want := next(c, n)
		status, took, err := c.ask(request)
		switch {
		case err != nil:
			return times, err
		case status != want:
			return times, refused(request, status)
		}
		times = append(times, took)
	}
	return times, nil
}

// latencies are the times of requests in several rounds.
type latencies [][]time.Duration

// at is the median of the rounds' percentiles.
func (l latencies) at(percent int) time.Duration {
	var each []time.Duration
	for _, times := range l {
		each = append(each, percentile(times, percent))
	}
	return median(each)
}

func (l latencies) String() string { return both(l.at(50), l.at(99)) }

func percentile(times []time.Duration, percent int) time.Duration {
	slices.Sort(times)
	return times[min(len(times)*percent/100, len(times)-1)]
}

func both(one, other time.Duration) string { return millis(one) + " / " + millis(other) + " ms" }

func millis(d time.Duration) string { return fmt.Sprintf("%.3g", d.Seconds()*1e3) }

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }
