// Package acm gives certificates to AWS Certificate Manager, whose ARN a domain of API Gateway or a
// distribution of CloudFront refers to. Source: docs.aws.amazon.com/acm/latest/APIReference,
// ImportCertificate.
package acm

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/smithy-go"

	"github.com/boxvault/boxvault/shared/certificate"
	"github.com/boxvault/boxvault/shared/registry"
)

// Manager imports certificates into ACM, in the client's region. The role needs
// acm:ImportCertificate.
type Manager struct{ Client *acm.Client }

var _ certificate.Installer = Manager{}

// Install imports a pair. The id is its ARN, which stays the same when it is replaced, so that what
// refers to it goes on; one that was deleted meanwhile is made anew, with another ARN. ACM gives a
// replaced certificate to the services that use it within minutes.
//
// Two that are the first at the same time make two certificates, of which one is never referred to;
// that one costs nothing.
func (m Manager) Install(ctx context.Context, p certificate.Pair, arn string) (string, error) {
	in := &acm.ImportCertificateInput{Certificate: p.Leaf, PrivateKey: p.Key}
	if len(p.Chain) > 0 {
		in.CertificateChain = p.Chain
	}
	if arn != "" {
		in.CertificateArn = &arn
	}
	out, err := m.Client.ImportCertificate(ctx, in)
	if code(err) == "ResourceNotFoundException" && arn != "" {
		in.CertificateArn = nil
		out, err = m.Client.ImportCertificate(ctx, in)
	}
	if err != nil {
		return "", failure(err)
	}
	return aws.ToString(out.CertificateArn), nil
}

// failure tells the caller what ACM does not take. All else is ours to look after.
func failure(err error) error {
	switch c := code(err); {
	case strings.HasPrefix(c, "Invalid") || c == "ValidationException":
		return registry.Wrong("cert", "is refused by ACM: "+message(err))
	case c == "LimitExceededException" || c == "ServiceQuotaExceededException":
		return registry.Errorf(registry.Conflict, "ACM takes no more certificates in this account: %s", message(err))
	default:
		return err
	}
}

func code(err error) string {
	var answer smithy.APIError
	if !errors.As(err, &answer) {
		return ""
	}
	return answer.ErrorCode()
}

func message(err error) string {
	var answer smithy.APIError
	errors.As(err, &answer)
	return answer.ErrorMessage()
}
