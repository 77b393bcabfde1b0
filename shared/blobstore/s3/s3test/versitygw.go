package s3test

import (
	"bytes"
	"crypto/rand"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// tool is where `make tools` puts versitygw, an S3 server over a folder (Apache-2.0), below
// the root of the module.
const tool = "build/tools/versitygw"

// versitygwFails is what v1.8.0 gets wrong: it asks for a body however long that is said to be; S3 refuses
// a part of more than 5 GiB.
var versitygwFails = map[string]string{
	"a file of more than 5 GiB is refused before it is sent": "versitygw 1.8.0 asks for a part of any size",
}

// versitygwWavers is what it gets wrong when it comes to that.
//
// When a connection breaks, it takes the body for a whole one, fills a part with zeros to the
// length it should have had, and stores it; S3 answers IncompleteBody, and stores nothing.
//
// While it completes an upload it moves the parts away one by one, and lists those that are left.
var versitygwWavers = map[string]string{
	"a part that breaks off is none":                                      cutBody,
	"a part that breaks off leaves the former one":                        cutBody,
	"a part that overtakes another, which then breaks off, is there":      cutBody,
	"who completes while another does is not told that a part is missing": "versitygw 1.8.0 lists some of the parts while it completes",
	"a PUT to the one link that breaks off leaves what was there":         cutBody,
}

const cutBody = "versitygw 1.8.0 stores a body that broke off as if it were whole"

// start starts versitygw on a free port, for as long as the test runs.
func start(t testing.TB) *s3.Client {
	path := locate(t)
	access, secret := rand.Text(), rand.Text()
	dir := t.TempDir()
	for range 3 { // a port that is free now may be taken by the time it is used
		address := freeAddress(t)
		var log bytes.Buffer
		server := exec.Command(path, "--port", address, "--quiet", "posix", dir)
		server.Env = []string{"ROOT_ACCESS_KEY=" + access, "ROOT_SECRET_KEY=" + secret}
		server.Stdout, server.Stderr = &log, &log
		if run(t, server, address) {
			return s3.New(s3.Options{
				BaseEndpoint: aws.String("http://" + address),
				UsePathStyle: true,
				Region:       defaultRegion,
				Credentials:  credentials.NewStaticCredentialsProvider(access, secret, ""),
				// What the SDK sets when it is configured from the environment.
				RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
				ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
			})
		}
		t.Logf("versitygw did not start: %s", log.String())
	}
	t.Fatal("versitygw does not start")
	return nil
}

func locate(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	path := filepath.Join(dir, tool)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no S3 to test with: run `make tools`, which builds %s, or set S3_ENDPOINT", tool)
	}
	return path
}

func freeAddress(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// run starts a server and reports whether it came to accept connections before it ended.
func run(t testing.TB, server *exec.Cmd, address string) bool {
	if err := server.Start(); err != nil {
		t.Fatalf("start versitygw: %v", err)
	}
	ended := make(chan struct{})
	go func() {
		server.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		server.Process.Kill()
		<-ended
	})
	retry := time.NewTicker(5 * time.Millisecond)
	defer retry.Stop()
	for {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return true
		}
		select {
		case <-ended:
			return false
		case <-retry.C:
		}
	}
}
