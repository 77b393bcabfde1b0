// Package grant names what a function may do to the two stores and what is around them.
//
// A row of the route table asks for rights; infra turns them into the statements of the
// function's IAM role, and the embedded registry holds every store call against them, so that
// a right nobody asked for is missing in `go test` and not first on AWS.
package grant

import (
	"context"
	"strings"
)

// Right is one thing a route may do, or a set of them.
type Right uint16

// The rights, each with the AWS actions it stands for.
const (
	ReadItems          Right = 1 << iota // dynamodb:GetItem, BatchGetItem, Query
	WriteItems                           // dynamodb:PutItem, UpdateItem, DeleteItem, ConditionCheckItem
	ReadBlobs                            // s3:GetObject
	WriteBlobs                           // s3:PutObject, AbortMultipartUpload, ListMultipartUploadParts
	DeleteBlobs                          // s3:DeleteObject
	Sign                                 // ssm:GetParameter of the keys of tokens
	ImportCertificates                   // acm:ImportCertificate
	ReadStream                           // dynamodb:GetRecords, GetShardIterator, DescribeStream, ListStreams
	SendMessages                         // sqs:SendMessage
	TakeMessages                         // sqs:ReceiveMessage, DeleteMessage, GetQueueAttributes
	SignLinks                            // ssm:GetParameters of the keys that links to files are signed with
	SendMail                             // ses:SendEmail, SendRawEmail
)

// None asks for nothing.
const None Right = 0

var names = []struct {
	right Right
	name  string
}{
	{ReadItems, "read items"},
	{WriteItems, "write items"},
	{ReadBlobs, "read blobs"},
	{WriteBlobs, "write blobs"},
	{DeleteBlobs, "delete blobs"},
	{Sign, "sign"},
	{ImportCertificates, "import certificates"},
	{ReadStream, "read stream"},
	{SendMessages, "send messages"},
	{TakeMessages, "take messages"},
	{SignLinks, "sign links"},
	{SendMail, "send mail"},
}

// Has reports whether every right of want is in r.
func (r Right) Has(want Right) bool { return r&want == want }

// String lists the rights in r, comma separated, in the order of their declaration.
func (r Right) String() string {
	var list []string
	for _, n := range names {
		if r.Has(n.right) {
			list = append(list, n.name)
		}
	}
	return strings.Join(list, ", ")
}

// Missing is the error of a store that was asked for more than the route's row asked for.
type Missing struct{ Right Right }

// Error says which right the row has to ask for.
func (m Missing) Error() string { return "the route's row does not ask for: " + m.Right.String() }

type key struct{}

// With returns a context whose holder has the rights r and no others.
func With(ctx context.Context, r Right) context.Context { return context.WithValue(ctx, key{}, r) }

// Check returns Missing when the context carries rights and want is not among them.
// A context without rights belongs to no route (the janitor, a test) and may do everything.
func Check(ctx context.Context, want Right) error {
	have, limited := ctx.Value(key{}).(Right)
	if limited && !have.Has(want) {
		return Missing{want &^ have}
	}
	return nil
}
