package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"

	"github.com/boxvault/boxvault/shared/catalog"
)

// Run opens a registry, says on out where it is and what to do next, and serves until the context
// ends.
func Run(ctx context.Context, o Options, out io.Writer) (err error) {
	r, err := Open(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := r.greet(ctx, out); err != nil {
		return err
	}
	if err := r.Serve(ctx); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (r *Registry) greet(ctx context.Context, out io.Writer) error {
	data, err := filepath.Abs(r.options.Data)
	if err != nil {
		return err
	}
	at := r.url
	if r.options.URL != "" {
		at += ", listening on " + r.listener.Addr().String()
	}
	fmt.Fprintf(out, "boxvault is at %s\ndata is in %s\n", at, data)
	if r.certificate != nil {
		greetCertificate(out, r.certificate.Config())
	}
	c := catalog.Catalog{Store: r.items, Now: r.options.Now}
	used, err := c.HasAccounts(ctx)
	if err == nil && !used {
		fmt.Fprintf(out, firstSteps, r.options.Command, r.url)
	}
	return err
}

const firstSteps = `
Nobody has signed up yet. The first account becomes the platform admin. Make it, publish a box and
add it:

  %[1]s signup %[2]s
  %[1]s org create myorg
  %[1]s push myorg/debian12 1.0.0 debian12.box --public
  vagrant box add %[2]s/myorg/debian12

`
