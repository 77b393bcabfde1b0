package hcp

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	operations "github.com/hashicorp/hcp-sdk-go/clients/cloud-operation/stable/2020-05-05/client/operation_service"
	organizations "github.com/hashicorp/hcp-sdk-go/clients/cloud-resource-manager/stable/2019-12-10/client/organization_service"
	projects "github.com/hashicorp/hcp-sdk-go/clients/cloud-resource-manager/stable/2019-12-10/client/project_service"
	registries "github.com/hashicorp/hcp-sdk-go/clients/cloud-vagrant-box-registry/stable/2022-09-30/client/registry_service"
	"github.com/hashicorp/hcp-sdk-go/clients/cloud-vagrant-box-registry/stable/2022-09-30/models"
	"github.com/hashicorp/hcp-sdk-go/config"
	"github.com/hashicorp/hcp-sdk-go/httpclient"
	"golang.org/x/oauth2"
)

// asPerson is a client with the token of a person, who may do what no service account may.
func (p *place) asPerson(t *testing.T, token string) registries.ClientService {
	t.Helper()
	c, err := config.NewHCPConfig(config.FromEnv(), config.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})))
	if err != nil {
		t.Fatal(err)
	}
	runtime, err := httpclient.New(httpclient.Config{HCPConfig: c})
	if err != nil {
		t.Fatal(err)
	}
	return registries.New(runtime, nil)
}

func TestRegistriesAreOrganizations(t *testing.T) {
	p := start(t)
	c, ctx := p.asPerson(t, p.ada), t.Context()
	made, err := c.CreateRegistry(&registries.CreateRegistryParams{Context: ctx, Data: &models.HashicorpCloudVagrant20220930Registry{Name: "umbrella", Description: "rain"}}, nil)
	if err != nil || made.Payload.Registry.Name != "umbrella" || *made.Payload.Operation.State != "DONE" {
		t.Fatal(made, err)
	}
	op := made.Payload.Operation
	got, err := connect(t).operations.Get(&operations.GetParams{Context: ctx, ID: op.ID, LocationOrganizationID: op.Location.OrganizationID, LocationProjectID: op.Location.ProjectID}, nil)
	wantAnswer(t, err, 404, 5, "organization not found") // the service account is acme's
	if got != nil {
		t.Error(got)
	}
	_, err = c.CreateRegistry(&registries.CreateRegistryParams{Context: ctx, Data: &models.HashicorpCloudVagrant20220930Registry{Name: "vagrant"}}, nil)
	wantAnswer(t, err, 400, 3, "name is a reserved name")
	if _, err = c.UpdateRegistry(&registries.UpdateRegistryParams{Context: ctx, Registry: "umbrella", Data: &models.HashicorpCloudVagrant20220930Registry{Description: "sun"}}, nil); err != nil {
		t.Error(err)
	}
	read, err := c.ReadRegistry(&registries.ReadRegistryParams{Context: ctx, Registry: "umbrella", Expanded: to(true)})
	if r := read.Payload.Registry; err != nil || r.Description != "sun" || !*r.Activated || r.Location.OrganizationID != "umbrella" {
		t.Error(r, err)
	}
	if _, err := c.ActivateRegistry(&registries.ActivateRegistryParams{Context: ctx, Registry: "umbrella"}, nil); err != nil {
		t.Error(err)
	}
	_, err = c.DeactivateRegistry(&registries.DeactivateRegistryParams{Context: ctx, Registry: "umbrella"}, nil)
	wantAnswer(t, err, 409, 6, "always active")
	p.wantRegistries(t, c, "acme umbrella")
	if _, err := c.DeleteRegistry(&registries.DeleteRegistryParams{Context: ctx, Registry: "umbrella"}, nil); err != nil {
		t.Error(err)
	}
	p.wantRegistries(t, c, "acme")
}

