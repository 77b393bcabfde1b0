package main

import (
	"errors"
	"log/slog"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/cmd/boxvault/internal/cli"
	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/route"
)

func newServeCmd(version string) *cobra.Command {
	o, logs := embedded.Options{Version: version, Command: os.Args[0]}, logOptions{}
	cmd := &cobra.Command{
		Use:     "serve",
		GroupID: cli.GroupRegistry,
		Short:   "Run a registry in this process",
		Long: `Run a whole registry in this process: the BoxVault API, Vagrant's API and downloads, and the files.

Everything is kept in the data folder, which is all there is to back up. Where the registry is, and
on the first start what to do next, is printed on stdout; a line for each request, as JSON, goes to
stderr or to --log-file, which may be moved away at any time: a new one is begun. Ctrl-C lets requests that are under way come to their end; a second one does not wait.`,
		Example: `  boxvault serve
  boxvault serve --addr 0.0.0.0:443 --url https://boxes.example.com --tls-cert cert.pem --tls-key key.pem`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, file, err := logs.open(cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			slog.SetDefault(log) // for what the stores say
			o.Log = log
			return errors.Join(embedded.Run(cmd.Context(), o, cmd.OutOrStdout()), file.Close())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Addr, "addr", "127.0.0.1:3000", "address to listen on; port 0 takes a free one")
	flags.StringVar(&o.Data, "data", "./data", "folder to keep everything in; made when it is not there")
	flags.StringVar(&o.URL, "url", "", "how clients reach the registry; left out: as --addr says")
	flags.Func("signup", "who may make an account, `open|invite`; left out: open on this machine only", func(s string) (err error) {
		o.Signup, err = auth.ParseSignup(s)
		return err
	})
	flags.Func("metrics", "who may read /metrics, `open|token`; left out: open on this machine only", func(s string) (err error) {
		o.Metrics, err = metrics.ParseAccess(s)
		return err
	})
	flags.Func("log-format", "how the log looks, `json|text`; left out: json", logs.setFormat)
	flags.StringVar(&logs.file, "log-file", "", "file to append the log to; left out: stderr")
	flags.Func("origins", "`origins` whose pages may use the API, comma separated, * for all; left out: the registry's own", func(s string) (err error) {
		o.Origins, err = route.ParseOrigins(s)
		return err
	})
	flags.Func("limits", "`requests` a minute for address=, account=, sensitive=, or off (default address=1200,account=3000,sensitive=120)", func(s string) (err error) {
		o.Limits, err = limit.ParseQuotas(s)
		return err
	})
	flags.Func("trusted-proxies", "`networks` of the proxies in front, comma separated, whose X-Forwarded-For is believed", func(s string) (err error) {
		o.Proxies, err = route.ParseProxies(s)
		return err
	})
	allow, _ := strconv.ParseBool(os.Getenv(allowPrivate)) // what is no answer is a no
	flags.BoolVar(&o.WebhooksPrivate, "webhooks-allow-private", allow, "let webhooks lead to this machine and private networks; also "+allowPrivate+"=true")
	flags.BoolVar(&o.Mirrors, "mirrors", false, "let organizations mirror another catalogue, see boxvault org mirror")
	flags.BoolVar(&o.MirrorsPrivate, "mirrors-private", false, "the same, also of catalogues on this machine and in private networks")
	flags.StringVar(&o.SMTP, "smtp", os.Getenv("BOXVAULT_SMTP"), "mail server, as `smtp://user:password@host:587`; left out: BOXVAULT_SMTP, else no letters are sent")
	flags.Lookup("smtp").DefValue = "" // it has a password
	flags.StringVar(&o.MailFrom, "mail-from", os.Getenv("BOXVAULT_MAIL_FROM"), "who letters are from, `address`; left out: BOXVAULT_MAIL_FROM")
	flags.Func("verify-email", "whether people prove their address before they sign in, `on|off`; left out: on where letters are sent, but not on a registry of this machine only", func(s string) (err error) {
		o.VerifyEmail, err = embedded.ParseSwitch(s)
		return err
	})
	flags.BoolVar(&o.PrivateMail, "private-mail", false, "let platform admins try mail servers at private addresses; on this machine only they may")
	flags.StringVar(&o.TLSCert, "tls-cert", "", "PEM file of the certificate; left out: plain HTTP, and TLS once one is uploaded")
	flags.StringVar(&o.TLSKey, "tls-key", "", "PEM file of the certificate's key")
	return cmd
}

// allowPrivate is the variable that stands for --webhooks-allow-private.
const allowPrivate = "BOXVAULT_WEBHOOKS_ALLOW_PRIVATE"
