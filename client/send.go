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

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// links hands out the URLs of the parts that are missing of an upload.
func (p *upload) links(u api.Upload, missing []part) *links {
	return newLinks(u.URLs, missing, func(ctx context.Context, numbers []int) ([]api.PartURL, error) {
		return p.c.SignParts(ctx, p.target, u.ID, numbers)
	})
}

// maxRefused is how many URLs of a part may be refused: any can have expired, but when new ones are
// refused as well the fault is another.
const maxRefused = 3

// sendPart sends a part until it has arrived.
func (p *upload) sendPart(ctx context.Context, links *links, part part, content io.ReaderAt) error {
	refused := 0
	err := p.c.persist(ctx, transferAttempts, func(ctx context.Context) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		link, err := links.take(ctx, part.number)
		if err != nil {
			return err
		}
		resp, err := p.putPart(ctx, link.URL, part, content)
		if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
			return err
		}
		links.drop(link)
		if refused++; refused == maxRefused {
			return err
		}
		return &transient{err: err, after: time.Millisecond}
	})
	if err != nil {
		return fmt.Errorf("part %d: %w", part.number, err)
	}
	return nil
}

// putPart sends a part once. The response is there, without its body, when there was one.
func (p *upload) putPart(ctx context.Context, url string, part part, content io.ReaderAt) (*http.Response, error) {
	watched := p.c.watch(ctx)
	defer watched.stop()
	body := &metered{r: io.NewSectionReader(content, 0, part.size), moved: func(n int64) {
		watched.alive()
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
		return resp, cmp.Or(p.unchanged(), err)
	}
	return resp, resp.Body.Close()
}

// slowestPoll is the number of the pause, of those between attempts, that questions after a file's
// verification settle at: with the standard ones, a second or two.
const slowestPoll = 3

// complete has the registry make a file of the parts, and waits until it has read it.
func (p *upload) complete(ctx context.Context, u api.Upload, in api.CompleteUpload) (api.Upload, error) {
	p.progress.Enter(Verifying, p.file.size, 0)
	u, err := p.c.CompleteUpload(ctx, p.target, u.ID, in)
	for attempt := 1; err == nil && u.File == nil; attempt++ {
		switch registry.UploadState(u.State) {
		case registry.UploadFailed:
			return u, registry.Errorf(registry.BadUpload, "%s", u.Failure)
		case registry.UploadOpen:
			return u, registry.Errorf(registry.BadUpload, "the registry could not put the parts together")
		}
		if err = p.c.pause(ctx, p.c.backoff(min(attempt, slowestPoll))); err == nil {
			u, err = p.c.Upload(ctx, p.target, u.ID)
		}
	}
	return u, mismatch(err)
}

// mismatch words the registry's refusal of bytes that are not the file's.
func mismatch(err error) error {
	var refused *registry.Error
	if !errors.As(err, &refused) {
		return err
	}
	text := func(key string) string {
		s, _ := refused.Details[key].(string)
		return s
	}
	if text("computed") == "" {
		return err
	}
	return &ChecksumError{
		What: "what arrived", Type: text("checksumType"), Got: text("computed"), Want: text("declared"), Done: "nothing was stored",
	}
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
