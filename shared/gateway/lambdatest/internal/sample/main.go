// Sample is the function that the tests of lambdatest run. INIT says how it starts; the event of an
// invocation says what it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Event is what the tests send.
type Event struct {
	Do       string
	Megabyte int
}

// Answer is what they get back.
type Answer struct {
	Function string
	Request  string
	ARN      string
	Left     time.Duration // until the deadline
	Secret   string        // the test's own environment must not be here
}

func main() {
	switch os.Getenv("INIT") {
	case "crash":
		fmt.Fprintln(os.Stderr, "no table")
		os.Exit(3)
	case "report":
		report(`{"errorType":"Settings","errorMessage":"BOXVAULT_TABLE is not set"}`)
		os.Exit(1)
	}
	lambda.Start(handle)
}

// report tells the Runtime API of a failed init, which the Go runtime client never does.
func report(body string) {
	url := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/init/error"
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil || resp.StatusCode != http.StatusAccepted {
		panic("the Runtime API took no init error")
	}
	_ = resp.Body.Close()
}

var held []byte

func handle(ctx context.Context, e Event) (Answer, error) {
	switch e.Do {
	case "fail":
		return Answer{}, errors.New("out of boxes")
	case "panic":
		panic("lost a box")
	case "hang":
		select {} // past the deadline
	case "grow":
		held = make([]byte, e.Megabyte<<20)
		for i := range held {
			held[i] = 1
		}
	}
	deadline, _ := ctx.Deadline()
	lc, _ := lambdacontext.FromContext(ctx)
	return Answer{
		Function: lambdacontext.FunctionName, Request: lc.AwsRequestID, ARN: lc.InvokedFunctionArn,
		Left: time.Until(deadline), Secret: os.Getenv("LAMBDATEST_SECRET"),
	}, nil
}
