package client

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/boxvault/boxvault/shared/api"
)

const (
	// signBatch is how many part URLs are asked for at once: enough to make the call rare, few
	// enough that they are used before they expire.
	signBatch = 100
	// spare is how long a URL must still be valid to be used.
	spare = time.Minute
)

// links hands out the URLs of an upload's parts, and fetches new ones when there is none for a
// part, or none that lasts.
type links struct {
	sign func(ctx context.Context, numbers []int) ([]api.PartURL, error)

	mu    sync.Mutex
	urls  map[int]api.PartURL
	parts []int // the numbers of all parts to send, ascending
	// wrongClock is set when URLs have expired at birth by this machine's clock: it is of no use.
	wrongClock bool
}

func newLinks(urls []api.PartURL, missing []part, sign func(context.Context, []int) ([]api.PartURL, error)) *links {
	l := &links{sign: sign, urls: map[int]api.PartURL{}, parts: sortedNumbers(missing)}
	l.add(urls)
	return l
}

// take returns a URL for part n.
func (l *links) take(ctx context.Context, n int) (api.PartURL, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.good(n) {
		return l.urls[n], nil
	}
	fresh, err := l.sign(ctx, l.batch(n))
	if err != nil {
		return api.PartURL{}, err
	}
	l.add(fresh)
	link, ok := l.urls[n]
	if !ok {
		return link, fmt.Errorf("the registry gave no URL for part %d", n)
	}
	l.wrongClock = l.wrongClock || !l.good(n)
	return link, nil
}

// drop forgets a URL that was refused, and those that are as old.
func (l *links) drop(refused api.PartURL) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n, link := range l.urls {
		if !link.ExpiresAt.After(refused.ExpiresAt) {
			delete(l.urls, n)
		}
	}
}

func (l *links) add(urls []api.PartURL) {
	for _, link := range urls {
		l.urls[link.PartNumber] = link
	}
}

func (l *links) good(n int) bool {
	link, ok := l.urls[n]
	return ok && (l.wrongClock || time.Until(link.ExpiresAt) > spare)
}

// batch is part n with those after it that have no good URL either.
func (l *links) batch(n int) (numbers []int) {
	for _, m := range l.parts {
		if m >= n && len(numbers) < signBatch && !l.good(m) {
			numbers = append(numbers, m)
		}
	}
	return numbers
}
