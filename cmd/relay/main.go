// Command relay takes uploads of any size on AWS, as a container of its own; see functions/relay. It is told
// by the same environment as functions, and finds its credentials where the AWS SDK looks for them: in a container
// of ECS they come from an address, and change.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	_ "golang.org/x/crypto/x509roots/fallback" // the image has no certificates of its own

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/functions/relay"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/settings"
)

func main() {
	addr := flag.String("addr", fmt.Sprintf(":%d", deployment.RelayPort), "where to listen")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second one ends it at once
	s, err := settings.Read(os.Getenv)
	log := slog.New(metrics.EMF(slog.NewJSONHandler(os.Stderr, nil), s.Table))
	if err == nil {
		err = run(ctx, *addr, s, log)
	}
	if err != nil {
		log.Error("relay", slog.String("error", err.Error()))
		os.Exit(1)
	}
}

func run(ctx context.Context, addr string, s settings.Settings, log *slog.Logger) error {
	o, err := options(ctx, s, log)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	log.Info("listening", slog.String("address", l.Addr().String()), slog.String("version", core.Version))
	defer log.Info("ended")
	return relay.Serve(ctx, l, relay.Handler(core.New(o), deployment.RelayOf(functions.Groups())), log)
}

// options are those of functions, where bodies are small and API Gateway answers pages of other origins.
func options(ctx context.Context, s settings.Settings, log *slog.Logger) (o core.Options, err error) {
	cfg, err := configuration(ctx)
	if err != nil {
		return o, err
	}
	if o, err = lambda.Options(s, cloud.OpenWith(cfg, s), log); err != nil {
		return o, err
	}
	o.SmallBodies = false
	o.Origins, err = route.ParseOrigins(s.Origins)
	return o, err
}

// patience is how long the first credentials may take.
const patience = 20 * time.Second

// configuration has region and credentials of the environment; all else is as functions have it.
func configuration(ctx context.Context) (aws.Config, error) {
	found, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return found, err
	}
	if found.Region == "" {
		return found, errors.New("the environment variable AWS_REGION is not set")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := found.Credentials.Retrieve(ctx); err != nil {
		return found, fmt.Errorf("there are no AWS credentials: %w", err)
	}
	return aws.Config{Region: found.Region, Credentials: found.Credentials}, nil
}
