package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// Exit codes. The table is all there is: the help prints it, and exitCode reads it.
const (
	exitFailure     = 1
	exitUsage       = 2
	exitChecksum    = 6
	exitUnreachable = 7
	exitInterrupted = 130
)

var exits = []struct {
	code    int
	kinds   []registry.Kind // of the registry's errors that end with this code
	meaning string
}{
	{0, nil, "done"},
	{exitFailure, nil, "failed, in a way that no other code tells"},
	{exitUsage, []registry.Kind{registry.Invalid}, "the command line, or a value in it, is not as it must be"},
	{3, []registry.Kind{registry.Unauthenticated, registry.TokenExpired, registry.Forbidden}, "not signed in, or not allowed to"},
	{4, []registry.Kind{registry.NotFound, registry.Renamed}, "not found, or not visible to you"},
	{5, []registry.Kind{registry.Conflict, registry.Outdated, registry.KeyReused}, "something else is there already"},
	{exitChecksum, nil, "wrong checksum; nothing was kept"},
	{exitUnreachable, []registry.Kind{registry.Timeout, registry.RateLimited, registry.Upstream, registry.Busy}, "the registry cannot be reached, or is too busy: try again later"},
	{exitInterrupted, nil, "interrupted"},
}

func exitCodes() string {
	var b strings.Builder
	for _, e := range exits {
		fmt.Fprintf(&b, "  %-3d  %s\n", e.code, e.meaning)
	}
	return b.String()
}

func exitCode(err error) int {
	var checksum *client.ChecksumError
	var unreachable *client.Unreachable
	var told *registry.Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, new(interrupted)):
		return exitInterrupted
	case errors.As(err, new(usageError)):
		return exitUsage
	case errors.As(err, &checksum):
		return exitChecksum
	case errors.As(err, &unreachable):
		return exitUnreachable
	case errors.As(err, &told):
		return exitOf(told)
	}
	return exitFailure
}

func exitOf(e *registry.Error) int {
	if e.Kind == registry.BadUpload && e.Details["computed"] != nil {
		return exitChecksum
	}
	for _, exit := range exits {
		if slices.Contains(exit.kinds, e.Kind) {
			return exit.code
		}
	}
	return exitFailure
}

// hinted is an error that knows what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// hint adds what to do about an error; the first hint that it got stays.
func hint(err error, format string, args ...any) error {
	if errors.As(err, new(hinted)) {
		return err
	}
	return hinted{err, fmt.Sprintf(format, args...)}
}

// kindHints say what to do about errors that every command can meet.
var kindHints = map[registry.Kind]string{
	registry.Unauthenticated: "sign in with `boxvault login URL`, or set BOXVAULT_TOKEN",
	registry.TokenExpired:    "sign in again with `boxvault login URL`, or set BOXVAULT_TOKEN to a token that is valid",
	registry.NotFound:        "check the name; what is private is shown to members only: `boxvault whoami` tells who you are",
	registry.Full:            "the registry's disk is full: its administrator has to make room",
}

func hintFor(err error) string {
	var h hinted
	var told *registry.Error
	var unreachable *client.Unreachable
	switch {
	case errors.As(err, &h):
		return h.hint
	case errors.As(err, &unreachable):
		return "check the URL and the network; `boxvault --url URL …` talks to another registry"
	case errors.As(err, &told):
		return cmp.Or(kindHints[told.Kind], roleHint(told))
	}
	return ""
}

// roleHint says who may do what the caller may not. Other refusals than for want of a role, as of an address
// that is not proven, say themselves what to do.
func roleHint(e *registry.Error) string {
	need, _ := e.Details["requiredRole"].(string)
	have := fmt.Sprint(e.Details["currentRoles"])
	switch {
	case need == "":
		return ""
	case have == "[service account]":
		return "this takes a person, and no service account: sign in with `boxvault login URL`"
	case need == "platform admin", have == "[user]":
		return "ask the platform's admin; `boxvault whoami` tells who you are"
	}
	return "ask an admin or owner of the organization; `boxvault whoami` tells who you are"
}

// report tells what went wrong.
func (a *App) report(err error) {
	if a.json {
		a.reportJSON(err)
		return
	}
	fmt.Fprintln(a.Err, "boxvault: "+clean(err.Error()))
	for _, line := range details(err) {
		fmt.Fprintln(a.Err, "  "+clean(line))
	}
	if h := hintFor(err); h != "" {
		fmt.Fprintln(a.Err, "hint: "+h)
	}
}

// details lists what is wrong with each field of a request.
func details(err error) (lines []string) {
	var told *registry.Error
	if !errors.As(err, &told) || told.Kind != registry.Invalid {
		return nil
	}
	for field, why := range told.Details {
		lines = append(lines, fmt.Sprintf("%s %v", field, why))
	}
	slices.Sort(lines)
	return lines
}

func (a *App) reportJSON(err error) {
	body := api.Error{Code: "CLIENT_ERROR", Message: err.Error(), Details: map[string]any{}}
	var told *registry.Error
	if errors.As(err, &told) {
		body.Code = registry.Kinds[told.Kind].Code
		for key, value := range told.Details {
			body.Details[key] = value
		}
	}
	if h := hintFor(err); h != "" {
		body.Details["hint"] = h
	}
	body.Details["exitCode"] = exitCode(err)
	// An error here means that stderr is closed: there is nobody left to tell.
	_ = json.NewEncoder(a.Err).Encode(body)
}
