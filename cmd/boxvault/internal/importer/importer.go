// Package importer copies boxes from where they are now into a BoxVault registry. What the registry has
// already is all that an import remembers: a second one does what the first did not get to.
package importer

import (
	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/client/source"
	"github.com/boxvault/boxvault/shared/registry"
)

// Importer copies from a source to a registry.
type Importer struct {
	From source.Source
	To   *client.Client
	// Parallel is how many files are copied at once.
	Parallel int
	// Public and Private say who sees the boxes that are made; with neither, the source does.
	Public, Private bool
	// Display shows how it goes.
	Display Display
}

// Display hears how an import goes, from several goroutines at once.
type Display interface {
	// Begin tells that a file is going to be copied, and returns who hears how that goes.
	Begin(registry.Target) client.Progress
	// Ended tells what became of the file.
	Ended(registry.Target, Item)
}

// Move says which box to copy, and what it is to be called.
type Move struct {
	// Organization and Box are the names at the source; an empty Box is all boxes.
	Organization, Box string
	// ToOrganization and ToBox are the names at the registry; an empty ToBox stays as it is.
	ToOrganization, ToBox string
}
