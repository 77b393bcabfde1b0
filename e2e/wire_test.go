package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

// answer is what came back over the wire.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask makes a request and follows no redirect. Headers are names and values in turn.
func ask(t *testing.T, method, url string, body io.Reader, headers ...string) answer {
	t.Helper()
	req := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), method, url, body))
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return send(t, req)
}

// askJSON makes a request with a token and, unless it is nil, a JSON body.
func askJSON(t *testing.T, method, url, token string, body any) answer {
	t.Helper()
	headers := []string{"X-Access-Token", token}
	if body == nil {
		return ask(t, method, url, nil, headers...)
	}
	raw := must[[]byte](t)(json.Marshal(body))
	return ask(t, method, url, strings.NewReader(string(raw)), append(headers, "Content-Type", "application/json")...)
}

var direct = &http.Client{
	Transport:     &http.Transport{DisableCompression: true, ExpectContinueTimeout: patience},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func send(t *testing.T, req *http.Request) answer {
	t.Helper()
	return must[answer](t)(exchange(req))
}

// exchange is send where no answer is no failure of the test.
func exchange(req *http.Request) (answer, error) {
	resp, err := direct.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, body}, err
}

// want fails the test unless the answer has the status.
func (a answer) want(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// read decodes a JSON answer.
func read[T any](t *testing.T, a answer) T {
	t.Helper()
	return decode[T](t, string(a.body))
}

// decode decodes JSON.
func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

func sha256Of(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// filePath is the path of a file in the API.
func filePath(to registry.Target) string {
	return "/api/organization/" + to.Organization + "/box/" + to.Box + "/version/" + string(to.Version) +
		"/provider/" + to.Provider + "/architecture/" + to.Architecture + "/file"
}
