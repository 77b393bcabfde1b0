package source

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/registry"
)

// Type is a kind of source.
type Type string

// The types of source.
const (
	VagrantCloud Type = "vagrant-cloud"
	HCP          Type = "hcp"
	BoxVault     Type = "boxvault"
	Catalogue    Type = "catalogue"
	Folder       Type = "folder"
)

// Types are all of them.
var Types = []Type{VagrantCloud, HCP, BoxVault, Catalogue, Folder}

// tokenVariable is where the token of a source is that has no variable of its own.
const tokenVariable = "BOXVAULT_FROM_TOKEN"

// Options say which source to open.
type Options struct {
	// From is the URL of the source, or a path.
	From string
	// Type is what it is; empty: that is found out.
	Type Type
	// Version is that of box files which lie in a folder side by side.
	Version string
	// Getenv reads the environment, where tokens are: VAGRANT_CLOUD_TOKEN, HCP_CLIENT_ID and
	// HCP_CLIENT_SECRET, else BOXVAULT_FROM_TOKEN. Without one, the source shows what is public.
	Getenv func(string) string
	// Client are options for the connection.
	Client []client.Option
}

// maxAnswer is the most bytes of JSON that a source may answer with; a box of a thousand versions has two
// million.
const maxAnswer = 64 << 20

// Open makes a source ready, and tells what it is. Nothing is sent to a source whose type its URL tells,
// but for signing in.
func Open(ctx context.Context, o Options) (Source, Type, error) {
	kind := o.Type
	o.Client = append(o.Client[:len(o.Client):len(o.Client)], client.WithMaxAnswer(maxAnswer))
	var err error
	if _, missing := os.Stat(o.From); missing != nil && !strings.Contains(o.From, "://") && kind != Folder && kind != Catalogue {
		if strings.ContainsRune(o.From, os.PathSeparator) {
			return nil, "", missing
		}
		if o.From, err = client.ParseURL(o.From); err != nil {
			return nil, "", err
		}
	}
	if kind == "" {
		if kind, err = detect(ctx, o); err != nil {
			return nil, "", err
		}
	}
	s, err := open(ctx, kind, o)
	return s, kind, err
}

func open(ctx context.Context, kind Type, o Options) (Source, error) {
	switch kind {
	case VagrantCloud:
		return openVagrantCloud(o)
	case HCP:
		return openHCP(ctx, o)
	case BoxVault:
		return openBoxVault(o)
	case Catalogue:
		return openCatalogue(o)
	case Folder:
		return openFolder(o)
	}
	return nil, fmt.Errorf("there is no type of source %q: it is one of %v", kind, Types)
}

// detect finds out what a source is: by its name if that tells, or else by asking.
func detect(ctx context.Context, o Options) (Type, error) {
	if !onTheWeb(o.From) {
		return detectLocal(o.From)
	}
	u, err := url.Parse(o.From)
	if err != nil {
		return "", fmt.Errorf("the source's URL: %w", err)
	}
	path := strings.TrimRight(u.Path, "/")
	switch kind := hashicorps(o.From); {
	case kind != "":
		return kind, nil
	case strings.HasSuffix(path, hcpAPI):
		return HCP, nil
	case strings.HasSuffix(path, ".json"):
		return Catalogue, nil
	case strings.HasSuffix(path, "/api/v1"), strings.HasSuffix(path, "/api/v2"):
		return VagrantCloud, nil
	}
	return ask(ctx, o)
}

func detectLocal(path string) (Type, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", err
	case info.IsDir():
		return Folder, nil
	}
	return Catalogue, nil
}

// ask asks a server what it is, as a stranger. One that is no BoxVault, and has no catalogue at the URL, is
// taken for one that speaks the Vagrant Cloud API.
func ask(ctx context.Context, o Options) (Type, error) {
	if c, err := client.New(o.From, "", o.Client...); err == nil { // a URL with a query is no registry's
		found, err := isBoxVault(ctx, c)
		if found || err != nil {
			return BoxVault, err
		}
	}
	anonymous := o
	anonymous.Getenv = func(string) string { return "" }
	k, err := openCatalogue(anonymous)
	if err != nil {
		return "", err
	}
	if _, err := k.(*catalogue).read(ctx); err == nil {
		return Catalogue, nil
	}
	return VagrantCloud, ctx.Err()
}

// hashicorps is what HashiCorp runs at a URL; empty when it is none of theirs.
func hashicorps(from string) Type {
	u, err := url.Parse(from)
	if err != nil {
		return ""
	}
	switch host := strings.ToLower(u.Hostname()); {
	case host == "vagrantcloud.com", strings.HasSuffix(host, ".vagrantcloud.com"), strings.HasSuffix(host, ".vagrantup.com"):
		return VagrantCloud
	case host == "api.cloud.hashicorp.com", strings.HasPrefix(host, "api.cloud.") && strings.HasSuffix(host, ".hashicorp.com"):
		return HCP
	}
	return ""
}

func onTheWeb(from string) bool {
	lower := strings.ToLower(from)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

// unreachable keeps of an error only that nobody could be talked to, or that the caller gave up.
func unreachable(err error) error {
	var e *client.Unreachable
	if errors.As(err, &e) || errors.Is(err, context.Canceled) || registry.KindOf(err) == registry.RateLimited {
		return err
	}
	return nil
}
