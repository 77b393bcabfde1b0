// Command lambda is the functions of behind on AWS; BOXVAULT_ROUTE says which one.
package main

import (
	"errors"
	"fmt"
	"os"

	aws "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/cloud/sender"
	"github.com/boxvault/boxvault/shared/post"
	"github.com/boxvault/boxvault/shared/queue"
	"github.com/boxvault/boxvault/shared/settings"
)

func main() {
	c, s := lambda.Open(letters)
	q, err := openQueue(s)
	if err != nil {
		lambda.Fail(c.Log, err)
	}
	c.Uploads.Patience = behind.Patience
	on := events{behind.Service{Janitor: c.Janitor(), Queue: q, Log: c.Log}}
	handler, known := map[string]any{
		behind.ForwardWork: on.newWork, behind.DoWork: on.messages, behind.SweepWork: on.schedule,
	}[s.Route]
	if !known {
		lambda.Fail(c.Log, fmt.Errorf("BOXVAULT_ROUTE is %q, which is no function of behind", s.Route))
	}
	aws.Start(handler)
}

// letters has the janitor send letters, where the settings say by what.
func letters(o *core.Options, s settings.Settings) error {
	by, err := sender.Open(s)
	if err != nil || by == nil {
		return err
	}
	o.Mail.Letters = post.Office{Sender: by, Tokens: o.Tokens, URL: s.URL, Log: o.Log, Now: o.Now}.Send
	return nil
}

func openQueue(s settings.Settings) (*queue.Queue, error) {
	if s.Queue == "" {
		return nil, errors.New("the environment variable BOXVAULT_QUEUE is not set")
	}
	cfg, err := cloud.Configuration(os.Getenv)
	if err != nil {
		return nil, err
	}
	client := sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.BaseEndpoint = cloud.Endpoint("SQS") })
	return queue.Open(client, s.Queue), nil
}
