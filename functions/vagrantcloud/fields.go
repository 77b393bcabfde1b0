package vagrantcloud

import (
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// wanted is what was sent of a provider, checked.
type wanted struct {
	wire.ProviderFields
	sum registry.Checksum
}

// check holds what was sent against what may be. Nothing and null change nothing; neither does an empty
// text, which clients send for what they know nothing of.
func check(in wire.ProviderFields) (w wanted, err error) {
	for _, text := range []**string{&in.URL, &in.Checksum, &in.ChecksumType, &in.Architecture} {
		if *text != nil && **text == "" {
			*text = nil
		}
	}
	w.ProviderFields = in
	var wrong registry.Fields
	var sum, algorithm string
	api.Set(&sum, in.Checksum)
	api.Set(&algorithm, in.ChecksumType)
	w.sum = registry.ParseChecksum(sum, algorithm, &wrong)
	if in.Name != nil {
		wrong.Check("name", registry.CheckName(*in.Name))
	}
	if in.Architecture != nil {
		wrong.Check("architecture", registry.CheckArchitectureName(*in.Architecture))
	}
	if in.URL != nil {
		wrong.Check("url", registry.CheckLink(*in.URL))
	}
	return w, wrong.Err()
}

// fill puts what was sent into an architecture. There is one default of a provider's at any time, so that
// it can be made it, and not be made not to be it.
func (s *Service) fill(e *publish.Edit, p *registry.Provider, a *registry.Architecture, w wanted, caller registry.Caller) error {
	if w.DefaultArchitecture != nil && *w.DefaultArchitecture {
		p.SetDefault(a.ID)
	}
	if w.URL != nil {
		return e.KeepElsewhere(p, a, *w.URL, w.sum, caller.Username, s.Now())
	}
	e.Say(a, w.sum)
	return nil
}
