package registry

// The rules of giving other names to a version and what is in it.

// RenameProvider gives a provider another name. Conflict when that is taken by another one.
func (v *Version) RenameProvider(p *Provider, name string) error {
	if other := v.Provider(name); other != nil && other.ID != p.ID {
		return Errorf(Conflict, "provider %s already exists in version %s", name, v.Number)
	}
	if p.Name != name {
		p.Name = name
		p.moved()
	}
	return nil
}

// RenameArchitecture gives an architecture another name. Conflict when that is taken.
func (p *Provider) RenameArchitecture(a *Architecture, name string) error {
	if other := p.Architecture(name); other != nil && other.ID != a.ID {
		return Errorf(Conflict, "architecture %s already exists for provider %s", name, p.Name)
	}
	if a.Name != name {
		a.Name = name
		a.moved()
	}
	return nil
}

// moved has the files of a provider keep out of URLs that others may have had.
func (p *Provider) moved() {
	for _, a := range p.Architectures {
		a.moved()
	}
}

func (a Architecture) moved() {
	if a.File != nil {
		a.File.Distinct = true
	}
}

// Renumber gives the version another number.
func (v *Version) Renumber(n Number) {
	if v.Number != n {
		v.Number = n
		for i := range v.Providers {
			v.Providers[i].moved()
		}
	}
}
