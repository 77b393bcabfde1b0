package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// send sends parts, several at once. The first that cannot be sent ends it.
func (p *push) send(ctx context.Context, u api.Upload, missing []part) error {
	links := newLinks(u.URLs, missing, func(ctx context.Context, numbers []int) ([]api.PartURL, error) {
		return p.c.SignParts(ctx, p.target, u.ID, numbers)
	})
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(p.parallel)
	for _, part := range missing {
		group.Go(func() error {
			if err := p.sendPart(ctx, links, part); err != nil {
				return fmt.Errorf("part %d: %w", part.number, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// maxRefused is how many URLs of a part may be refused: any can have expired, but when new ones are
// refused as well the fault is another.
const maxRefused = 3

func (p *push) sendPart(ctx context.Context, links *links, part part) error {
	refused := 0
	return p.c.persist(ctx, transferAttempts, func(ctx context.Context) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		link, err := links.take(ctx, part.number)
		if err != nil {
			return err
		}
		resp, err := p.putPart(ctx, link.URL, part)
		if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
			return err
		}
		links.drop(link)
		if refused++; refused == maxRefused {
			return err
		}
		return &transient{err: err, after: time.Millisecond}
	})
}

// putPart sends a part once. The response is there, without its body, when there was one.
func (p *push) putPart(ctx context.Context, url string, part part) (*http.Response, error) {
	watched, alive, stop := p.c.watch(ctx)
	defer stop()
	body := &metered{r: io.NewSectionReader(p.file, part.offset, part.size), moved: func(n int64) {
		alive()
		p.progress.Moved(n)
	}}
	req, err := http.NewRequestWithContext(watched, http.MethodPut, url, body)
	if err != nil {
		return nil, err
	}
	req.ContentLength = part.size
	req.Header.Set("User-Agent", p.c.userAgent)
	// A URL that has expired is then refused before the bytes are on their way.
	req.Header.Set("Expect", "100-continue")
	resp, err := p.c.transfer(ctx, req)
	if err != nil {
		body.undo()
		return resp, cmp.Or(p.file.unchanged(), err)
	}
	return resp, resp.Body.Close()
}

// slowestPoll is the number of the pause, of those between attempts, that questions after a file's
// verification settle at: with the standard ones, a second or two.
const slowestPoll = 3

// complete has the registry make a file of the parts, and waits until it has read it.
func (p *push) complete(ctx context.Context, u api.Upload, sum string) (api.Upload, error) {
	p.progress.Enter(Verifying, p.file.size, 0)
	u, err := p.c.CompleteUpload(ctx, p.target, u.ID, api.CompleteUpload{Checksum: sum})
	err = mismatch(err, sum)
	for attempt := 1; err == nil && u.File == nil; attempt++ {
		switch registry.UploadState(u.State) {
		case registry.UploadFailed:
			return u, registry.Errorf(registry.BadUpload, "%s", u.Failure)
		case registry.UploadOpen:
			return u, registry.Errorf(registry.BadUpload, "the registry could not put the parts together")
		}
		if err = pause(ctx, p.c.backoff(min(attempt, slowestPoll))); err == nil {
			u, err = p.c.Upload(ctx, p.target, u.ID)
		}
	}
	return u, err
}

// mismatch words the registry's refusal of bytes that are not the file's.
func mismatch(err error, want string) error {
	var refused *registry.Error
	if errors.As(err, &refused) {
		if got, ok := refused.Details["computed"].(string); ok {
			return &ChecksumError{What: "what arrived", Got: got, Want: want, Done: "nothing was stored"}
		}
	}
	return err
}

// sortedNumbers are the numbers of parts, in order.
func sortedNumbers(parts []part) []int {
	numbers := make([]int, len(parts))
	for i, p := range parts {
		numbers[i] = p.number
	}
	slices.Sort(numbers)
	return numbers
}
