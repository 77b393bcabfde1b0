package cloud

import (
	"context"
	"crypto/subtle"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/cloud/call"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/settings"
)

// viewers know requests that came through the distribution by the mark that it puts on them.
type viewers struct {
	parameters ssm
	name       string // of the parameter that has the mark
	now        func() time.Time

	mu    sync.Mutex
	mark  string
	stale time.Time // when the parameter is to be read again; zero before it was
}

// Viewers goes in front of all routes where there is a distribution, which edge (settings.Settings) tells about. API Gateway
// says that a request comes from CloudFront; with it, the request comes from who asked CloudFront. Who asks API
// Gateway directly does not know the mark, and whatever such a client says of its address is not believed.
//
// The role needs ssm:GetParameter on the parameter.
func Viewers(next http.Handler, edge string) (http.Handler, error) {
	v, err := newViewers(edge)
	if err != nil {
		return nil, err
	}
	return v.before(next), nil
}

func newViewers(edge string) (*viewers, error) {
	cfg, err := Configuration(os.Getenv)
	if err != nil {
		return nil, err
	}
	return &viewers{parameters: newSSM(cfg, Endpoint("SSM")), name: edge + settings.EdgeMark, now: time.Now}, nil
}

func (v *viewers) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mark := r.Header.Get(settings.EdgeHeader)
		r.Header.Del(settings.EdgeHeader)
		if mark != "" && v.knows(r.Context(), mark) {
			r.RemoteAddr = viewer(r)
		}
		next.ServeHTTP(w, r)
	})
}

// knows reports whether it is the mark. The parameter is read again every few minutes, as long as requests
// come that have one, right or wrong; where that fails, what is known goes on, and a first read is tried again soon.
func (v *viewers) knows(ctx context.Context, mark string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if now := v.now(); !now.Before(v.stale) {
		v.stale = now.Add(v.read(ctx))
	}
	return v.mark != "" && subtle.ConstantTimeCompare([]byte(mark), []byte(v.mark)) == 1
}

// read reads the mark, and returns for how long that is good.
func (v *viewers) read(ctx context.Context) time.Duration {
	ctx, cancel := patiently(ctx)
	defer cancel()
	text, _, err := v.parameters.get(ctx, v.name)
	if err == nil {
		v.mark = text
		return cloudfront.Fresh
	}
	slog.WarnContext(ctx, "the mark of the edge", "error", err.Error())
	if v.mark == "" && call.Code(err) != parameterNotFound {
		return keyring.Pause
	}
	return cloudfront.Fresh
}

// viewer is who asked the proxy that the request comes from, as RemoteAddr has it. What that proxy found in
// X-Forwarded-For stands before what it wrote, and is not looked at.
func viewer(r *http.Request) string {
	proxy, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	address := proxy.Addr().Unmap()
	client := route.Proxies{netip.PrefixFrom(address, address.BitLen())}.Client(r)
	return net.JoinHostPort(client.String(), "0")
}
