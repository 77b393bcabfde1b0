package client_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// A box file is published and fetched again.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	url, stop := run(filepath.Join(dir, "data"))
	defer stop()

	ctx := context.Background()
	c, err := client.New(url, "")
	if err != nil {
		log.Fatal(err)
	}
	if err := account(ctx, c); err != nil {
		log.Fatal(err)
	}

	file := filepath.Join(dir, "debian12.box")
	if err := os.WriteFile(file, []byte("stands for the bytes of a box"), 0o644); err != nil {
		log.Fatal(err)
	}
	target := registry.Target{
		Organization: "acme", Box: "debian12", Version: "1.2.0",
		Provider: "virtualbox", Architecture: "amd64",
	}
	pushed, err := c.Push(ctx, client.PushOptions{Target: target, Path: file})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("pushed", pushed.File.FileSize, "bytes")

	// The version, the provider and the architecture are chosen.
	newest := registry.Target{Organization: "acme", Box: "debian12"}
	pulled, err := c.Pull(ctx, client.PullOptions{Target: newest, Path: filepath.Join(dir, "copy.box")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("pulled", pulled.Target.Version, "for", pulled.Target.Provider)

	_, err = c.Box(ctx, "acme", "debian13")
	if registry.KindOf(err) == registry.NotFound {
		fmt.Println(err)
	}
	// Output:
	// pushed 29 bytes
	// pulled 1.2.0 for virtualbox
	// box not found
}

// account makes an account with an organization and a box, and signs in.
func account(ctx context.Context, c *client.Client) error {
	const password = "correct horse battery"
	_, err := c.SignUp(ctx, api.SignUp{Username: "ada", Email: "ada@example.com", Password: password})
	if err != nil {
		return err
	}
	if _, err := c.SignIn(ctx, api.SignIn{Username: "ada", Password: password}); err != nil {
		return err
	}
	organization, box := "acme", "debian12"
	if _, err := c.CreateOrganization(ctx, api.OrganizationInput{Name: &organization}); err != nil {
		return err
	}
	_, err = c.EnsureBox(ctx, organization, api.BoxInput{Name: &box})
	return err
}

// run runs a registry in this process.
func run(data string) (url string, stop func()) {
	r, err := embedded.Open(embedded.Options{Addr: "127.0.0.1:0", Data: data})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := r.Serve(ctx); err != nil && err != http.ErrServerClosed {
			log.Print(err)
		}
	}()
	return r.URL(), func() {
		cancel()
		<-ended
		r.Close()
	}
}
