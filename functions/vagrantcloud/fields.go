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
	switch {
	case w.URL != nil:
		return s.link(e, p, a, w, caller)
	case a.File != nil && a.File.Elsewhere() && w.sum.Sum != "":
		a.File.Declared = w.sum
	default:
		a.Expect(w.sum)
	}
	return nil
}

// link has an architecture's file be elsewhere.
func (s *Service) link(e *publish.Edit, p *registry.Provider, a *registry.Architecture, w wanted, caller registry.Caller) error {
	if a.File != nil && a.File.URL == *w.URL && (w.sum.Sum == "" || w.sum == a.File.Declared) {
		return nil
	}
	if a.File != nil {
		if !e.Version.Replaceable(e.Policy) {
			return registry.Immutable(e.Version.Number, p.Name, a.Name)
		}
		e.Gone = append(e.Gone, *a.File)
	}
	file := registry.NewExternalFile(*w.URL, w.sum, caller.Username, s.Now())
	a.File, a.Expected, a.UpdatedAt = &file, nil, s.Now()
	return nil
}
