package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/boxvault/boxvault/shared/api"
)

// TestMonitoring does what the published page on integration says under "Health Monitoring", with
// its commands as they are printed.
func TestMonitoring(t *testing.T) {
	t.Parallel()
	need(t, "bash", "curl")
	c := command{dir: t.TempDir()}
	curl := func(printed string) string {
		t.Helper()
		here := strings.Replace(printed, "http://localhost:3000", target.URL, 1)
		return c.run(t, "bash", "-c", strings.Replace(here, "curl ", "curl -sf ", 1)).ok(t).stdout
	}
	if h := decode[api.Health](t, curl("curl http://localhost:3000/health")); h.Status != "ok" {
		t.Errorf("the health is %+v", h)
	}
	s := decode[api.Status](t, curl("curl http://localhost:3000/api/status"))
	if s.Status != "ok" || s.Dependencies["records"].Status != "ok" || s.Dependencies["files"].Status != "ok" {
		t.Errorf("the status is %+v", s)
	}
}

// TestMetricsByToken is what Prometheus does where its token is asked for, as on AWS, and with --metrics token.
func TestMetricsByToken(t *testing.T) {
	t.Parallel()
	registry, root := withAdmin(t, "--metrics", "token")
	ask(t, "GET", registry+"/metrics", nil).want(t, 401)
	a := ask(t, "GET", registry+"/metrics", nil, "Authorization", "Bearer "+root.token).want(t, 200)
	wantFamilies(t, a.body, "boxvault_accounts", "boxvault_uploads_total")
}

// TestPrometheusScrapes is what Prometheus does with the published configuration: no token, and the
// text format it asks for.
func TestPrometheusScrapes(t *testing.T) {
	t.Parallel()
	needOwn(t)
	var config struct {
		Jobs []struct {
			Static []struct{ Targets []string } `yaml:"static_configs"`
			Path   string                       `yaml:"metrics_path"`
		} `yaml:"scrape_configs"`
	}
	readYAML(t, string(must[[]byte](t)(os.ReadFile("testdata/prometheus.yml"))), &config)
	job := config.Jobs[0]
	at := strings.Replace("http://"+job.Static[0].Targets[0], "http://localhost:3000", target.URL, 1) + job.Path
	a := ask(t, "GET", at, nil, "Accept", "text/plain;version=0.0.4;q=1,*/*;q=0.1").want(t, 200)
	wantFamilies(t, a.body, "boxvault_boxes", "boxvault_uploads_total", "boxvault_downloads_total", "process_resident_memory_bytes")
}

// wantFamilies wants metrics of these names.
func wantFamilies(t *testing.T, text []byte, names ...string) {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if families[name] == nil {
			t.Errorf("%s is not told", name)
		}
	}
}

// TestStorageOfThePlatform asks as the first account, which is the platform admin.
func TestStorageOfThePlatform(t *testing.T) {
	t.Parallel()
	registry, root := withAdmin(t)
	storage := func() *api.Volume {
		return read[api.Storage](t, askJSON(t, "GET", registry+"/api/system/storage", root.token, nil).want(t, 200)).Boxes
	}
	before := storage()
	root.organize(t)
	root.box(t, "debian", true)
	file := root.publish(t, "debian", "1.0.0", Box{Provider: "virtualbox", Architecture: "amd64", Disk: 1 << 20})
	// Beside it others store files and delete them, where the registry is not the test's own.
	until(t, "the file to be counted", func() bool {
		now := storage().Stored
		return now == before.Stored+file.Size || target.cloud != nil && now > file.Size
	})
	if where := storage().Path; target.cloud == nil && !strings.HasSuffix(where, "/files") {
		t.Errorf("they are in %s", where)
	}
	askJSON(t, "GET", registry+"/api/system/storage", newPerson(t, registry).token, nil).want(t, 403)
}

// TestAccessLog has a registry log into a file that is moved away meanwhile, and finds each request
// in it as an object on a line of its own, without a secret.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "boxvault.log")
	p := serve(t, t.TempDir(), "--log-file", file)
	ada := newPerson(t, p.URL)
	ask(t, "GET", p.URL+"/acme/debian?access_token="+ada.token, nil, "User-Agent", `evil","level":"ERROR`).want(t, 404)
	if err := os.Rename(file, file+".1"); err != nil {
		t.Fatal(err)
	}
	ask(t, "GET", p.URL+"/line%0Afeed/a%0D%0A", nil).want(t, 404)
	askJSON(t, "GET", p.URL+"/api/user", ada.token, nil).want(t, 200)
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	before, after := logged(t, file+".1"), logged(t, file)
	if len(before) != 3 || len(after) != 2 {
		t.Fatalf("logged were %v and, behind the move, %v", before, after)
	}
	if r := before[2]; r.Path != "/acme/debian" || r.Status != http.StatusNotFound || r.Caller != ada.name {
		t.Errorf("logged %+v", r)
	}
	if r := after[0]; r.Path != "/line\nfeed/a\r\n" || r.Address != "127.0.0.1" {
		t.Errorf("logged %+v", r)
	}
	for _, path := range []string{file, file + ".1"} {
		if raw := must[[]byte](t)(os.ReadFile(path)); bytes.Contains(raw, []byte(ada.token)) || bytes.Contains(raw, []byte(password)) {
			t.Errorf("a secret is in %s", path)
		}
	}
}

type request struct {
	Time                                         float64
	Msg                                          string
	Route, Path, Caller, Address, Agent, Request string
	Status                                       int
}

// logged are the lines of a log.
func logged(t *testing.T, path string) (list []request) {
	t.Helper()
	raw := must[[]byte](t)(os.ReadFile(path))
	for line := range strings.Lines(string(raw)) {
		var r request
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.Time == 0 {
			t.Errorf("%v: %s", err, line)
		}
		if r.Msg != "request" { // that mail is off
			continue
		}
		if r.Route == "" || r.Request == "" {
			t.Errorf("not all is told: %s", line)
		}
		list = append(list, r)
	}
	return list
}
