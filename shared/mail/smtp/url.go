package smtp

import (
	"errors"
	"net/url"
	"strconv"
)

// Errors of ParseURL. They have nothing of the URL in them: a password that is not written as it
// must be can end up in any part of it.
var (
	errURL   = errors.New("must be like smtp://user:password@mail.example.com:587, with %40 for @ and so on in user and password")
	errQuery = errors.New("may have only tls and from after the question mark, each once")
	errBoth  = errors.New("smtps is implicit TLS; leave tls out, or write smtp")
)

// ParseURL reads a mail server from one line of settings:
//
//	smtp://user:password@mail.example.com:587?tls=starttls&from=boxvault@example.com
//	smtps://user:password@mail.example.com
//	smtp://localhost:25?tls=none
//
// smtp has port 587 and StartTLS unless it says otherwise, smtps port 465 and Implicit. User and
// password are percent-encoded. What is wrong with the values themselves, Check tells.
func ParseURL(s string) (Config, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Opaque != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return Config{}, errURL
	}
	c := Config{Host: u.Hostname(), User: u.User.Username()}
	c.Pass, _ = u.User.Password()
	switch u.Scheme {
	case "smtp":
		c.Port, c.TLS = 587, StartTLS
	case "smtps":
		c.Port, c.TLS = 465, Implicit
	default:
		return Config{}, errURL
	}
	if port := u.Port(); port != "" {
		if c.Port, err = strconv.Atoi(port); err != nil {
			return Config{}, errURL
		}
	}
	if err := c.query(u); err != nil {
		return Config{}, err
	}
	return c, nil
}

func (c *Config) query(u *url.URL) error {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return errQuery
	}
	for key, value := range values {
		switch {
		case key == "from" && len(value) == 1:
			c.From = value[0]
		case key == "tls" && len(value) == 1 && u.Scheme == "smtps":
			return errBoth
		case key == "tls" && len(value) == 1:
			c.TLS = TLS(value[0])
		default:
			return errQuery
		}
	}
	return nil
}
