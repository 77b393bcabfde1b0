package cloud

import (
	"errors"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// configuration reads region and credentials, which Lambda gives to every function
// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html) and which do not change
// while the process lives. Other sources, such as a shared file or a container's, do not exist
// there.
func configuration(getenv func(string) string) (aws.Config, error) {
	region := getenv("AWS_REGION")
	id, key := getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY")
	switch {
	case region == "":
		return aws.Config{}, errors.New("the environment variable AWS_REGION is not set")
	case id == "" || key == "":
		return aws.Config{}, errors.New("the environment has no AWS credentials")
	}
	return aws.Config{
		Region:      region,
		Credentials: credentials.NewStaticCredentialsProvider(id, key, getenv("AWS_SESSION_TOKEN")),
	}, nil
}

// endpoint returns the URL of an emulator for a service, or nil. The names are the SDK's own
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html), which without
// LoadDefaultConfig it does not read.
func endpoint(service string) *string {
	for _, name := range []string{"AWS_ENDPOINT_URL_" + service, "AWS_ENDPOINT_URL"} {
		if url := os.Getenv(name); url != "" {
			return &url
		}
	}
	return nil
}

// Configuration is region and credentials for a client that is not opened here, and the URL of an
// emulator for its service, nil for AWS.
func Configuration(service string) (aws.Config, *string, error) {
	cfg, err := configuration(os.Getenv)
	return cfg, endpoint(service), err
}
