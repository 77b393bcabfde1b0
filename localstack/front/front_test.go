package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// emulator answers with what it was asked; /large with more than a function may.
func emulator(t *testing.T) *url.URL {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/large" {
			w.Header().Set("Content-Length", fmt.Sprint(largest+1))
			_, _ = w.Write(make([]byte, largest+1))
			return
		}
		fmt.Fprintf(w, "%s %s%s %s %d %v", r.Method, r.Host, r.URL, r.Header.Get("X-Forwarded-Proto"), n, err)
	}))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestTheRegistryIsAskedByTheNameOfItsAPI(t *testing.T) {
	front := httptest.NewServer(newRegistry(emulator(t), "a1b2.execute-api.localhost"))
	defer front.Close()
	for _, c := range []struct {
		method, path, kind string
		body               io.Reader
		status             int
		want               string
	}{
		{"GET", "/acme/debian?a=%20b", "", nil, 200, "GET a1b2.execute-api.localhost/acme/debian?a=%20b http 0 <nil>"},
		{"GET", "/health", "", nil, 200, "GET a1b2.execute-api.localhost//health http 0 <nil>"},
		{"POST", "/x", "application/json", strings.NewReader(strings.Repeat("x", largest)), 200, "6275072"},
		{"POST", "/x", "application/json", strings.NewReader(strings.Repeat("x", largest+1)), 413, `{"message":"Request Entity Too Large"}`},
		{"POST", "/x", "application/octet-stream", strings.NewReader(strings.Repeat("x", 5<<20)), 413, "Too Large"},
		{"POST", "/x", "", io.MultiReader(strings.NewReader(strings.Repeat("x", 5<<20))), 413, "Too Large"}, // of unknown length
		{"GET", "/large", "", nil, 502, `{"message":"Internal Server Error"}`},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, front.URL+c.path, c.body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", c.kind)
		if status, body := send(t, req); status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s %s: %d %.100s, want %d %s", c.method, c.path, status, body, c.status, c.want)
		}
	}
}

func TestServicesAreAskedAsOverTLSByTheNameThatIsSigned(t *testing.T) {
	front := httptest.NewServer(newServices(emulator(t)))
	defer front.Close()
	req, err := http.NewRequestWithContext(t.Context(), "GET", front.URL+"/bucket/a%2Fb", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "s3.example.com"
	if _, body := send(t, req); body != "GET s3.example.com/bucket/a%2Fb https 0 <nil>" {
		t.Errorf("asked was %s", body)
	}
}

// Uploads go to the relay whatever their length, by the name that the client asked.
func TestUploadsAreLedToTheRelayAsCloudFrontDoes(t *testing.T) {
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		fmt.Fprintf(w, "relay %s %s %d %v %s", r.Host, r.URL.Path, n, err, r.Header.Get("CloudFront-Forwarded-Proto"))
	}))
	defer relay.Close()
	to, err := url.Parse(relay.URL)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(withRelay(to, newRegistry(emulator(t), "a1b2.execute-api.localhost")))
	defer front.Close()
	architecture := "/api/organization/acme/box/debian/version/1.0.0/provider/qemu/architecture/amd64"
	for path, want := range map[string]string{
		architecture + "/file":           "relay boxes.example " + architecture + "/file 7340032 <nil> http",
		architecture + "/file/upload":    "relay boxes.example ",
		"/api/upload/a%2Fb":              "relay boxes.example ",
		architecture + "/file/multipart": "Request Entity Too Large",
		"/api/uploads":                   "Request Entity Too Large",
	} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", front.URL+path, strings.NewReader(strings.Repeat("x", 7<<20)))
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "boxes.example"
		if _, body := send(t, req); !strings.Contains(body, want) {
			t.Errorf("%s is answered %s, want %s", path, body, want)
		}
	}
}

func TestWrongAddressesAreToldByTheirFlag(t *testing.T) {
	for flag, args := range map[string][3]string{
		"-emulator": {"here", ""}, "-api": {"http://127.0.0.1:1", "there"}, "-relay": {"http://127.0.0.1:1", "http://a", "beside"},
	} {
		if err := serve("127.0.0.1:0", args[0], args[1], args[2]); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func send(t *testing.T, req *http.Request) (status int, body string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}
