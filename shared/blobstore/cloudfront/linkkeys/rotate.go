package linkkeys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/cloudfront"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/registry"
)

// maxKeys is how many public keys a key group has. Source:
// docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html.
const maxKeys = 5

// life is how long after its last second a key is needed: a link lives, and a function may have gone by a
// ring that it read before.
const life = registry.LinkLife + cloudfront.Fresh

// abandoned is how old a key of the group is that no ring knows and nobody is about to write into one: a
// rotation takes seconds, and its function a minute at the most.
const abandoned = 2 * time.Minute

// Rotate makes the next key, which is in the key group at once and signs a while later, and lets go of keys that no
// link is good by any more. It returns the ring without what is secret of it.
func (k Keeper) Rotate(ctx context.Context, group string) (keyring.Ring, error) {
	// The group is read ahead of the ring: what is made of an older ring does not match it.
	before, err := k.CloudFront.GetKeyGroup(ctx, &api.GetKeyGroupInput{Id: &group})
	if err != nil {
		return nil, fmt.Errorf("read the key group: %w", err)
	}
	ring, err := k.ring(ctx)
	if err == nil {
		err = k.mayRotate(ctx, before.KeyGroup.KeyGroupConfig.Items, ring)
	}
	if err != nil {
		return nil, err
	}
	next, err := k.newKey(ctx, k.Now().Add(cloudfront.Ahead))
	if err != nil {
		return nil, err
	}
	kept, _ := ring.Rotate(next, k.Now(), life)
	if err := k.swap(ctx, before, kept, next); err != nil {
		return nil, err
	}
	return kept.Public(), nil
}

// mayRotate is an error while a rotation is under way, or too many were.
func (k Keeper) mayRotate(ctx context.Context, known []string, ring keyring.Ring) error {
	now := k.Now()
	if last := ring[len(ring)-1]; last.Since.After(now) {
		return fmt.Errorf("the last rotation is under way: its key signs from %s on, rotate again after that", last.Since.UTC().Format(time.RFC3339))
	}
	if kept, _ := ring.Rotate(keyring.Key{}, now, life); len(kept) > maxKeys {
		return fmt.Errorf("links of %d keys are still good, and CloudFront knows %d: rotate again in an hour", len(ring), maxKeys)
	}
	for _, id := range known {
		if has(ring, id) {
			continue
		}
		got, err := k.CloudFront.GetPublicKey(ctx, &api.GetPublicKeyInput{Id: &id})
		if err != nil {
			return fmt.Errorf("read the public key %s: %w", id, err)
		}
		if got.PublicKey.CreatedTime.Add(abandoned).After(now) {
			return fmt.Errorf("somebody else is rotating, or just failed to: rotate again in %v", abandoned)
		}
	}
	return nil
}

func has(ring keyring.Ring, id string) bool {
	return slices.ContainsFunc(ring, func(key keyring.Key) bool { return key.ID == id })
}

func (k Keeper) ring(ctx context.Context) (keyring.Ring, error) {
	text, found, err := k.Parameters.Read(ctx, k.Keys)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", k.Keys, err)
	}
	ring, err := keyring.Parse(text)
	if !found || err != nil || len(ring) == 0 {
		return nil, fmt.Errorf("there are no keys in %s: deploy the edge first", k.Keys)
	}
	return ring, nil
}

// swap has the key group know the keys of a ring, then the functions, and deletes the public keys that went. Of two
// that swap at a time one is refused by CloudFront, before anything is changed.
func (k Keeper) swap(ctx context.Context, before *api.GetKeyGroupOutput, ring keyring.Ring, next keyring.Key) error {
	name := *before.KeyGroup.KeyGroupConfig.Name
	_, err := k.CloudFront.UpdateKeyGroup(ctx, &api.UpdateKeyGroupInput{
		Id: before.KeyGroup.Id, IfMatch: before.ETag, KeyGroupConfig: k.config(name, ring),
	})
	if err != nil {
		return errors.Join(fmt.Errorf("change the key group: %w", err), k.deleteKey(ctx, next.ID))
	}
	if err := k.Parameters.Write(ctx, k.Keys, ring.Text()); err != nil {
		return fmt.Errorf("keep the keys in %s: %w", k.Keys, err)
	}
	for _, id := range before.KeyGroup.KeyGroupConfig.Items {
		if !has(ring, id) {
			err = errors.Join(err, k.deleteKey(ctx, id))
		}
	}
	return err
}
