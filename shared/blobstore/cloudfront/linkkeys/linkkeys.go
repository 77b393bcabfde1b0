// Package linkkeys makes the keys that links to a distribution are signed with, and rotates them: private
// halves in an SSM parameter, public ones in a key group of CloudFront, which it also keeps.
//
// A key group of CloudFormation's own would be put back by the next deployment to what it was before a rotation.
package linkkeys

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/keyring"
)

// Keeper keeps the keys of one distribution.
type Keeper struct {
	CloudFront *api.Client
	Parameters cloud.Parameters
	// Name begins the names of public keys and key group.
	Name string
	// Keys is the parameter with the ring.
	Keys string
	Now  func() time.Time
}

// Make makes a first key, which signs at once, and the key group that it is in.
func (k Keeper) Make(ctx context.Context) (group string, err error) {
	key, err := k.newKey(ctx, k.Now())
	if err != nil {
		return "", err
	}
	made, err := k.CloudFront.CreateKeyGroup(ctx, &api.CreateKeyGroupInput{KeyGroupConfig: k.config(k.Name+"-"+rand.Text()[:8], keyring.Ring{key})})
	if err != nil {
		return "", errors.Join(fmt.Errorf("make a key group: %w", err), k.deleteKey(ctx, key.ID))
	}
	group = *made.KeyGroup.Id
	if err := k.Parameters.Write(ctx, k.Keys, keyring.Ring{key}.Text()); err != nil {
		return "", errors.Join(fmt.Errorf("keep the key in %s: %w", k.Keys, err), k.Delete(ctx, group))
	}
	return group, nil
}

// Delete deletes the key group, its keys and the parameter; what is not there is no error.
func (k Keeper) Delete(ctx context.Context, group string) error {
	got, err := k.CloudFront.GetKeyGroup(ctx, &api.GetKeyGroupInput{Id: &group})
	if gone(err) {
		return k.Parameters.Delete(ctx, k.Keys)
	}
	if err == nil {
		_, err = k.CloudFront.DeleteKeyGroup(ctx, &api.DeleteKeyGroupInput{Id: &group, IfMatch: got.ETag})
	}
	if err != nil {
		return fmt.Errorf("delete the key group: %w", err)
	}
	for _, id := range got.KeyGroup.KeyGroupConfig.Items {
		err = errors.Join(err, k.deleteKey(ctx, id))
	}
	return errors.Join(err, k.Parameters.Delete(ctx, k.Keys))
}

// newKey makes a key, whose id is CloudFront's.
func (k Keeper) newKey(ctx context.Context, since time.Time) (keyring.Key, error) {
	secret, public, err := cloudfront.NewKey()
	if err != nil {
		return keyring.Key{}, err
	}
	name := k.Name + "-" + rand.Text()[:8]
	made, err := k.CloudFront.CreatePublicKey(ctx, &api.CreatePublicKeyInput{PublicKeyConfig: &types.PublicKeyConfig{
		CallerReference: &name, Name: &name, EncodedKey: &public, Comment: aws.String("made by BoxVault; the private key is in " + k.Keys),
	}})
	if err != nil {
		return keyring.Key{}, fmt.Errorf("make a public key: %w", err)
	}
	return keyring.Key{ID: *made.PublicKey.Id, Since: since, Secret: secret}, nil
}

func (k Keeper) deleteKey(ctx context.Context, id string) error {
	got, err := k.CloudFront.GetPublicKey(ctx, &api.GetPublicKeyInput{Id: &id})
	if err == nil {
		_, err = k.CloudFront.DeletePublicKey(ctx, &api.DeletePublicKeyInput{Id: &id, IfMatch: got.ETag})
	}
	if err != nil && !gone(err) {
		return fmt.Errorf("delete the public key %s: %w", id, err)
	}
	return nil
}

func (k Keeper) config(name string, ring keyring.Ring) *types.KeyGroupConfig {
	c := &types.KeyGroupConfig{Name: &name, Comment: aws.String("kept by BoxVault's function RotateKeys")}
	for _, key := range ring {
		c.Items = append(c.Items, key.ID)
	}
	return c
}

func gone(err error) bool {
	var group *types.NoSuchResource
	var key *types.NoSuchPublicKey
	return errors.As(err, &group) || errors.As(err, &key)
}
