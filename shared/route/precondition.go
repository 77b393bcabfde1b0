package route

import (
	"context"
	"net/http"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

type ifMatchKey struct{}

// withIfMatch puts the request's If-Match, if it has one, where IfMatch finds it.
func withIfMatch(ctx context.Context, r *http.Request) context.Context {
	if header := r.Header.Get("If-Match"); header != "" {
		return context.WithValue(ctx, ifMatchKey{}, header)
	}
	return ctx
}

// IfMatch returns an error of kind Outdated when the request has an If-Match that does not name the
// revision of the record. A handler calls it with the record that it read and is about to write. The
// write is conditional on that same revision, so nothing comes between the two.
func IfMatch(ctx context.Context, record Revised) error {
	header, _ := ctx.Value(ifMatchKey{}).(string)
	if header == "" || namesRevision(header, record.Stamp()) {
		return nil
	}
	return outdated()
}

func outdated() error {
	return registry.Errorf(registry.Outdated, "it has changed since it was read: read it again, and decide anew")
}

// namesRevision reports whether one of the ETags in an If-Match is of the revision. RFC 9110 (13.1.1)
// wants a strong comparison; ours are strong, and a proxy that compresses marks them as weak, so the
// mark is passed over.
func namesRevision(header, stamp string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		of, _, _ := strings.Cut(strings.Trim(candidate, `"`), "-")
		if candidate == "*" || of == stamp {
			return true
		}
	}
	return false
}

// overtaken turns the clash of two changes at once into what the client asked to be told about it:
// with If-Match, that the record has changed, which it then has.
func overtaken(ctx context.Context, err error) error {
	if ctx.Value(ifMatchKey{}) != nil && registry.Retryable(err) {
		return outdated()
	}
	return err
}
