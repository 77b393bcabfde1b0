package boxes

import (
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// apply puts what was sent into a box.
func apply(b *registry.Box, in api.BoxInput) {
	api.Set(&b.Name, in.Name)
	api.Set(&b.Description, in.Description)
	api.Set(&b.ShortDescription, in.ShortDescription)
	api.Set(&b.Readme, in.Readme)
	api.Set(&b.Public, in.IsPublic)
	api.Set(&b.GithubRepo, in.GithubRepo)
	api.Set(&b.WorkflowFile, in.WorkflowFile)
	api.Set(&b.CICDURL, in.CICDURL)
	if in.Published != nil {
		b.Unpublished = !*in.Published
	}
	if in.Metadata != nil {
		b.Metadata = registry.BoxMetadata(*in.Metadata).Known()
	}
}
