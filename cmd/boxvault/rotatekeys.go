package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/cmd/boxvault/internal/cli"
	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/shared/keyring"
)

func newRotateKeysCmd() *cobra.Command {
	var data string
	var endAll bool
	cmd := &cobra.Command{
		Use:     "rotate-keys",
		GroupID: cli.GroupRegistry,
		Short:   "Make the next key that a registry signs sessions and links with",
		Long: `Make the next key that the registry in a data folder signs sessions and links with, whether it runs or not.

The key signs 15 minutes later; what was signed before stays good for its time, which is 7 days at the most.
Nothing has to be restarted. With --end-all the new key is the only one: within 5 minutes, or with
the next start, everyone has to sign in again, and links for uploads are void. That is for a secret that somebody
else knows; tokens of service accounts stay good.`,
		Example: `  boxvault rotate-keys --data ./data`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ring, err := embedded.RotateKeys(cmd.Context(), data, endAll, time.Now)
			if err != nil {
				return err
			}
			return showKeys(cmd.OutOrStdout(), ring)
		},
	}
	cmd.Flags().StringVar(&data, "data", "./data", "folder of the registry")
	cmd.Flags().BoolVar(&endAll, "end-all", false, "end all sessions, and links for uploads, now")
	return cmd
}

// showKeys says since when each key signs.
func showKeys(out io.Writer, ring keyring.Ring) error {
	for _, k := range ring {
		since := k.Since.Format(time.RFC3339)
		if k.Since.Equal(keyring.Ever) {
			since = "the beginning"
		}
		if _, err := fmt.Fprintf(out, "%-10s signs from %s on\n", k.ID, since); err != nil {
			return err
		}
	}
	return nil
}
