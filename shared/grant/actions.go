package grant

import "slices"

// Resource is what a right is about on AWS.
type Resource uint8

// The resources of a deployment.
const (
	Table        Resource = iota // the DynamoDB table
	Bucket                       // the S3 bucket itself
	Objects                      // every object in the bucket
	Secret                       // the SSM parameter that holds the keys of tokens
	Certificates                 // every certificate in ACM: which it is that is replaced, shows only later
	Stream                       // the changes of the table
	Queue                        // the queue of work for the janitor
	Links                        // the SSM parameters about the distribution that links to files lead to
	Mail                         // the address that mails are sent from
)

// Allowance is what an IAM policy has to allow on one resource.
type Allowance struct {
	On      Resource
	Actions []string
}

// allowances says in AWS's words what each right is; what is about one resource stands together.
// Transactions are allowed by the actions of their parts; starting and completing a multipart
// upload is s3:PutObject, and HEAD is GetObject. Streams and queues are read by Lambda itself, with the
// role of the function that it starts. To who may not list the bucket S3 answers 403 for
// an object that is not there, and not 404.
var allowances = []struct {
	right Right
	Allowance
}{
	{ReadItems, Allowance{Table, []string{"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}}},
	{WriteItems, Allowance{Table, []string{
		"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem",
	}}},
	{ReadBlobs, Allowance{Bucket, []string{"s3:ListBucket"}}},
	{ReadBlobs, Allowance{Objects, []string{"s3:GetObject"}}},
	{WriteBlobs, Allowance{Objects, []string{
		"s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
	}}},
	{DeleteBlobs, Allowance{Objects, []string{"s3:DeleteObject"}}},
	{Sign, Allowance{Secret, []string{"ssm:GetParameter"}}},
	{ImportCertificates, Allowance{Certificates, []string{"acm:ImportCertificate"}}},
	{ReadStream, Allowance{Stream, []string{
		"dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams",
	}}},
	{SendMessages, Allowance{Queue, []string{"sqs:SendMessage"}}},
	{TakeMessages, Allowance{Queue, []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}}},
	{SignLinks, Allowance{Links, []string{"ssm:GetParameters"}}},
	{SendMail, Allowance{Mail, []string{"ses:SendEmail", "ses:SendRawEmail"}}},
}

// Allowances returns what IAM has to allow for r and no more: at most one entry for a resource, in
// the order of the resources.
func (r Right) Allowances() []Allowance {
	var list []Allowance
	for _, a := range allowances {
		if !r.Has(a.right) {
			continue
		}
		if last := len(list) - 1; last >= 0 && list[last].On == a.On {
			list[last].Actions = slices.Concat(list[last].Actions, a.Actions)
		} else {
			list = append(list, a.Allowance)
		}
	}
	return list
}
