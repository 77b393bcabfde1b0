package cloud

import (
	"errors"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Configuration reads region and credentials, which Lambda gives to every function
// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html) and which do not change
// while the process lives. Other sources, such as a shared file or a container's, do not exist
// there.
func Configuration(getenv func(string) string) (aws.Config, error) {
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

// Endpoint returns the URL of an emulator for a service, or nil. The names are the SDK's own
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html), which without
// LoadDefaultConfig it does not read.
func Endpoint(service string) *string {
	for _, name := range []string{"AWS_ENDPOINT_URL_" + service, "AWS_ENDPOINT_URL"} {
		if url := os.Getenv(name); url != "" {
			return &url
		}
	}
	return nil
}
