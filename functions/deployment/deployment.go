// Package deployment says what the rows become on AWS: which Lambda functions there are, what each
// may do and which routes of the HTTP API lead to it; and of those behind requests, what starts them. infra writes it down with the CDK,
// template.yaml with SAM.
package deployment

import (
	"fmt"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

// What all functions have in common.
const (
	// Runtime runs a program that is called Handler.
	Runtime      = "provided.al2023"
	Handler      = "bootstrap"
	Architecture = "arm64"
	// Timeout in seconds of one that answers requests: one less than the HTTP API waits, so that the function's own log tells
	// what it was doing.
	Timeout = 29
	// Memory in MB of a function whose row names none.
	Memory = 128
	// Rate and Burst are how many requests a second the HTTP API lets through in all, before a
	// function is paid for: what the functions count, each instance counts for itself.
	Rate  = 1000
	Burst = 2000
	// AccessLog is the line that the HTTP API logs for each request. Query and path are left out:
	// they may hold an access token, or one that was sent by mail.
	AccessLog = `{"time":"$context.requestTime","request":"$context.requestId","ip":"$context.identity.sourceIp",` +
		`"method":"$context.httpMethod","route":"$context.routeKey","status":"$context.status",` +
		`"bytes":"$context.responseLength","ms":"$context.responseLatency","error":"$context.integrationErrorMessage",` +
		`"agent":"$context.identity.userAgent"}`
)

// Function is one Lambda function.
type Function struct {
	// Name is unique, letters and digits only.
	Name        string
	Description string
	// Group is the folder whose binary runs.
	Group string
	// Route is the Name of the one row it answers; empty means every row of the group.
	Route string
	// Keys are the route keys of the HTTP API that lead to the function.
	Keys []string
	// On is what starts the function when no request does.
	On    behind.Trigger
	Needs grant.Right
	// Memory in MB.
	Memory int
	// Timeout in seconds.
	Timeout int
}

// PerRoute returns one function for each row: each can do what its row needs and no more.
func PerRoute(groups []functions.Group) (list []Function) {
	for _, g := range groups {
		for _, row := range g.Rows {
			list = append(list, Function{
				Name:        row.Name,
				Description: row.Summary,
				Group:       g.Name,
				Route:       row.Name,
				Keys:        Keys(row),
				Needs:       row.Needs,
				Memory:      memory(row),
				Timeout:     Timeout,
			})
		}
	}
	return list
}

// PerGroup returns one function for each group, which can do what any of its rows needs.
func PerGroup(groups []functions.Group) (list []Function) {
	for _, g := range groups {
		f := Function{
			Name:        g.Name,
			Description: fmt.Sprintf("All %d routes of functions/%s.", len(g.Rows), g.Name),
			Group:       g.Name,
			Timeout:     Timeout,
		}
		for _, row := range g.Rows {
			f.Keys = append(f.Keys, Keys(row)...)
			f.Needs |= row.Needs
			f.Memory = max(f.Memory, memory(row))
		}
		list = append(list, f)
	}
	return list
}

func memory(row route.Row) int {
	if row.Memory == 0 {
		return Memory
	}
	return row.Memory
}
