// Package route is the vocabulary of the route table: a row is plain data that names a pattern, a
// handler and what the handler needs. The server, the functions on AWS, template.yaml and the
// documentation are all made from the rows.
//
// A handler is a function from caller and request to response or error; decoding, identity,
// rights, errors, encoding and logging happen once, in the Shell.
package route

import (
	"strings"

	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/registry"
)

// Row is one route.
type Row struct {
	// Pattern is method and path as http.ServeMux writes them. GET answers HEAD as well.
	// The path "/" alone, without a method, is whatever no other row takes.
	Pattern string
	// Also lists further patterns for the same handler, with the same path parameters or fewer.
	Also []string
	// Alias is what else the path of Pattern may begin with, instead of its part before the first
	// parameter. It is for a path that ServeMux would take for ambiguous beside another row's.
	Alias string
	// Name is the operation, in camel case, unique: the function on AWS has it, and the log.
	Name    string
	Summary string
	Access  Access
	// Steady rows answer strangers even when a token cannot be looked at, since the records are out of
	// reach: that is what they are to tell.
	Steady bool
	// Needs is what the handler does to the stores, and no more.
	Needs grant.Right
	// Status of a successful answer; 0 is 200.
	Status int
	// Stays tells who asks by an earlier name of an organization so, by an error, and does not lead to the
	// other name: its clients follow no redirect.
	Stays bool
	// Dialect is the shape of errors.
	Dialect Dialect
	// Sensitive routes try passwords or tokens, or send letters: each address has a smaller quota for
	// all of them together.
	Sensitive bool
	// Relayed rows take a body as large as a box file, or say where one is to be PUT, at the host that they were
	// asked at. A function gets no such body: where there is a relay (functions/relay), it answers them.
	Relayed bool
	// Memory in MB for the function on AWS; 0 is 128.
	Memory int
	// Handler is what To made of a Service's method.
	Handler Endpoint
	// Answers are how the row succeeds, where the handler's type does not say: a Document has its
	// content type here, and `any` what it may be. It is read by what describes the rows, only.
	Answers []Answer
	// Errors are the kinds of error that neither access nor needs nor parameters of the row let
	// expect, for what describes the rows.
	Errors []registry.Kind
}

// Answer is one way in which a row succeeds.
type Answer struct {
	// Status; 0 is the row's, but for a Redirect (302) and a Sketch (200, to HEAD alone).
	Status int
	// As is a value of the type that is written: a Redirect, a Sketch, a Document that has nothing
	// but its content type, or anything else for its JSON.
	As any
	// Summary says when; empty where it goes without saying.
	Summary string
}

// Access says who may call a route at all; what they may do to a record is decided where the
// record is read.
type Access uint8

// The kinds of access.
const (
	// Anyone is asked for no token; one that is sent is looked at, and a bad one is passed over
	// with a Warning header.
	Anyone Access = iota
	// Known callers are people and service accounts.
	Known
	// People are callers with an account of their own; service accounts are refused.
	People
)

// String returns the word for the access in documents.
func (a Access) String() string { return [...]string{"anyone", "known", "people"}[a] }

// Dialect is the shape of error bodies.
type Dialect uint8

// The dialects.
const (
	BoxVault Dialect = iota // {"success":false,"error":CODE,"message":…,"details":…}
	Vagrant                 // {"errors":[…],"success":false}, as Vagrant's clients read it
	Text                    // the message as plain text, for what is no API
	HCP                     // google.rpc.Status, as HashiCorp's cloud answers: {"code":…,"message":…,"details":[…]}
	OAuth                   // {"error":…,"error_description":…}: RFC 6749, 5.2
)

// Patterns returns Pattern and Also.
func (r Row) Patterns() []string { return append([]string{r.Pattern}, r.Also...) }

// Split returns the method (empty: any) and the path of a pattern.
func Split(pattern string) (method, path string) {
	if before, after, ok := strings.Cut(pattern, " "); ok {
		return before, after
	}
	return "", pattern
}
