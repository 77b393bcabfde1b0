package boxes

import (
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// apply puts what was sent into a box, but for its name, and checks all of it.
func apply(b *registry.Box, in api.BoxInput) error {
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
	name := b.Name
	api.Set(&name, in.Name)
	return check(*b, name)
}

func check(b registry.Box, name string) error {
	var wrong registry.Fields
	wrong.Check("name", registry.CheckName(name))
	wrong.Check("description", registry.CheckText(b.Description, 4096))
	wrong.Check("shortDescription", registry.CheckText(b.ShortDescription, 255))
	wrong.Check("readme", registry.CheckText(b.Readme, 64<<10))
	wrong.Check("githubRepo", registry.CheckRepository(b.GithubRepo))
	wrong.Check("workflowFile", registry.CheckWorkflow(b.WorkflowFile))
	wrong.Check("cicdUrl", registry.CheckLink(b.CICDURL))
	wrong.Check("metadata", b.Metadata.Check())
	return wrong.Err()
}
