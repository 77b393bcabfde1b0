// Package cloud opens what a function on AWS works with: the table, the bucket and the keys of
// tokens. Everything is told by settings and by the variables that Lambda itself sets.
//
// It is made to start fast and small, as every function pays for it in its init. Measured with a
// function that uses all of both stores (x86-64, two busy cores, median of 40 starts, from the start
// of the process to its first request for an invocation):
//
//	                                        init    memory    zip
//	a function without any client           2.5 ms   6.0 MiB  2.6 MB
//	as here                                 4.0 ms   9.2 MiB  3.9 MB
//	with config.LoadDefaultConfig          +0.6 ms  +1.9 MiB  +0.6 MB
//	with the SDK's client for SSM          +1.0 ms  +2.5 MiB  +0.3 MB
//
// So aws.Config is made by hand from the environment, see Configuration, and the two calls to SSM
// are made here, see ssm.
package cloud

import (
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	blobs "github.com/boxvault/boxvault/shared/blobstore/s3"
	"github.com/boxvault/boxvault/shared/gateway"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/settings"
)

// Cloud is what a function works with. It is safe for use at the same time.
type Cloud struct {
	Items itemstore.Store
	Blobs blobstore.Store

	keys *keyring.Cache
	edge *edge
}

// Open makes the clients that the settings ask for, for a function. It sends nothing; its error is about an
// environment without region or credentials.
func Open(s settings.Settings) (*Cloud, error) {
	cfg, err := Configuration(os.Getenv)
	if err != nil {
		return nil, err
	}
	return OpenWith(cfg, s), nil
}

// OpenWith makes the clients for who has another configuration than a function. It sends nothing.
//
// An emulator's endpoint is in AWS_ENDPOINT_URL, or in AWS_ENDPOINT_URL_S3 and its kin for one
// service. Buckets are then named in the path, as their names resolve to nothing.
func OpenWith(cfg aws.Config, s settings.Settings) *Cloud {
	table := dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) { o.BaseEndpoint = Endpoint("DYNAMODB") })
	bucket := s3.NewFromConfig(cfg, at(Endpoint("S3")))
	clients := bucket // as clients reach it
	if s.S3Endpoint != "" {
		clients = s3.NewFromConfig(cfg, at(&s.S3Endpoint))
	}
	parameters := newSSM(cfg, Endpoint("SSM"))
	c := &Cloud{
		Items: dynamo.Open(table, s.Table),
		Blobs: blobs.Open(bucket, s3.NewPresignClient(clients), s.Bucket),
		keys:  &keyring.Cache{Read: tokenKeys(parameters, s.SecretParameter), Now: time.Now},
	}
	if s.Edge != "" {
		c.edge = &edge{parameters: parameters, path: s.Edge, now: time.Now}
		c.Blobs = cloudfront.Open(c.Blobs, c.edge.current, time.Now)
	}
	return c
}

// at puts an S3 client at an endpoint; nil is AWS's own.
func at(endpoint *string) func(*s3.Options) {
	return func(o *s3.Options) {
		o.BaseEndpoint = endpoint
		o.UsePathStyle = endpoint != nil
	}
}

// Start answers the events of API Gateway with h. It does not return.
func Start(h http.Handler) {
	lambda.Start(gateway.Handler(h))
}
