// Package hcp drives a registry with HashiCorp's own client of its cloud, github.com/hashicorp/hcp-sdk-go,
// as Packer's vagrant-registry post-processor does. It is a module of its own: what the client needs is
// no business of who uses BoxVault.
package hcp

import (
	"crypto/tls"
	"errors"
	"net/http"
	"strings"
	"testing"

	operations "github.com/hashicorp/hcp-sdk-go/clients/cloud-operation/stable/2020-05-05/client/operation_service"
	cloud "github.com/hashicorp/hcp-sdk-go/clients/cloud-shared/v1/models"
	registries "github.com/hashicorp/hcp-sdk-go/clients/cloud-vagrant-box-registry/stable/2022-09-30/client/registry_service"
	"github.com/hashicorp/hcp-sdk-go/config"
	"github.com/hashicorp/hcp-sdk-go/httpclient"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/certificate/certificatetest"
)

// place is a registry that speaks plain HTTP and TLS at one port, and a service account in it.
type place struct {
	*embeddedtest.Registry
	ada            string // the token of who owns acme
	client, secret string
	issued         certificatetest.Issued
}

// start starts a registry, and sets the environment as a pipeline has it.
func start(t *testing.T) *place {
	t.Helper()
	p := &place{Registry: embeddedtest.Start(t), issued: certificatetest.Issue(t)}
	p.ada = p.SignUp(t, "ada")
	form, contentType := certificatetest.Form(t, p.issued.Chain(), p.issued.Key)
	req, err := http.NewRequestWithContext(t.Context(), "POST", p.URL+"/api/setup/upload-ssl", strings.NewReader(string(form)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("X-Access-Token", p.ada)
	p.Send(t, req).Want(t, 200)
	p.Organization(t, p.ada, "acme")
	p.client, p.secret = p.serviceAccount(t, p.ada, "acme")
	p.environment(t)
	return p
}

func (p *place) serviceAccount(t *testing.T, token, organization string) (client, secret string) {
	t.Helper()
	made := embeddedtest.JSON[struct{ Username, Token string }](t,
		p.Do(t, "POST", "/api/service-accounts", token, map[string]any{"organization": organization}).Want(t, 201))
	return made.Username, made.Token
}

// environment is all that a pipeline changes. The client insists on TLS for the sign-in; the variables
// end in TLS because the certificate is nobody's.
func (p *place) environment(t *testing.T) {
	t.Helper()
	host := strings.TrimPrefix(p.URL, "http://")
	for name, value := range map[string]string{
		"HOME":          t.TempDir(), // where the client keeps tokens
		"HCP_CLIENT_ID": p.client, "HCP_CLIENT_SECRET": p.secret,
		"HCP_AUTH_URL": "https://" + host, "HCP_AUTH_TLS": "insecure",
		"HCP_API_ADDRESS": host, "HCP_API_TLS": "insecure",
		"HCP_ORGANIZATION_ID": "b7a3f6a2-0000-4000-8000-000000000001", "HCP_PROJECT_ID": "b7a3f6a2-0000-4000-8000-000000000002",
	} {
		t.Setenv(name, value)
	}
}

// web is an HTTP client that trusts the registry's certificate.
func (p *place) web() *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.issued.Trust}}}
}

// clients are HashiCorp's, by the environment alone.
type clients struct {
	registry   registries.ClientService
	operations operations.ClientService
	settings   httpclient.Config
}

func connect(t *testing.T) clients {
	t.Helper()
	c, err := config.NewHCPConfig(config.FromEnv(), config.WithoutBrowserLogin())
	if err != nil {
		t.Fatal(err)
	}
	settings := httpclient.Config{HCPConfig: c}
	runtime, err := httpclient.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return clients{registries.New(runtime, nil), operations.New(runtime, nil), settings}
}

// answered is an error that the registry answered with, as the client reads it.
type answered interface {
	error
	Code() int
	GetPayload() *cloud.GoogleRPCStatus
}

// wantAnswer fails the test unless an error is of that HTTP status and google.rpc.Code, and says so.
func wantAnswer(t *testing.T, err error, status int, code int32, words string) {
	t.Helper()
	var a answered
	if !errors.As(err, &a) {
		t.Errorf("got %v, want an answer of status %d", err, status)
		return
	}
	told := a.GetPayload()
	if a.Code() != status || told.Code != code || !strings.Contains(told.Message, words) || len(told.Details) != 1 {
		t.Errorf("answered %d, %d %q with %d details; want %d, %d %q", a.Code(), told.Code, told.Message, len(told.Details), status, code, words)
	}
}

func to[T any](v T) *T { return &v }
