package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/blobstore/s3"
	"github.com/boxvault/boxvault/shared/blobstore/s3/s3test"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/settings"
)

const (
	architecture = "/api/organization/acme/box/debian/version/1.0.0/provider/qemu/architecture/amd64"
	// ticket is what a container shows to be given credentials.
	ticket = "the ticket of the container"
)

// ring is what the parameter store has.
var ring = keyringtest.Ring("what sessions of the tests are signed with")

// world is a registry on AWS: the functions, which here answer in the process of the test, and beside them the
// relay's own program, over the same table and bucket.
type world struct {
	*coretest.Registry
	owner string // the token of who owns the box acme/debian
	env   []string
	given *credentials
	table *dynamodb.Client
}

func newWorld(t testing.TB) *world {
	t.Helper()
	table, bucket := dynamotest.Client(t), s3test.Start(t)
	s := settings.Settings{
		Table: dynamotest.NewTable(t, table), Bucket: bucket.Name, SecretParameter: "/boxvault/token-secret",
		Origins: "https://pages.example", Limits: "off",
	}
	keys, err := bucket.Client.Options().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{table: table, given: &credentials{id: keys.AccessKeyID, key: keys.SecretAccessKey}}
	w.env = []string{
		"AWS_ENDPOINT_URL_DYNAMODB=" + *table.Options().BaseEndpoint, "AWS_ENDPOINT_URL_S3=" + *bucket.Client.Options().BaseEndpoint,
		"AWS_ENDPOINT_URL_SSM=" + serve(t, http.HandlerFunc(parameter)), "AWS_REGION=" + bucket.Client.Options().Region,
		"AWS_CONTAINER_CREDENTIALS_FULL_URI=" + serve(t, w.given) + "/v2/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN=" + ticket,
	}
	for name, value := range s.Environment() {
		w.env = append(w.env, name+"="+value)
	}
	limits, err := limit.ParseQuotas(s.Limits)
	if err != nil {
		t.Fatal(err)
	}
	w.Registry, w.owner = coretest.Acme(t, func(o *core.Options) {
		o.Items, o.Blobs = dynamo.Open(table, s.Table), s3.Open(bucket.Client, bucket.Presign, bucket.Name)
		o.Tokens = auth.Tokens{Now: time.Now, Keys: keyringtest.Fixed(ring)}
		o.SmallBodies, o.Limits = true, limits
	})
	w.Box(t, w.owner, "acme", "debian", true)
	return w
}

func serve(t testing.TB, h http.Handler) (url string) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// parameter answers as SSM does, with the keys of tokens.
func parameter(w http.ResponseWriter, _ *http.Request) {
	_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]string{"Value": ring.Text()}})
}

// credentials are what ECS has for a task, which are others after some time.
// Source: docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html.
type credentials struct {
	id, key string

	mu           sync.Mutex
	changing     bool
	asked, wrong int
}

// ServeHTTP gives them to who has the ticket.
func (c *credentials) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	if r.Header.Get("Authorization") != ticket {
		c.wrong++
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	id, life := c.id, time.Hour
	if c.changing {
		id, life = fmt.Sprintf("%s%d", c.id, c.asked), time.Second // which is less than clients leave
	}
	_ = json.NewEncoder(w).Encode(map[string]string{
		"AccessKeyId": id, "SecretAccessKey": c.key, "Token": "", "Expiration": time.Now().Add(life).UTC().Format(time.RFC3339),
	})
}

// changes has credentials run out at once, and others be given each time. The bucket's server knows the first ones only.
func (c *credentials) changes() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changing = true
}

func (c *credentials) seen() (asked, wrong int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked, c.wrong
}

// process is a running relay.
type process struct {
	url    string
	cmd    *exec.Cmd
	ended  chan struct{}
	err    error // once ended
	mu     sync.Mutex
	output []string // a line each
}

// start starts the relay and waits until it listens, or has ended.
func start(t testing.TB, env []string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(program, "-addr", "127.0.0.1:0"), ended: make(chan struct{})}
	p.cmd.Env = env
	out, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	go p.read(out, listening)
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("the relay wrote %q", p.output)
		}
	})
	select {
	case address := <-listening:
		p.url = "http://" + address
	case <-p.ended:
	}
	return p
}

// read takes what the process writes, which is JSON, until its end.
func (p *process) read(out io.Reader, listening chan<- string) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		p.mu.Lock()
		p.output = append(p.output, lines.Text())
		p.mu.Unlock()
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			listening <- line.Address
		}
	}
	p.err = p.cmd.Wait()
	close(p.ended)
}

// lines are what the process has written so far.
func (p *process) lines() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output
}

func (p *process) terminate(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// program is the relay's, which all tests share.
var program string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "relay")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		program = filepath.Join(dir, "relay")
		if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
			panic(string(out))
		}
		return m.Run()
	}())
}
