package api

import "github.com/boxvault/boxvault/shared/registry"

// Revised is part of every answer that shows one record: it makes the ETag, and is not in the body.
type Revised struct{ stamp string }

// At is an answer about a record at this revision.
func At(r registry.Revision) Revised { return Revised{r.Stamp()} }

// Stamp returns the revision's stamp; empty for an answer that came over the wire.
func (r Revised) Stamp() string { return r.stamp }
