package functions_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// What AWS does to those who ask it: it turns requests away when there are too many, or when two change
// the same; answers get lost on the way, and servers fail after they did what was asked. A journey goes
// through all of it with nothing lost and nothing doubled.

func TestNothingIsLostOrDoubledByFaultsOfTheTable(t *testing.T) {
	want := onCloud(t, nil, nil).journey(t)
	for name, f := range tableFaults {
		t.Run(name, func(t *testing.T) {
			i := &injector{fault: f}
			if got := onCloud(t, i, nil).journey(t); got != want {
				t.Errorf("it ended with\n%s, want\n%s", got, want)
			}
			if i.met.Load() < 10 {
				t.Errorf("%d faults were met", i.met.Load())
			}
		})
	}
}

func TestNothingIsLostOrDoubledByFaultsOfTheBucket(t *testing.T) {
	want := onCloud(t, nil, nil).journey(t)
	for name, f := range bucketFaults {
		t.Run(name, func(t *testing.T) {
			i := &injector{fault: f}
			if got := onCloud(t, nil, i).journey(t); got != want {
				t.Errorf("it ended with\n%s, want\n%s", got, want)
			}
			if i.met.Load() < 3 {
				t.Errorf("%d faults were met", i.met.Load())
			}
		})
	}
}

// A body that streams through cannot be sent again by the registry. Its client is told, and may; of the
// first time nothing stays.
func TestAStreamThatTheBucketTurnsAwayIsSentAgainByItsClient(t *testing.T) {
	var busy atomic.Bool
	i := &injector{fault: fault{err: func(input any) error {
		if _, ok := input.(*awss3.UploadPartInput); ok && busy.Load() {
			return answered(503, &smithy.GenericAPIError{Code: "SlowDown"})(input)
		}
		return nil
	}}}
	c := onCloud(t, nil, i, quietly)
	c.Box(t, c.owner, "acme", "debian", true)
	architecture, content := strings.TrimSuffix(faultyFile, "/file"), coretest.BoxFile(t, "qemu", "a disk")
	busy.Store(true)
	c.Upload(t, c.owner, architecture, content).WantError(t, 503, "SERVICE_UNAVAILABLE")
	c.Do(t, "GET", faultyFile+"/info", c.owner, nil).Want(t, 404)
	busy.Store(false)
	c.Upload(t, c.owner, architecture, content).Want(t, 200)
	c.Clock.Advance(registry.UploadLife + time.Minute)
	c.Sweep(t)
	left, err := c.bucket.Client.ListMultipartUploads(t.Context(), &awss3.ListMultipartUploadsInput{Bucket: &c.bucket.Name})
	if n := c.objects(t); err != nil || n != 1 || len(left.Uploads) != 0 {
		t.Errorf("the bucket has %d objects and %d uploads, %v", n, len(left.Uploads), err)
	}
}

// A bucket that is slow to give a file back keeps nobody waiting for longer than Patience, and the file
// is listed when it was read.
func TestAFileThatTheBucketIsSlowToGiveIsListedLater(t *testing.T) {
	slow := make(chan struct{})
	i := &injector{fault: fault{err: func(input any) error {
		if _, ok := input.(*awss3.GetObjectInput); ok {
			<-slow
		}
		return nil
	}}}
	c := onCloud(t, nil, i, func(o *core.Options) { o.Patience = time.Millisecond })
	c.Box(t, c.owner, "acme", "debian", true)
	u := c.upload(t, coretest.BoxFile(t, "qemu", "a disk"))
	c.Do(t, "GET", faultyFile+"/info", c.owner, nil).Want(t, 404)
	close(slow)
	for deadline := time.Now().Add(30 * time.Second); u.State != "stored" && time.Now().Before(deadline); {
		u = embeddedtest.JSON[api.Upload](t, c.Do(t, "GET", faultyFile+"/multipart/"+u.ID, c.owner, nil).Want(t, 200))
	}
	c.Do(t, "GET", faultyFile+"/info", c.owner, nil).Want(t, 200)
}
