package grant

import (
	"slices"
	"testing"
)

func TestAllowancesOfARight(t *testing.T) {
	for _, c := range []struct {
		right Right
		want  []Allowance
	}{
		{None, nil},
		{ReadItems, []Allowance{{Table, []string{"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}}}},
		{Sign | ReadBlobs | DeleteBlobs, []Allowance{
			{Bucket, []string{"s3:ListBucket"}},
			{Objects, []string{"s3:GetObject", "s3:DeleteObject"}},
			{Secret, []string{"ssm:GetParameter"}},
		}},
		{ImportCertificates, []Allowance{{Certificates, []string{"acm:ImportCertificate"}}}},
		{WriteItems | WriteBlobs, []Allowance{
			{Table, []string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"}},
			{Objects, []string{"s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"}},
		}},
	} {
		if got := c.right.Allowances(); !slices.EqualFunc(got, c.want, sameAllowance) {
			t.Errorf("%v is allowed %v, want %v", c.right, got, c.want)
		}
	}
}

// A right without actions would be granted to a function as nothing at all.
func TestEveryRightAllowsSomething(t *testing.T) {
	for _, n := range names {
		if len(n.right.Allowances()) == 0 {
			t.Errorf("%s stands for no action", n.name)
		}
	}
}

func sameAllowance(a, b Allowance) bool { return a.On == b.On && slices.Equal(a.Actions, b.Actions) }
