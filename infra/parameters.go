package infra

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/route"
)

// Parameters are what a deployment may choose: CDK context values, given as `-c name=value`.
type Parameters struct {
	// Stack is the stack's name, in front of the names of functions, log groups and the
	// parameter of keys. 1 to 24 letters, digits and dashes. `-c stack=`, BoxVault by default.
	Stack string
	// URL is how clients reach the registry, scheme and host only. Empty takes it from each
	// request. `-c url=`
	URL string
	// Signup says who may make an account once the first one exists: "invite" or "open".
	// `-c signup=`, invite by default.
	Signup string
	// Origins are the origins whose pages may use the API from a browser, comma separated; "*" is
	// every one. `-c origins=`, none by default.
	Origins string
	// Limits are how many requests a minute are let through, see limit.ParseQuotas. `-c limits=`
	Limits string
	// LogDays is how long logs are kept, one of the periods that CloudWatch has. `-c logDays=`,
	// 30 by default.
	LogDays int
	// Functions is PerRoute or PerGroup. `-c functions=`, PerRoute by default.
	Functions string
	// S3Endpoint is the S3 API as clients reach it, for emulators; empty on AWS. `-c s3Endpoint=`
	S3Endpoint string
	// MailFrom is the address that mails are sent from, one that SES has verified, by itself or by its
	// domain. Empty: no mails are sent. `-c mailFrom=`
	MailFrom string
	// Mirrors "true" lets organizations be mirrors of other catalogues. `-c mirrors=`, false by default.
	Mirrors string
	// Table is the name of a table to go on with instead of a new one, and Stream the ARN of its stream: one
	// that was restored, or that a deleted stack left. `-c table=`, `-c stream=`, both or neither.
	Table, Stream string
	// Bucket is the name of a bucket to go on with instead of a new one. `-c bucket=`
	Bucket string
	// Alarms "true" adds alarms and a dashboard, which cost something each month. `-c alarms=`, false
	// by default, true when there is an AlarmMail.
	Alarms string
	// AlarmMail is the address that alarms are sent to; it is asked to confirm. `-c alarmMail=`
	AlarmMail string
	// Reserve is how many of its executions may run at a time, by function: "DoWork=10,SignIn=20". What is
	// reserved is taken from what the account's other functions share. `-c reserve=`, none by default.
	Reserve string
	// Edge "true" puts a CloudFront distribution in front, as a stack of its own. `-c edge=`, false by default.
	Edge string
	// Domain is the host name that the distribution answers to, and Certificate the ARN of a certificate for
	// it in ACM, in us-east-1. Empty: a name of CloudFront's own. `-c domain=`, `-c certificate=`
	Domain, Certificate string
	// PriceClass says which of CloudFront's locations answer: "100" those in North America and Europe, "200"
	// all but South America and Oceania, or "All". `-c priceClass=`, 100 by default.
	PriceClass string
	// Relay "true" adds a service that takes uploads of any size through the registry, as a stack of its own behind the
	// distribution. It costs each month, used or not. `-c relay=`, false by default.
	Relay string
	// Zones are the two zones of the region that the relay is in, comma separated. `-c zones=`, the region's
	// first two by default.
	Zones string
	// EdgeLogs "true" logs what the distribution is asked, without paths and queries. `-c edgeLogs=`, false by default.
	EdgeLogs string
	// Distribution is the id that CloudFront gave the distribution. Its logs and its alarm, which are in another
	// region, need it; make deploy finds it out. `-c distribution=`
	Distribution string
	// Assets is the folder with a folder for each group, which holds the group's binary.
	// `-c assets=`, ../build/lambda by default.
	Assets string
}

// How the rows are spread over functions.
const (
	PerRoute = "route" // one function for each row, with that row's rights
	PerGroup = "group" // one for each group, with the rights of all its rows
)

// Defaults are the parameters of a deployment that chooses nothing.
var Defaults = Parameters{
	Stack: "BoxVault", Signup: "invite", LogDays: 30, Functions: PerRoute, PriceClass: "100", Assets: "../build/lambda",
}

// ReadParameters takes the values that were given over the defaults. lookup returns the context
// value of a name, empty when there is none.
func ReadParameters(lookup func(name string) string) (Parameters, error) {
	p := Defaults
	for name, field := range p.named() {
		if value := lookup(name); value != "" {
			*field = value
		}
	}
	if p.URL == "" && hostName.MatchString(p.Domain) { // functions are asked by API Gateway's host, whoever asked the distribution
		p.URL = "https://" + p.Domain
	}
	if days := lookup(logDays); days != "" {
		var err error
		if p.LogDays, err = strconv.Atoi(days); err != nil {
			return p, fmt.Errorf("logDays=%s: must be a number of days", days)
		}
	}
	return p, p.check()
}

// logDays is the context name of the one parameter that is a number.
const logDays = "logDays"

