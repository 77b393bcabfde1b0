// Package settings is what a function on AWS is told by its environment. infra writes the
// variables and cloud reads them, both from this one struct.
package settings

import (
	"fmt"
	"reflect"
)

// Settings are the environment variables of a function, by their `env` tags. A field marked
// `required:"true"` must not be empty.
type Settings struct {
	// Route is the Name of the row that the function answers; empty means every row of its group.
	// One that no request starts has its own name here.
	Route string `env:"BOXVAULT_ROUTE"`
	// Table is the name of the DynamoDB table.
	Table string `env:"BOXVAULT_TABLE" required:"true"`
	// Bucket is the name of the S3 bucket.
	Bucket string `env:"BOXVAULT_BUCKET" required:"true"`
	// URL is how clients reach the registry, without a slash at the end. Empty: as the request says.
	URL string `env:"BOXVAULT_URL"`
	// SecretParameter is the SSM parameter (SecureString) that holds the keys of tokens.
	SecretParameter string `env:"BOXVAULT_SECRET_PARAMETER" required:"true"`
	// Edge is the path of the SSM parameters that tell about the CloudFront distribution that links to
	// files lead to; empty where there is none.
	Edge string `env:"BOXVAULT_EDGE"`
	// Signup is "open" or "invite"; see auth.Signup.
	Signup string `env:"BOXVAULT_SIGNUP"`
	// Origins are those whose pages may use the API, as route.ParseOrigins reads them. Functions are not told: API
	// Gateway answers for them.
	Origins string `env:"BOXVAULT_ORIGINS"`
	// Limits are requests a minute, as limit.ParseQuotas reads them; empty is limit.Defaults.
	Limits string `env:"BOXVAULT_LIMITS"`
	// WebhooksAllowPrivate is "true" where webhooks may lead to loopback and private addresses. No
	// stack sets it.
	WebhooksAllowPrivate string `env:"BOXVAULT_WEBHOOKS_ALLOW_PRIVATE"`
	// Mirrors is "true" where organizations may be mirrors of an upstream, and MirrorsAllowPrivate where
	// that may be at a private address, which no stack sets.
	Mirrors             string `env:"BOXVAULT_MIRRORS"`
	MirrorsAllowPrivate string `env:"BOXVAULT_MIRRORS_ALLOW_PRIVATE"`
	// MailFrom is who letters are from; empty: none are sent. They go by SES, or by the mail server
	// SMTP (smtp.ParseURL).
	MailFrom string `env:"BOXVAULT_MAIL_FROM"`
	SMTP     string `env:"BOXVAULT_SMTP"`
	// VerifyEmail "off" lets people sign in before they have proven their e-mail address.
	VerifyEmail string `env:"BOXVAULT_VERIFY_EMAIL"`
	// S3Endpoint is the S3 API as clients reach it, for emulators; empty on AWS.
	S3Endpoint string `env:"BOXVAULT_S3_ENDPOINT"`
	// Queue is the URL of the SQS queue that work for the janitor goes through; the functions behind
	// requests need it.
	Queue string `env:"BOXVAULT_QUEUE"`
}

// SecretLock is what the parameter has behind the name of SecretParameter that says who changes the keys.
const SecretLock = "-lock"

// The parameters below Settings.Edge.
const (
	EdgeURL  = "/url"  // where clients reach the distribution: scheme and host
	EdgeKeys = "/keys" // the keys that links are signed with, a SecureString
	// EdgeGroup is the id of the key group that knows their public halves, for who rotates them.
	EdgeGroup = "/group"
	// EdgeMark is the mark that the distribution puts on what it asks the API, in EdgeHeader: a SecureString.
	EdgeMark = "/mark"
)

// EdgeHeader is the header of EdgeMark. CloudFront puts its own value in the place of a viewer's.
const EdgeHeader = "X-Boxvault-Edge"

// Read fills Settings from the environment; getenv is os.Getenv.
func Read(getenv func(string) string) (Settings, error) {
	var s Settings
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := f.Tag.Get("env")
		v.Field(i).SetString(getenv(name))
		if v.Field(i).String() == "" && f.Tag.Get("required") == "true" {
			return s, fmt.Errorf("the environment variable %s is not set", name)
		}
	}
	return s, nil
}

// Environment returns the variables that are set, as infra gives them to a function.
func (s Settings) Environment() map[string]string {
	env := map[string]string{}
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		if value := v.Field(i).String(); value != "" {
			env[v.Type().Field(i).Tag.Get("env")] = value
		}
	}
	return env
}

// SendsMail reports whether the registry sends letters.
func (s Settings) SendsMail() bool { return s.MailFrom != "" || s.SMTP != "" }
