package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/shared/api"
)

func newWebhookPingCmd(a *App) *cobra.Command {
	o := webhookOptions{app: a}
	cmd := &cobra.Command{
		Use:   "ping ID",
		Short: "Send an event to a webhook to try it",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return o.ping(cmd.Context(), args[0]) },
	}
	o.flag(cmd)
	a.jsonFlag(cmd)
	return cmd
}

func (o *webhookOptions) ping(ctx context.Context, text string) error {
	id, err := webhookID(text)
	if err != nil {
		return err
	}
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	d, err := c.PingWebhook(ctx, o.organization, id)
	if err != nil {
		return err
	}
	o.app.say("delivery %s is on its way: `boxvault webhook deliveries %d` tells how it went", d.ID, id)
	return o.app.result(d, nil)
}

type deliveriesOptions struct {
	webhookOptions
	limit int
}

func newWebhookDeliveriesCmd(a *App) *cobra.Command {
	o := deliveriesOptions{webhookOptions: webhookOptions{app: a}}
	cmd := &cobra.Command{
		Use:   "deliveries ID",
		Short: "List what was and is to be sent to a webhook, the newest first",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args[0]) },
	}
	o.flag(cmd)
	cmd.Flags().IntVar(&o.limit, "limit", 20, "how many; 0: all of the last month")
	a.jsonFlag(cmd)
	return cmd
}

func (o *deliveriesOptions) run(ctx context.Context, text string) error {
	id, err := webhookID(text)
	if err != nil {
		return err
	}
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	list := []api.Delivery{}
	for d, err := range c.Deliveries(ctx, o.organization, id) {
		if err != nil {
			return err
		}
		list = append(list, d)
		if len(list) == o.limit {
			break
		}
	}
	return o.app.result(list, func(w io.Writer) { deliveryTable(w, list) })
}

func deliveryTable(w io.Writer, list []api.Delivery) {
	rows := [][]string{{"DELIVERY", "EVENT", "STATE", "ATTEMPTS", "LAST ATTEMPT", "NEXT ATTEMPT"}}
	for _, d := range list {
		next := ""
		if d.NextAt != nil {
			next = d.NextAt.UTC().Format(time.DateTime)
		}
		rows = append(rows, []string{d.ID, d.Event.Event, d.State, strconv.Itoa(d.Attempts), attempted(d.LastAttempt), next})
	}
	table(w, rows)
}

// attempted is how an attempt ended.
func attempted(a *api.DeliveryAttempt) string {
	switch {
	case a == nil:
		return ""
	case a.Error != "":
		return a.Error
	default:
		return fmt.Sprintf("%d in %d ms", a.Status, a.Millis)
	}
}

func newWebhookRedeliverCmd(a *App) *cobra.Command {
	o := webhookOptions{app: a}
	cmd := &cobra.Command{
		Use:   "redeliver ID DELIVERY",
		Short: "Send a delivery to a webhook once more",
		Args:  cobra.ExactArgs(2),
		RunE:  func(cmd *cobra.Command, args []string) error { return o.redeliver(cmd.Context(), args[0], args[1]) },
	}
	o.flag(cmd)
	a.jsonFlag(cmd)
	return cmd
}

func (o *webhookOptions) redeliver(ctx context.Context, text, delivery string) error {
	id, err := webhookID(text)
	if err != nil {
		return err
	}
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	d, err := c.Redeliver(ctx, o.organization, id, delivery)
	if err != nil {
		return err
	}
	o.app.say("delivery %s is on its way again", d.ID)
	return o.app.result(d, nil)
}