// wantRegistries reads all pages.
func (p *place) wantRegistries(t *testing.T, c registries.ClientService, want string) {
	t.Helper()
	var names []string
	for token := (*string)(nil); ; {
		page, err := c.ListRegistries(&registries.ListRegistriesParams{Context: t.Context(), PaginationPageSize: to(int64(1)), PaginationNextPageToken: token}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Payload.Registries {
			names = append(names, r.Name)
		}
		if page.Payload.Pagination.NextPageToken == "" {
			break
		}
		token = &page.Payload.Pagination.NextPageToken
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("the registries are %s, want %s", got, want)
	}
}

// What is made is told, changed, listed and deleted; what a client leaves out stays as it is.
func TestBoxesAreChangedAndDeleted(t *testing.T) {
	p := start(t)
	b := p.packer(t, "one")
	b.private = true
	if err := b.publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, ctx := b.registry, t.Context()
	changed, err := c.UpdateBox(&registries.UpdateBoxParams{Context: ctx, Registry: "acme", Box: "debian12", Data: &models.HashicorpCloudVagrant20220930Box{ShortDescription: "short"}}, nil)
	if told := changed.Payload.Box; err != nil || !told.IsPrivate || told.ShortDescription != "short" || told.Description != "by packer" {
		t.Error(told, err)
	}
	_, err = c.UpdateBox(&registries.UpdateBoxParams{Context: ctx, Registry: "acme", Box: "debian12", Data: &models.HashicorpCloudVagrant20220930Box{Name: "other", ShortDescription: strings.Repeat("a", 300)}}, nil)
	wantAnswer(t, err, 400, 3, "name cannot be changed here")
	_, err = c.UpdateBox(&registries.UpdateBoxParams{Context: ctx, Registry: "acme", Box: "debian12", Data: &models.HashicorpCloudVagrant20220930Box{ShortDescription: strings.Repeat("a", 300)}}, nil)
	wantAnswer(t, err, 400, 3, "short_description is too long")
	read, err := c.ReadBox(&registries.ReadBoxParams{Context: ctx, Registry: "acme", Box: "debian12", Expanded: to(true)})
	if err != nil {
		t.Fatal(err)
	}
	box := read.Payload.Box
	if *box.State != models.HashicorpCloudVagrant20220930BoxStateAVAILABLE || box.Summary.VersionsCount != "1" || len(box.Summary.ProviderNames) != 1 {
		t.Errorf("%+v", box)
	}
	data := box.Versions[0].Providers[0].Architectures[0].BoxData
	if *data.ChecksumType != "SHA256" || data.Size != fmt.Sprint(len(b.file)) || !strings.HasSuffix(data.DownloadURL, "/acme/boxes/debian12/versions/1.0.0/providers/virtualbox/amd64/vagrant.box") {
		t.Errorf("%+v", data)
	}
	if !strings.HasPrefix(data.DownloadURL, "https://") {
		t.Errorf("who came over TLS is led away from it: %s", data.DownloadURL)
	}
	at := func(name string) *models.HashicorpCloudVagrant20220930Version {
		return &models.HashicorpCloudVagrant20220930Version{Name: name}
	}
	if _, err := c.UpdateVersion(&registries.UpdateVersionParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.0", Data: at("1.0.1")}, nil); err != nil {
		t.Error(err)
	}
	_, err = c.UpdateVersion(&registries.UpdateVersionParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.1", Data: at("latest")}, nil)
	wantAnswer(t, err, 400, 3, "name must be a version number")
	if _, err := c.RevokeVersion(&registries.RevokeVersionParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.1"}, nil); err != nil {
		t.Error(err)
	}
	vmware := &models.HashicorpCloudVagrant20220930Provider{Name: "vmware_desktop"}
	if _, err := c.UpdateProvider(&registries.UpdateProviderParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.1", Provider: "virtualbox", Data: vmware}, nil); err != nil {
		t.Error(err)
	}
	version, err := c.ReadVersion(&registries.ReadVersionParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.1"})
	if err != nil || *version.Payload.Version.State != "REVOKED" {
		t.Error(version, err)
	}
	p.wantPartsDeleted(t, c)
}

func (p *place) wantPartsDeleted(t *testing.T, c registries.ClientService) {
	t.Helper()
	ctx := t.Context()
	_, err := c.DeleteArchitecture(&registries.DeleteArchitectureParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.1", Provider: "vmware_desktop", Architecture: "amd64"}, nil)
	if err != nil {
		t.Error(err)
	}
	if _, err = c.DeleteProvider(&registries.DeleteProviderParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.1", Provider: "vmware_desktop"}, nil); err != nil {
		t.Error(err)
	}
	if _, err = c.DeleteVersion(&registries.DeleteVersionParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.1"}, nil); err != nil {
		t.Error(err)
	}
	gone, err := c.DeleteBox(&registries.DeleteBoxParams{Context: ctx, Registry: "acme", Box: "debian12"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	op := gone.Payload.Operation
	waited, err := connect(t).operations.Wait(&operations.WaitParams{Context: ctx, ID: op.ID, LocationOrganizationID: op.Location.OrganizationID, LocationProjectID: op.Location.ProjectID}, nil)
	if err != nil || *waited.Payload.Operation.State != "DONE" {
		t.Error(waited, err)
	}
	_, err = c.DeleteBox(&registries.DeleteBoxParams{Context: ctx, Registry: "acme", Box: "debian12"}, nil)
	wantAnswer(t, err, 404, 5, "box not found")
}

func TestListsArePaged(t *testing.T) {
	p := start(t)
	b := p.packer(t, "one")
	for _, version := range []string{"1.0.0", "1.1.0", "2.0.0"} {
		b.version, b.released = version, false
		if err := b.publish(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b"} {
		p.Box(t, p.ada, "acme", name, false)
	}
	ctx := t.Context()
	boxes, err := b.registry.ListBoxes(&registries.ListBoxesParams{Context: ctx, Registry: "acme", PaginationPageSize: to(int64(2))})
	if err != nil || len(boxes.Payload.Boxes) != 2 || boxes.Payload.Boxes[1].Name != "b" {
		t.Fatal(boxes, err)
	}
	boxes, err = b.registry.ListBoxes(&registries.ListBoxesParams{
		Context: ctx, Registry: "acme", Expanded: to(true), PaginationNextPageToken: &boxes.Payload.Pagination.NextPageToken,
	})
	if err != nil || len(boxes.Payload.Boxes) != 1 || len(boxes.Payload.Boxes[0].Versions) != 3 || boxes.Payload.Pagination.NextPageToken != "" {
		t.Fatal(boxes, err)
	}
	versions, err := b.registry.ListVersions(&registries.ListVersionsParams{Context: ctx, Registry: "acme", Box: "debian12", PaginationPageSize: to(int64(2))})
	if err != nil || len(versions.Payload.Versions) != 2 || versions.Payload.Versions[0].Name != "2.0.0" {
		t.Fatal(versions, err)
	}
	token := versions.Payload.Pagination.NextPageToken
	versions, err = b.registry.ListVersions(&registries.ListVersionsParams{Context: ctx, Registry: "acme", Box: "debian12", PaginationNextPageToken: &token})
	if err != nil || len(versions.Payload.Versions) != 1 || versions.Payload.Versions[0].Name != "1.0.0" {
		t.Error(versions, err)
	}
	providers, err := b.registry.ListProviders(&registries.ListProvidersParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.0"})
	if err != nil || len(providers.Payload.Providers) != 1 || providers.Payload.Providers[0].Summary.ArchitecturesCount != "1" {
		t.Error(providers, err)
	}
	list, err := b.registry.ListArchitectures(&registries.ListArchitecturesParams{Context: ctx, Registry: "acme", Box: "debian12", Version: "1.0.0", Provider: "virtualbox"})
	if err != nil || len(list.Payload.Architectures) != 1 || !list.Payload.Architectures[0].Default {
		t.Error(list, err)
	}
	for name, params := range map[string]registries.ListVersionsParams{
		"next_page_token": {PaginationNextPageToken: to("bm90aGluZw")}, "previous_page_token": {PaginationPreviousPageToken: to("eA")},
		"page_size": {PaginationPageSize: to(int64(-1))},
	} {
		params.Context, params.Registry, params.Box = ctx, "acme", "debian12"
		_, err = b.registry.ListVersions(&params)
		wantAnswer(t, err, 400, 3, "pagination."+name)
	}
}

func TestABoxIsFound(t *testing.T) {
	p := start(t)
	b := p.packer(t, "one")
	if err := b.publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	q := &registries.SearchParams{Context: t.Context(), Q: to("deb"), Providers: []string{"virtualbox"}, SortOrderBy: []string{"updated_at desc"}}
	found, err := b.registry.Search(q)
	for deadline := time.Now().Add(10 * time.Second); err == nil && len(found.Payload.Boxes) == 0; found, err = b.registry.Search(q) {
		if time.Now().After(deadline) { // the index follows the box within a moment
			t.Fatal("the box is not found")
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if one := found.Payload.Boxes[0]; one.BoxName != "debian12" || one.CurrentVersionName != "1.0.0" || one.ArchitectureTypes[0] != "amd64" {
		t.Errorf("%+v", one)
	}
	_, err = b.registry.Search(&registries.SearchParams{Context: t.Context(), Providers: []string{"a", "b"}, SortOrderBy: []string{"name"}})
	wantAnswer(t, err, 400, 3, "providers must be one name; sort.order_by must be")
}

// What clients ask of the resource manager before they come to a registry.
func TestOrganizationsAndProjectsAreListed(t *testing.T) {
	start(t)
	runtime, err := httpclient.New(connect(t).settings)
	if err != nil {
		t.Fatal(err)
	}
	list, err := organizations.New(runtime, nil).OrganizationServiceList(&organizations.OrganizationServiceListParams{Context: t.Context()}, nil)
	if err != nil || len(list.Payload.Organizations) != 1 || list.Payload.Organizations[0].ID != "acme" {
		t.Fatal(list, err)
	}
	all, err := projects.New(runtime, nil).ProjectServiceList(&projects.ProjectServiceListParams{
		Context: t.Context(), ScopeID: to("acme"), ScopeType: to("ORGANIZATION"),
	}, nil)
	if err != nil || len(all.Payload.Projects) != 1 || all.Payload.Projects[0].Parent.ID != "acme" {
		t.Fatal(all, err)
	}
	one, err := projects.New(runtime, nil).ProjectServiceGet(&projects.ProjectServiceGetParams{Context: t.Context(), ID: "acme"}, nil)
	if err != nil || one.Payload.Project.Name != "acme" {
		t.Error(one, err)
	}
	of, err := organizations.New(runtime, nil).OrganizationServiceGet(&organizations.OrganizationServiceGetParams{Context: t.Context(), ID: "acme"}, nil)
	if err != nil || *of.Payload.Organization.State != "ACTIVE" {
		t.Error(of, err)
	}
}

// The client of a public box needs no credentials.
func TestAPublicBoxIsReadByStrangers(t *testing.T) {
	p := start(t)
	b := p.packer(t, "one")
	if err := b.publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"/boxes": 200, "/box/debian12": 200, "/box/debian12/version/1.0.0/provider/virtualbox/architecture/amd64/download": 200, "": 401,
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", p.URL+"/vagrant/2022-09-30/registry/acme"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.Send(t, req).Want(t, want)
	}
}
