package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/linkkeys"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/settings"
)

// links keeps the keys that links to files are signed with; the resource is their key group at CloudFront.
type links struct {
	linkkeys.Keeper
	group string // the parameter with the id of the key group
}

// linksOf are those of the edge that the parameters below a path tell about.
func linksOf(edge string, cfg aws.Config) links {
	return links{linkkeys.Keeper{
		CloudFront: cloudfront.NewFromConfig(cfg, func(o *cloudfront.Options) { o.BaseEndpoint = cloud.Endpoint("CLOUDFRONT") }),
		Parameters: cloud.OpenParameters(cfg),
		Name:       strings.ReplaceAll(strings.Trim(edge, "/"), "/", "-"),
		Keys:       edge + settings.EdgeKeys,
		Now:        time.Now,
	}, edge + settings.EdgeGroup}
}

// notMade is the id of what could not be made, which CloudFormation has deleted then. Without one it would invent an id.
const notMade = "not-made"

func (l links) create(ctx context.Context) (string, error) {
	group, err := l.Make(ctx)
	if err != nil {
		return notMade, err
	}
	return group, nil
}

func (l links) remove(ctx context.Context, group string) error {
	if group == notMade {
		return nil
	}
	return l.Delete(ctx, group)
}

func (l links) rotate(ctx context.Context) (keyring.Ring, error) {
	group, found, err := l.Parameters.Read(ctx, l.group)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errors.New("there is no " + l.group + ": deploy the edge first")
	}
	return l.Rotate(ctx, group)
}

func (l links) endAll(context.Context) (keyring.Ring, error) {
	return nil, errors.New("links to files end by themselves within an hour: to end them at once delete the edge, and deploy it anew")
}