// named are the other parameters by their context names.
func (p *Parameters) named() map[string]*string {
	return map[string]*string{
		"stack": &p.Stack, "url": &p.URL, "signup": &p.Signup, "origins": &p.Origins, "limits": &p.Limits,
		"functions": &p.Functions, "s3Endpoint": &p.S3Endpoint, "mailFrom": &p.MailFrom, "mirrors": &p.Mirrors,
		"table": &p.Table, "stream": &p.Stream, "bucket": &p.Bucket,
		"alarms": &p.Alarms, "alarmMail": &p.AlarmMail, "reserve": &p.Reserve, "assets": &p.Assets,
		"edge": &p.Edge, "domain": &p.Domain, "certificate": &p.Certificate, "priceClass": &p.PriceClass,
		"relay": &p.Relay, "zones": &p.Zones,
		"edgeLogs": &p.EdgeLogs, "distribution": &p.Distribution,
	}
}

// A function's name has 64 characters at most: the stack's, a dash and a row's, which has up to 39.
var (
	stackName    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,23}$`)
	resourceName = regexp.MustCompile(`^[A-Za-z0-9_.-]{3,255}$`)
)

func (p Parameters) check() error {
	var wrong []error
	refuse := func(bad bool, name string, value any, must string) {
		if bad {
			wrong = append(wrong, fmt.Errorf("%s=%v: must be %s", name, value, must))
		}
	}
	refuse(!stackName.MatchString(p.Stack), "stack", p.Stack, "1 to 24 letters, digits and dashes, a letter first")
	refuse(p.URL != "" && !isOrigin(p.URL), "url", p.URL, "like https://boxes.example.com, without a slash at the end")
	refuse(p.S3Endpoint != "" && !isOrigin(p.S3Endpoint), "s3Endpoint", p.S3Endpoint, "like http://localhost:4566")
	refuse(p.MailFrom != "" && !isAddress(p.MailFrom), "mailFrom", p.MailFrom, "an address alone, like boxes@example.com")
	refuse(p.Signup != "invite" && p.Signup != "open", "signup", p.Signup, "invite or open")
	refuse(p.Functions != PerRoute && p.Functions != PerGroup, "functions", p.Functions, "route or group")
	refuse(retentions[p.LogDays] == "", "logDays", p.LogDays, "1, 3, 5, 7, 14, 30, 60, 90, 180, 365 or 731")
	refuse(p.Mirrors != "" && p.Mirrors != "true" && p.Mirrors != "false", "mirrors", p.Mirrors, "true or false")
	refuse(p.Table != "" && !resourceName.MatchString(p.Table), "table", p.Table, "the name of a table, with its stream")
	refuse((p.Table == "") != (p.Stream == "") || p.Stream != "" && !strings.Contains(p.Stream, ":table/"+p.Table+"/stream/"),
		"stream", p.Stream, "the ARN of the stream of the table (LatestStreamArn), given together with it")
	refuse(p.Bucket != "" && !resourceName.MatchString(p.Bucket), "bucket", p.Bucket, "the name of a bucket")
	refuse(p.Alarms != "" && p.Alarms != "true" && p.Alarms != "false", "alarms", p.Alarms, "true or false")
	refuse(p.AlarmMail != "" && (!isAddress(p.AlarmMail) || p.Alarms == "false"), "alarmMail", p.AlarmMail, "an address alone, and alarms not false")
	_, err := p.reserved()
	refuse(err != nil, "reserve", p.Reserve, "like DoWork=10,SignIn=20")
	_, err = route.ParseOrigins(p.Origins)
	refuse(err != nil, "origins", p.Origins, "like https://boxes.example.com, comma separated, or *")
	_, err = limit.ParseQuotas(p.Limits)
	refuse(err != nil, "limits", p.Limits, "like address=1200,account=3000,sensitive=120, or off")
	return errors.Join(append(wrong, p.checkEdge()...)...)
}

// isOrigin reports whether the text is scheme and host and nothing else.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && text == u.Scheme+"://"+u.Host
}

// isAddress reports whether the text is a mail address without a name to it.
func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}

// secretParameter is the name of the SSM parameter with the keys of tokens. It is no resource of the
// stack: a function makes it (newTokenKeys), so that no secret is in a template.
func (p Parameters) secretParameter() string { return "/" + p.Stack + "/token-secret" }

func (p Parameters) binaries(group string) string { return filepath.Join(p.Assets, group) }

func (p Parameters) checkBuilt(groups []functions.Group) error {
	var names []string
	for _, g := range groups {
		names = append(names, g.Name)
	}
	var files []string
	names = append(names, deployment.BehindGroup, deployment.KeysGroup)
	if p.hasEdge() {
		names = append(names, deployment.EdgeGroup)
	}
	for _, name := range names {
		files = append(files, filepath.Join(p.binaries(name), deployment.Handler))
	}
	if p.hasRelay() {
		files = append(files, filepath.Join(p.binaries(deployment.RelayGroup), deployment.RelayGroup))
	}
	for _, path := range files {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("the functions are not built, run make lambda: %w", err)
		}
	}
	return nil
}
