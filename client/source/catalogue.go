package source

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/registry"
)

// catalogue is a metadata document as Vagrant reads it, on the web or on disk. It has one box.
// Source of the fields: vagrant-protocol §3.3.
type catalogue struct {
	where string
	// private is set when not everyone may read the document.
	private bool
	c       *client.Client
	read    func(context.Context) (document, error)
}

func openCatalogue(o Options) (Source, error) {
	base, read := "http://localhost", readCatalogue // a catalogue on disk has no host that a token is for
	if onTheWeb(o.From) {
		u, err := url.Parse(o.From)
		if err != nil {
			return nil, fmt.Errorf("the source's URL: %w", err)
		}
		base, read = u.Scheme+"://"+u.Host, fetchCatalogue
	}
	c, err := client.New(base, o.Getenv(tokenVariable), o.Client...)
	if err != nil {
		return nil, err
	}
	k := &catalogue{where: o.From, c: c, private: !onTheWeb(o.From) || o.Getenv(tokenVariable) != ""}
	var once sync.Mutex
	var known *document
	k.read = func(ctx context.Context) (document, error) {
		once.Lock()
		defer once.Unlock()
		if known != nil {
			return *known, nil
		}
		d, err := read(ctx, c, o.From)
		if err == nil {
			known = &d
		}
		return d, err
	}
	return k, nil
}

func fetchCatalogue(ctx context.Context, c *client.Client, from string) (d document, err error) {
	in, err := c.Open(ctx, at(from)(), 0)
	if err != nil {
		return d, err
	}
	defer in.Close()
	return parseCatalogue(in, from)
}

func readCatalogue(_ context.Context, _ *client.Client, path string) (d document, err error) {
	f, err := os.Open(path)
	if err != nil {
		return d, err
	}
	defer f.Close()
	return parseCatalogue(f, path)
}

func parseCatalogue(r io.Reader, from string) (d document, err error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if err == nil && len(raw) > maxAnswer {
		err = fmt.Errorf("it has more than %d MiB", maxAnswer>>20)
	}
	if err == nil {
		err = json.Unmarshal(raw, &d)
	}
	if err == nil && d.Name == "" {
		err = fmt.Errorf("it names no box")
	}
	if err != nil {
		return d, fmt.Errorf("read the catalogue %s: %w", from, err)
	}
	return d, nil
}

func (k *catalogue) Boxes(ctx context.Context, organization string) ([]string, error) {
	d, err := k.read(ctx)
	if err != nil {
		return nil, err
	}
	of, name := d.names()
	if of != "" && !registry.SameName(of, organization) {
		return nil, registry.Errorf(registry.NotFound, "the catalogue is that of %s: import that, --to %s", d.Name, organization)
	}
	return []string{name}, nil
}

func (k *catalogue) Box(ctx context.Context, organization, name string) (Box, error) {
	d, err := k.read(ctx)
	if err != nil {
		return Box{}, err
	}
	if of, box := d.names(); of != "" && !registry.SameName(of, organization) || !registry.SameName(box, name) {
		return Box{}, registry.Errorf(registry.NotFound, "the catalogue is that of %s: import that, --to %s/%s", d.Name, organization, name)
	}
	box := Box{
		Organization: organization, Name: name, Private: k.private,
		Description: cmp.Or(d.Markdown, d.Description), ShortDescription: d.ShortDescription,
	}
	for _, from := range d.Versions {
		v := Version{Number: from.Version, Status: statusOf(from.Status), Description: cmp.Or(from.Markdown, from.Description)}
		for _, p := range from.Providers {
			v.Files = append(v.Files, k.file(p))
		}
		box.Versions = append(box.Versions, v)
	}
	return box, nil
}

func (k *catalogue) file(p documentProvider) File {
	f := File{
		Provider: p.Name, Architecture: known(p.Architecture), Default: p.Default, Size: sizeOf(p.FileSize),
		Checksum: p.Checksum, ChecksumType: p.ChecksumType,
	}
	link, err := k.resolve(p.URL)
	f.Broken = err
	return f.web(k.c, at(link))
}

// resolve makes a link absolute that is relative to the document.
func (k *catalogue) resolve(link string) (string, error) {
	to, err := url.Parse(strings.TrimSpace(link))
	if err != nil || link == "" {
		return "", registry.Errorf(registry.Invalid, "the catalogue has no link to the file")
	}
	if base, err := url.Parse(k.where); err == nil && onTheWeb(k.where) {
		to = base.ResolveReference(to)
	}
	if !to.IsAbs() {
		return "", registry.Errorf(registry.Invalid, "the link to the file is relative, and the catalogue is not on the web")
	}
	if !onTheWeb(to.String()) {
		return "", registry.Errorf(registry.Invalid, "the link to the file begins with %q: only http:// and https:// are followed", to.Scheme+":")
	}
	return to.String(), nil
}

// document is what is read of a catalogue.
type document struct {
	Name             string
	Description      string
	ShortDescription string `json:"short_description"`
	Markdown         string `json:"description_markdown"`
	Versions         []struct {
		Version     string
		Status      string
		Description string
		Markdown    string `json:"description_markdown"`
		Providers   []documentProvider
	}
}

type documentProvider struct {
	Name         string
	URL          string
	Checksum     string
	ChecksumType string `json:"checksum_type"`
	Architecture string
	Default      bool            `json:"default_architecture"`
	FileSize     json.RawMessage // BoxVault's own
}

// names are the organization and the box; the organization is empty when the document names none.
func (d document) names() (organization, box string) {
	organization, box, both := strings.Cut(d.Name, "/")
	if !both {
		return "", d.Name
	}
	return organization, box
}
