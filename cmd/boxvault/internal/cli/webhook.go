package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

func newWebhookCmd(a *App) *cobra.Command {
	return group("webhook", "Have other systems told of what happens, and see what they were told",
		newWebhookCreateCmd(a), newWebhookListCmd(a), newWebhookDeleteCmd(a),
		newWebhookPingCmd(a), newWebhookDeliveriesCmd(a), newWebhookRedeliverCmd(a))
}

// webhookOptions say which webhook is meant.
type webhookOptions struct {
	app          *App
	organization string
	yes          bool
}

func (o *webhookOptions) flag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.organization, "organization", "", "whose webhooks; left out: the platform's, for its admins")
}

func webhookID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, hint(usageError{fmt.Errorf("%q is no id of a webhook", text)}, "`boxvault webhook list` tells the ids")
	}
	return id, nil
}

type webhookCreateOptions struct {
	webhookOptions
	events      []string
	secret      bool
	description string
}

func newWebhookCreateCmd(a *App) *cobra.Command {
	o := webhookCreateOptions{webhookOptions: webhookOptions{app: a}}
	cmd := &cobra.Command{
		Use:   "create URL",
		Short: "Have a URL told of events",
		Long: `Have a URL told of events, by a POST of JSON that is signed: X-BoxVault-Signature is sha256= and the
HMAC-SHA256 of the body with the webhook's secret. The registry makes the secret and it is printed
this once, unless you bring your own with --secret-stdin.`,
		Example: `  boxvault webhook create https://ci.example.com/boxvault --organization acme --event box.released
  boxvault webhook create https://example.com/hook --secret-stdin < secret`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args[0]) },
	}
	o.flag(cmd)
	cmd.Flags().StringSliceVar(&o.events, "event", []string{"*"}, "an event to tell of; may be given more than once; left out: all")
	cmd.Flags().BoolVar(&o.secret, "secret-stdin", false, "read the secret from stdin, one line")
	cmd.Flags().StringVar(&o.description, "description", "", "what it is for")
	a.jsonFlag(cmd)
	return cmd
}

func (o *webhookCreateOptions) run(ctx context.Context, url string) error {
	in := api.WebhookInput{URL: &url, Events: o.events, Description: set(o.description)}
	if o.secret {
		secret, err := o.app.readLine()
		if err != nil {
			return usageError{fmt.Errorf("read the secret: %w", err)}
		}
		in.Secret = &secret
	}
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	made, err := c.CreateWebhook(ctx, o.organization, in)
	if err != nil {
		return err
	}
	o.app.say("made webhook %d for %s", made.ID, strings.Join(made.Events, ", "))
	if made.Secret == "" {
		return o.app.result(made, nil)
	}
	o.app.say("keep its secret now, it is not shown again")
	return o.app.result(made, func(w io.Writer) { fmt.Fprintln(w, made.Secret) })
}

func newWebhookListCmd(a *App) *cobra.Command {
	o := webhookOptions{app: a}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List webhooks",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.list(cmd.Context()) },
	}
	o.flag(cmd)
	a.jsonFlag(cmd)
	return cmd
}

func (o *webhookOptions) list(ctx context.Context) error {
	read := func(c *client.Client) ([]api.Webhook, error) { return c.Webhooks(ctx, o.organization) }
	return printList(o.app, read, []string{"ID", "ACTIVE", "EVENTS", "URL", "DESCRIPTION"}, func(h api.Webhook) []string {
		return []string{strconv.FormatInt(h.ID, 10), yesNo(h.Active), strings.Join(h.Events, ","), h.URL, h.Description}
	})
}

func newWebhookDeleteCmd(a *App) *cobra.Command {
	o := webhookOptions{app: a}
	cmd := &cobra.Command{
		Use:   "delete ID",
		Short: "Delete a webhook: it is told nothing from then on",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return o.delete(cmd.Context(), args[0]) },
	}
	o.flag(cmd)
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	return cmd
}

func (o *webhookOptions) delete(ctx context.Context, text string) error {
	id, err := webhookID(text)
	if err != nil {
		return err
	}
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	if err := o.app.confirm(o.yes, "delete webhook %d at %s?", id, c.URL()); err != nil {
		return err
	}
	if err := c.DeleteWebhook(ctx, o.organization, id); err != nil {
		return err
	}
	o.app.say("deleted webhook %d", id)
	return nil
}
