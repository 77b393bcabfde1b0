package main

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/boxvault/boxvault/shared/auth/tokenkeys"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/keyring"
)

// tokens keeps the keys that tokens are signed with; the resource is the parameter that has them.
type tokens struct {
	keeper tokenkeys.Keeper
	name   string
}

func tokensAt(name string, cfg aws.Config) tokens {
	place := cloud.KeyPlace{Parameters: cloud.OpenParameters(cfg), Name: name, Now: time.Now}
	return tokens{tokenkeys.Keeper{Place: place, Now: time.Now}, name}
}

func (t tokens) create(ctx context.Context) (id string, err error) { return t.name, t.keeper.Make(ctx) }

// remove leaves the keys, as the table stays: a registry that is deployed over it goes on with its sessions.
func (t tokens) remove(context.Context, string) error { return nil }

func (t tokens) rotate(ctx context.Context) (keyring.Ring, error) { return t.keeper.Rotate(ctx) }

func (t tokens) endAll(ctx context.Context) (keyring.Ring, error) { return t.keeper.EndAll(ctx) }
