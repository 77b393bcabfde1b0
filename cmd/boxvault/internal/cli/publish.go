package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// pushed is what `push --json` prints.
type pushed struct {
	Box     string       `json:"box"` // ORG/BOX
	Version string       `json:"version"`
	Status  string       `json:"status"` // of the version: unreleased, active or revoked
	URL     string       `json:"url"`    // for `vagrant box add`
	Files   []pushedFile `json:"files"`
}

type pushedFile struct {
	Path         string `json:"path"`
	Provider     string `json:"provider"`
	Architecture string `json:"architecture"`
	FileSize     int64  `json:"fileSize"`
	Checksum     string `json:"checksum"`
	ChecksumType string `json:"checksumType"`
	// AlreadyThere is set when the very same file was there, and nothing was sent.
	AlreadyThere bool `json:"alreadyThere"`
	// ResumedBytes were sent by an earlier push, and not again.
	ResumedBytes int64  `json:"resumedBytes"`
	Warning      string `json:"warning,omitempty"`
}

// run makes the version unreleased, sends the files, and releases it: all of it is seen, or nothing.
func (o *pushOptions) run(ctx context.Context) error {
	sources, err := o.inspect()
	if err != nil {
		return err
	}
	trouble := o.app.trouble()
	c, err := o.app.connect(client.WithWaits(trouble.waits))
	if err != nil {
		return err
	}
	if err := o.prepare(ctx, c); err != nil {
		return err
	}
	done := pushed{Box: o.ref.tag(), Version: string(o.ref.version), URL: c.URL() + "/" + o.ref.tag()}
	for _, s := range sources {
		file, err := o.push(ctx, c, s, trouble)
		if err != nil {
			return fmt.Errorf("push %s: %w", s.path, err)
		}
		done.Files = append(done.Files, file)
	}
	if done.Status, err = o.release(ctx, c); err != nil {
		return err
	}
	o.app.say("%s %s is %s", done.Box, done.Version, statusWords[done.Status])
	return o.app.result(done, func(w io.Writer) { fmt.Fprintln(w, done.URL) })
}

var statusWords = map[string]string{
	string(registry.Active): "released", string(registry.Unreleased): "not released yet", string(registry.Revoked): "revoked",
}

// prepare makes the box and the version, where they are missing.
func (o *pushOptions) prepare(ctx context.Context, c *client.Client) error {
	box := api.BoxInput{Name: &o.ref.box, Description: set(o.description), IsPublic: &o.public}
	made, err := c.EnsureBox(ctx, o.ref.organization, box)
	if err != nil {
		return fmt.Errorf("box %s: %w", o.ref.tag(), err)
	}
	if made {
		o.app.say("made box %s (%s)", o.ref.tag(), visibility(api.Box{IsPublic: o.public}))
	} else if err := o.sameVisibility(ctx, c); err != nil {
		return err
	}
	if err := o.hold(ctx, c); err != nil {
		return fmt.Errorf("version %s: %w", o.ref.version, err)
	}
	return nil
}

// sameVisibility refuses a box that is seen by others than --public or --private says: push does not
// change who sees a box, and must not seem to.
func (o *pushOptions) sameVisibility(ctx context.Context, c *client.Client) error {
	if !o.public && !o.private {
		return nil
	}
	box, err := c.Box(ctx, o.ref.organization, o.ref.box)
	if err != nil {
		return fmt.Errorf("box %s: %w", o.ref.tag(), err)
	}
	if box.IsPublic == o.public {
		return nil
	}
	return hint(usageError{fmt.Errorf("%s is %s; --%s counts only when push makes the box: nothing was sent",
		o.ref.tag(), visibility(box), visibility(api.Box{IsPublic: o.public}))},
		"leave --%s out, or set isPublic first: PUT %s/api/organization/%s/box/%s",
		visibility(api.Box{IsPublic: o.public}), c.URL(), o.ref.organization, o.ref.box)
}

// hold makes the version, or keeps one that is not released from being released by its first file.
func (o *pushOptions) hold(ctx context.Context, c *client.Client) error {
	number, release := string(o.ref.version), false
	v, err := c.Version(ctx, o.ref.organization, o.ref.box, number)
	switch {
	case registry.KindOf(err) == registry.NotFound:
		_, err = c.CreateVersion(ctx, o.ref.organization, o.ref.box, api.NewVersion{VersionInput: api.VersionInput{
			VersionNumber: &number, Description: set(o.versionDescription), Release: &release,
		}})
		if registry.KindOf(err) == registry.Conflict { // another push of the version was as fast
			err = nil
		}
	case err == nil && v.Status == string(registry.Unreleased):
		_, err = c.UpdateVersion(ctx, o.ref.organization, o.ref.box, number, api.VersionInput{Release: &release})
	}
	return err
}

// release releases the version, unless it is released already or is not to be, and returns its
// status.
func (o *pushOptions) release(ctx context.Context, c *client.Client) (string, error) {
	number, release := string(o.ref.version), true
	v, err := c.Version(ctx, o.ref.organization, o.ref.box, number)
	if err == nil && v.Status == string(registry.Unreleased) && !o.noRelease {
		v, err = c.UpdateVersion(ctx, o.ref.organization, o.ref.box, number, api.VersionInput{Release: &release})
	}
	if err != nil {
		return "", fmt.Errorf("release version %s: %w", number, err)
	}
	return v.Status, nil
}

// push sends one file.
func (o *pushOptions) push(ctx context.Context, c *client.Client, s localBox, t *trouble) (pushedFile, error) {
	progress := t.progress(ctx, s.path)
	done, err := c.Push(ctx, client.PushOptions{
		Target: o.ref.target(s.provider, s.architecture), Path: s.path, Parallel: o.parallel, Progress: progress,
	})
	progress.close()
	if err != nil {
		return pushedFile{}, pushHint(ctx, err)
	}
	o.app.say("%s: %s", s.path, told(done, s))
	if done.Warning != "" {
		o.app.say("warning: %s", done.Warning)
	}
	return pushedFile{
		Path: s.path, Provider: s.provider, Architecture: s.architecture,
		FileSize: done.File.FileSize, Checksum: done.File.Checksum, ChecksumType: done.File.ChecksumType,
		AlreadyThere: done.AlreadyThere, ResumedBytes: done.Resumed, Warning: done.Warning,
	}, nil
}

func told(done client.Pushed, s localBox) string {
	switch {
	case done.AlreadyThere:
		return fmt.Sprintf("already there, for %s/%s", s.provider, s.architecture)
	case done.Resumed > 0:
		return fmt.Sprintf("stored for %s/%s, %s of %s resumed", s.provider, s.architecture, size(done.Resumed), size(done.File.FileSize))
	}
	return fmt.Sprintf("stored for %s/%s, %s", s.provider, s.architecture, size(done.File.FileSize))
}

func pushHint(ctx context.Context, err error) error {
	var unreachable *client.Unreachable
	switch {
	case ctx.Err() != nil || errors.As(err, &unreachable):
		return hint(err, "run the same command again: what has arrived is kept for 7 days, and not sent again")
	case registry.KindOf(err) == registry.Conflict:
		return hint(err, "files of a released version stay as they are: push under a new version number")
	}
	return err
}
