package setup_test

import (
	"bytes"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/certificate"
	"github.com/boxvault/boxvault/shared/certificate/certificatetest"
	"github.com/boxvault/boxvault/shared/itemstore"
)

const path = "/api/setup/upload-ssl"

func upload(t *testing.T, r *coretest.Registry, token string, cert, key []byte) embeddedtest.Answer {
	t.Helper()
	form, contentType := certificatetest.Form(t, cert, key)
	return r.Ask(t, "POST", path, token, form, "Content-Type", contentType)
}

// kept is the file of the certificate; empty when there is none.
func kept(t *testing.T, r *coretest.Registry) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(r.Data, "certificate.pem"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return raw
}

func TestAnyoneUploadsACertificateUntilSomebodyHasSignedUp(t *testing.T) {
	r := coretest.Start(t)
	c := certificatetest.Issue(t)
	a := upload(t, r, "", c.Chain(), c.Key).Want(t, 200)
	told := embeddedtest.JSON[api.CertificateInstalled](t, a)
	if !told.Success || told.Data.Subject != "CN=boxes.example.com" || !slices.Equal(told.Data.DNSNames, []string{"localhost"}) ||
		told.Data.Fingerprint == "" || !told.Data.NotBefore.Before(told.Data.NotAfter) {
		t.Errorf("told %s", a.Body)
	}
	if strings.Contains(string(a.Body), "PRIVATE") || !bytes.Equal(kept(t, r), slices.Concat(c.Chain(), c.Key)) {
		t.Error("the key is told, or not what is kept")
	}

	admin, ada := r.Person(t, "root"), r.Person(t, "ada")
	r.Organization(t, admin, "ops")
	robot := r.ServiceAccount(t, admin, nil).Token
	next := certificatetest.Issue(t)
	before := kept(t, r)
	upload(t, r, "", next.Chain(), next.Key).WantError(t, 401, "TOKEN_INVALID")
	upload(t, r, "0000000000", next.Chain(), next.Key).WantError(t, 401, "TOKEN_INVALID")
	for _, token := range []string{ada, robot} {
		upload(t, r, token, next.Chain(), next.Key).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	}
	if !bytes.Equal(kept(t, r), before) {
		t.Fatal("what was refused is kept")
	}
	upload(t, r, admin, next.Chain(), next.Key).Want(t, 200)
	if !bytes.Equal(kept(t, r), slices.Concat(next.Chain(), next.Key)) {
		t.Error("what the admin uploaded is not kept")
	}
}

func TestEverythingThatIsWrongWithACertificateIsToldAtOnce(t *testing.T) {
	r := coretest.Start(t)
	c, other := certificatetest.Issue(t), certificatetest.Issue(t)
	upload(t, r, "", c.Chain(), c.Key).Want(t, 200)
	before := kept(t, r)
	huge := bytes.Repeat([]byte("x"), certificate.MaxSize+1)
	for _, one := range []struct {
		cert, key []byte
		fields    []string
	}{
		{[]byte("garbage"), []byte("garbage"), []string{"cert", "key"}}, {nil, nil, []string{"cert", "key"}},
		{c.Chain(), other.Key, []string{"key"}}, {c.Issuer, c.Key, []string{"key"}}, {c.Leaf, nil, []string{"key"}},
	} {
		a := upload(t, r, "", one.cert, one.key).WantError(t, 400, "VALIDATION_ERROR")
		details := embeddedtest.JSON[api.Error](t, a).Details
		for _, f := range one.fields {
			if details[f] == nil || len(details) != len(one.fields) {
				t.Errorf("told %s, want %s", a.Body, one.fields)
			}
		}
	}
	upload(t, r, "", huge, c.Key).WantError(t, 413, "FILE_TOO_LARGE")
	upload(t, r, "", c.Chain(), huge).WantError(t, 413, "FILE_TOO_LARGE")
	r.Do(t, "POST", path, "", `{"cert":"x"}`).WantError(t, 400, "VALIDATION_ERROR")
	if !bytes.Equal(kept(t, r), before) {
		t.Error("what was refused has changed the certificate")
	}
}

func TestAReplacedCertificateIsInTheAuditLogOfThePlatform(t *testing.T) {
	r := coretest.Start(t)
	admin := r.Person(t, "root")
	c := certificatetest.Issue(t)
	told := embeddedtest.JSON[api.CertificateInstalled](t, upload(t, r, admin, c.Chain(), c.Key).Want(t, 200)).Data
	log := embeddedtest.JSON[[]api.AuditEntry](t, r.Do(t, "GET", "/api/admin/audit?limit=1", admin, nil).Want(t, 200))
	e := log[0]
	if e.Event != "certificate.replaced" || e.Actor.Username != "root" || e.Organization != nil ||
		e.Data["fingerprint"] != told.Fingerprint || e.Data["subject"] != told.Subject {
		t.Errorf("the log has %+v", e)
	}
	config := embeddedtest.JSON[api.Config](t, r.Do(t, "GET", "/api/config", admin, nil).Want(t, 200))
	if config.Certificate == nil || config.Certificate.Fingerprint != told.Fingerprint {
		t.Errorf("the settings have %+v", config.Certificate)
	}
}

func TestWhereTheCertificateIsGivenAtTheStartNoneIsTaken(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Certificates = nil })
	c := certificatetest.Issue(t)
	a := upload(t, r, "", c.Chain(), c.Key).WantError(t, 409, "CONFLICT")
	if !strings.Contains(string(a.Body), "--tls-cert") {
		t.Errorf("told %s", a.Body)
	}
}

// However many come at once, the last one that is in the audit log is the one that is used: also when
// another process replaces the certificate meanwhile.
func TestOfCertificatesThatComeAtOnceOneIsUsedAsAWhole(t *testing.T) {
	var records itemstore.Store
	r := coretest.Start(t, func(o *core.Options) { records = o.Items })
	options := r.Core.Options
	options.Items = records
	processes := []http.Handler{functions.Handler(core.New(options)), functions.Handler(core.New(options))}
	admin := r.Person(t, "root")
	var wg sync.WaitGroup
	for i := range 8 {
		c := certificatetest.Issue(t)
		wg.Go(func() {
			form, contentType := certificatetest.Form(t, c.Chain(), c.Key)
			if got := ask(t, processes[i%2], admin, form, contentType); got != 200 {
				t.Errorf("answered %d", got)
			}
		})
	}
	wg.Wait()
	setup, err := r.Core.Catalog.Setup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	log := embeddedtest.JSON[[]api.AuditEntry](t, r.Do(t, "GET", "/api/admin/audit?limit=1", admin, nil).Want(t, 200))
	if got := fingerprintOf(t, kept(t, r)); got != setup.Certificate.Fingerprint || log[0].Data["fingerprint"] != got {
		t.Errorf("used is %s, written down %s", got, setup.Certificate.Fingerprint)
	}
}

// ask makes an upload to one of several processes.
func ask(t *testing.T, process http.Handler, token string, form []byte, contentType string) int {
	w := httptest.NewRecorder()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(form))
	req.Header.Set("X-Access-Token", token)
	req.Header.Set("Content-Type", contentType)
	process.ServeHTTP(w, req)
	return w.Code
}

// fingerprintOf is the fingerprint of a whole pair.
func fingerprintOf(t *testing.T, file []byte) string {
	t.Helper()
	pair, err := tls.X509KeyPair(file, file)
	if err != nil {
		t.Fatal(err)
	}
	return certificate.Describe(pair).Fingerprint
}
