package hcp

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	operations "github.com/hashicorp/hcp-sdk-go/clients/cloud-operation/stable/2020-05-05/client/operation_service"
	cloud "github.com/hashicorp/hcp-sdk-go/clients/cloud-shared/v1/models"
	registries "github.com/hashicorp/hcp-sdk-go/clients/cloud-vagrant-box-registry/stable/2022-09-30/client/registry_service"
	"github.com/hashicorp/hcp-sdk-go/clients/cloud-vagrant-box-registry/stable/2022-09-30/models"
)

// packer publishes a box as post-processor/hcp-vagrant-registry of github.com/hashicorp/packer-plugin-vagrant
// v1.1.7 does: the same operations in the same order, each asked for first and made when it is not there.
type packer struct {
	clients
	web                         *http.Client
	registryName, box, version  string
	provider, architecture      string
	file                        []byte
	private                     bool
	through                     bool   // not direct: no_direct_upload
	downloadURL                 string // instead of a file
	checksum                    string
	checksumType                string
	described                   string
	noRelease                   bool
	putURL                      func(string) string // where a PUT goes; nil is there
	released, created, uploaded bool
}

// absent reports whether an error says that something is not there.
func absent(err error) bool {
	a, ok := err.(answered)
	return ok && a.Code() == http.StatusNotFound
}

func (p *packer) publish(ctx context.Context) error {
	for _, step := range []func(context.Context) error{p.makeBox, p.makeVersion, p.makeProvider, p.makeArchitecture, p.upload, p.release} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p *packer) makeBox(ctx context.Context) error {
	_, err := p.registry.ReadBox(&registries.ReadBoxParams{Context: ctx, Registry: p.registryName, Box: p.box})
	if !absent(err) {
		return err
	}
	made, err := p.registry.CreateBox(&registries.CreateBoxParams{Context: ctx, Registry: p.registryName, Data: &models.HashicorpCloudVagrant20220930Box{
		Name: p.box, Description: p.described, IsPrivate: p.private,
	}}, nil)
	if err != nil {
		return err
	}
	p.created = true
	op := made.Payload.Operation
	waited, err := p.operations.Wait(&operations.WaitParams{
		Context: ctx, ID: op.ID, LocationOrganizationID: op.Location.OrganizationID,
		LocationProjectID: op.Location.ProjectID, Timeout: to("60s"),
	}, nil)
	if err != nil {
		return err
	}
	if told := waited.Payload.Operation; told.Error != nil || *told.State != cloud.HashicorpCloudOperationOperationStateDONE {
		return fmt.Errorf("the operation is %+v", told)
	}
	return nil
}

func (p *packer) makeVersion(ctx context.Context) error {
	read, err := p.registry.ReadVersion(&registries.ReadVersionParams{Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version})
	if err == nil {
		p.released = *read.Payload.Version.State != models.HashicorpCloudVagrant20220930VersionStateUNRELEASED
	}
	if !absent(err) {
		return err
	}
	made, err := p.registry.CreateVersion(&registries.CreateVersionParams{Context: ctx, Registry: p.registryName, Box: p.box, Data: &models.HashicorpCloudVagrant20220930Version{
		Name: p.version, Description: p.described,
	}}, nil)
	if err == nil && *made.Payload.Version.State != models.HashicorpCloudVagrant20220930VersionStateUNRELEASED {
		err = fmt.Errorf("a new version is %s", *made.Payload.Version.State)
	}
	return err
}

func (p *packer) makeProvider(ctx context.Context) error {
	_, err := p.registry.ReadProvider(&registries.ReadProviderParams{Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version, Provider: p.provider})
	if !absent(err) {
		return err
	}
	_, err = p.registry.CreateProvider(&registries.CreateProviderParams{
		Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version, Data: &models.HashicorpCloudVagrant20220930Provider{Name: p.provider},
	}, nil)
	return err
}

func (p *packer) makeArchitecture(ctx context.Context) error {
	data := &models.HashicorpCloudVagrant20220930BoxData{
		DownloadURL: p.downloadURL, ChecksumType: models.HashicorpCloudVagrant20220930ChecksumTypeNONE.Pointer(),
	}
	if p.checksum != "" {
		data.Checksum, data.ChecksumType = p.checksum, to(models.HashicorpCloudVagrant20220930ChecksumType(p.checksumType))
	}
	_, err := p.registry.ReadArchitecture(&registries.ReadArchitectureParams{
		Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version, Provider: p.provider, Architecture: p.architecture,
	})
	switch {
	case absent(err):
		_, err = p.registry.CreateArchitecture(&registries.CreateArchitectureParams{
			Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version, Provider: p.provider,
			Data: &models.HashicorpCloudVagrant20220930Architecture{ArchitectureType: p.architecture, BoxData: data},
		}, nil)
	case err == nil:
		_, err = p.registry.UpdateArchitecture(&registries.UpdateArchitectureParams{
			Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version, Provider: p.provider, Architecture: p.architecture,
			Data: &models.HashicorpCloudVagrant20220930Architecture{BoxData: data},
		}, nil)
	}
	return err
}

func (p *packer) upload(ctx context.Context) error {
	switch {
	case p.downloadURL != "":
		return nil
	case p.through:
		link, err := p.registry.UploadBox(&registries.UploadBoxParams{
			Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version, Provider: p.provider, Architecture: p.architecture,
		}, nil)
		if err != nil {
			return err
		}
		return p.put(ctx, link.Payload.URL)
	}
	link, err := p.registry.DirectUploadBox(&registries.DirectUploadBoxParams{
		Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version, Provider: p.provider, Architecture: p.architecture,
	}, nil)
	if err == nil {
		err = p.put(ctx, link.Payload.URL)
	}
	if err != nil {
		return err
	}
	_, err = p.registry.CompleteDirectUploadBox(&registries.CompleteDirectUploadBoxParams{
		Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version, Provider: p.provider, Architecture: p.architecture,
		Object: link.Payload.Object,
	}, nil)
	return err
}

// put sends the file, three times at the most, with nothing that tells who it is.
func (p *packer) put(ctx context.Context, url string) error {
	if p.putURL != nil {
		url = p.putURL(url)
	}
	var status string
	for range 3 {
		req, err := http.NewRequestWithContext(ctx, http.MethodPut, url, bytes.NewReader(p.file))
		if err != nil {
			return err
		}
		resp, err := p.web.Do(req)
		if err != nil {
			return err
		}
		resp.Body.Close()
		if status = resp.Status; resp.StatusCode == http.StatusOK {
			p.uploaded = true
			return nil
		}
	}
	return fmt.Errorf("the file was answered %s", status)
}

func (p *packer) release(ctx context.Context) error {
	if p.noRelease || p.released {
		return nil
	}
	_, err := p.registry.ReleaseVersion(&registries.ReleaseVersionParams{Context: ctx, Registry: p.registryName, Box: p.box, Version: p.version}, nil)
	return err
}
