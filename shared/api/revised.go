package api

// Revised is part of every answer that shows one record: it makes the ETag, and is not in the body.
type Revised struct{ stamp string }

// At is an answer about a record at the revision that it has, or about a registry.Revision.
func At(record interface{ Stamp() string }) Revised { return Revised{record.Stamp()} }

// Stamp returns the revision's stamp; empty for an answer that came over the wire.
func (r Revised) Stamp() string { return r.stamp }
