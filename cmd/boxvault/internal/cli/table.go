package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/boxvault/boxvault/client"
)

// printList prints what the registry answers as a table with a row for each.
func printList[T any](a *App, read func(*client.Client) ([]T, error), heads []string, row func(T) []string) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	list, err := read(c)
	if err != nil {
		return err
	}
	return a.result(list, func(w io.Writer) { tableOf(w, list, heads, row) })
}

// tableOf prints a row for each of a list, below the heads.
func tableOf[T any](w io.Writer, list []T, heads []string, row func(T) []string) {
	rows := [][]string{heads}
	for _, one := range list {
		rows = append(rows, row(one))
	}
	table(w, rows)
}

// table prints rows with their columns aligned.
func table(w io.Writer, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			row[i] = strings.Join(strings.Fields(cell), " ") // a cell has one line
		}
		fmt.Fprintln(t, strings.TrimRight(strings.Join(row, "\t"), "\t "))
	}
	t.Flush()
}
