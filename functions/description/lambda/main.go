// Command lambda answers the rows of description on AWS.
package main

import (
	"log/slog"
	"os"
	"time"

	aws "github.com/aws/aws-lambda-go/lambda"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/description"
	"github.com/boxvault/boxvault/shared/gateway"
	"github.com/boxvault/boxvault/shared/settings"
)

// The rows need neither records nor files: without the clients of both, which core/lambda links,
// Swagger UI leaves the function well below 4 MB.
func main() {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	slog.SetDefault(log) // for what the gateway says
	s, err := settings.Read(os.Getenv)
	if err != nil {
		log.Error("start", slog.String("error", err.Error()))
		os.Exit(1)
	}
	var only []string
	if s.Route != "" {
		only = []string{s.Route}
	}
	c := core.New(core.Options{URL: s.URL, Version: core.Version, Log: log, Now: time.Now})
	aws.Start(gateway.Handler(c.Handler([]core.Group{description.Group}, only...)))
}
