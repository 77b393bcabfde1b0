package importer

import (
	"github.com/boxvault/boxvault/shared/registry"
)

// Items are what is in the plan, in the order in which the source has it.
func (p *Plan) Items() (items []Item) {
	for _, b := range p.boxes {
		if b.err != nil {
			items = append(items, Item{Box: b.tag(), State: Failed, Error: reason(b.err)})
			continue
		}
		for _, v := range b.versions {
			items = append(items, v.items(b)...)
		}
	}
	return items
}

func (v *version) items(b *box) (items []Item) {
	about := Item{Box: b.tag(), Version: v.from.Number}
	switch {
	case v.err != nil:
		about.State, about.Error = Failed, reason(v.err)
		items = append(items, about)
	case v.held:
		about.State, about.Note = Held, "it stays unreleased until all of its files are there"
		items = append(items, about)
	}
	for _, f := range v.files {
		items = append(items, f.item())
	}
	return items
}

func (f *file) item() Item {
	i := itemOf(f.target)
	i.State, i.Note, i.File = f.state, f.note, f.from.Name
	if f.size >= 0 {
		size := f.size
		i.Size = &size
	}
	if f.err != nil {
		i.Error = reason(f.err)
	}
	return i
}

func itemOf(t registry.Target) Item {
	return Item{Box: t.Organization + "/" + t.Box, Version: string(t.Version), Provider: t.Provider, Architecture: t.Architecture}
}
