// Command boxvault publishes and fetches Vagrant boxes, and runs the registry that keeps them.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/boxvault/boxvault/cmd/boxvault/internal/cli"
	"github.com/boxvault/boxvault/functions/core"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the program at once.
	context.AfterFunc(ctx, stop)
	app := cli.System(core.Version)
	app.More = append(app.More, newServeCmd(app.Version), newRotateKeysCmd())
	os.Exit(app.Run(ctx, os.Args[1:]))
}
