package embedded_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestWrongOptionsAreToldByTheirFlags(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none.pem")
	for want, o := range map[string]embedded.Options{
		"--addr foo is no address":                                                         {Addr: "foo"},
		"--addr 127.0.0.1:99999 is no address":                                             {Addr: "127.0.0.1:99999"},
		"--addr 0.0.0.0:80 is not an address that clients":                                 {Addr: "0.0.0.0:80"},
		"--url must be like https://":                                                      {URL: "foo"},
		"--addr foo is no address to listen on: write it as 127.0.0.1:3000; --url must be": {Addr: "foo", URL: "ftp://a"},
		"--smtp must be like smtp://":                                                      {SMTP: "foo"},
		"--mail-from must be an e-mail address":                                            {SMTP: "smtp://mail.example.com"},
		"--smtp is wrong: port must be":                                                    {SMTP: "smtp://mail.example.com:0?from=a@example.com"},
		"--verify-email on needs --smtp, or BOXVAULT_SMTP":                                 {VerifyEmail: embedded.On},
		"--tls-cert and --tls-key are needed both":                                         {TLSCert: none},
		"--tls-cert and --tls-key are needed both: TLS":                                    {TLSKey: none},
		"--tls-cert and --tls-key are no certificate with its key: ":                       {TLSCert: none, TLSKey: none},
	} {
		o.Data = filepath.Join(t.TempDir(), "data")
		_, err := embedded.Open(o)
		if registry.KindOf(err) != registry.Invalid || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if _, err := os.Stat(o.Data); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the data folder was made all the same", want)
		}
	}
}

// Where letters are not sent, addresses are not proven, unless that was asked for in so many words.
func TestNobodyHasToAskForUnprovenAddresses(t *testing.T) {
	for _, verify := range []embedded.Switch{"", embedded.Off} {
		o := embedded.Options{Addr: "127.0.0.1:0", URL: "https://boxes.example.com", Data: t.TempDir(), VerifyEmail: verify}
		r, err := embedded.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// That somebody else listens there is no mistake in the command line.
func TestATakenAddressIsNoWrongOption(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, err = embedded.Open(embedded.Options{Addr: taken.Addr().String(), Data: t.TempDir()})
	if registry.KindOf(err) != registry.Internal || !strings.Contains(err.Error(), "choose another address with --addr") {
		t.Errorf("%v", err)
	}
}
