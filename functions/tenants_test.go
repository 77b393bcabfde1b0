package functions_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/shared/route"
)

const tenantsFile = "testdata/tenants.txt"

var update = flag.Bool("update", false, "write what the registry answers into "+tenantsFile+"; read every line that changes")

// callers are the columns of the table, in their order.
var callers = []string{
	"stranger", "outsider", "member", "creator", "admin", "owner", "platform",
	"removed", "suspended", "service", "expired", "deleted", "foreign",
}

// blind are the callers who may not see acme.
var blind = []string{"stranger", "outsider", "removed", "suspended", "expired", "deleted", "foreign"}

// What a row answers to whom stands in a table that people can read. Who is refused changes nothing;
// after a change the next caller gets a registry as it was before.
func TestEveryRowAnswersEveryCallerAsTheTableSays(t *testing.T) {
	table := readTenants(t)
	rows := table.rows(t)
	before := build(t)
	seen := before.copy(t) // for all who only read
	t.Cleanup(func() { table.finish(t) })
	for i, line := range table {
		if line.name == "" {
			continue
		}
		t.Run(line.name, func(t *testing.T) {
			t.Parallel()
			table[i].got = line.walk(t, rows[line.row()], before, seen)
		})
	}
}

// walk asks for a row as everyone, and returns the statuses.
func (l tenantsLine) walk(t *testing.T, row route.Row, before, seen *town) (got []int) {
	at := seen
	if changes(row) {
		at = before.copy(t)
	}
	for i, caller := range callers {
		asked := at.request(t, row, l.variant(), caller)
		a := at.ask(t, asked, caller)
		got = append(got, a.Status)
		if !*update && a.Status != l.want[i] {
			t.Errorf("%s as %s: got %d, want %d\n%s %s\n%s", l.name, caller, a.Status, l.want[i], asked.method, asked.path, a.Body)
		}
		if slices.Contains(blind, caller) {
			at.tellsNothing(t, l, asked, caller, a)
		}
		if a.Status < 400 && changes(row) {
			at = before.copy(t)
		}
	}
	return got
}

func changes(row route.Row) bool {
	method, _ := route.Split(row.Pattern)
	return method != "GET" && method != ""
}

// tellsNothing fails the test when an answer has something private of acme in it, or tells who may
// not see acme that it is there.
func (w *town) tellsNothing(t *testing.T, l tenantsLine, asked request, caller string, a embeddedtest.Answer) {
	t.Helper()
	if bytes.Contains(bytes.ToLower(a.Body), []byte(secret)) || strings.Contains(fmt.Sprint(a.Header), secret) {
		t.Errorf("%s tells %s what is private: %v %s", l.name, caller, a.Header, a.Body)
	}
	if a.Status != 404 {
		return
	}
	for _, other := range missing(l.variant()) {
		q := request{asked.method, other.Replace(asked.path), []byte(other.Replace(string(asked.body))), asked.header}
		if none := w.ask(t, q, caller); none.Status != 404 || !bytes.Equal(none.Body, a.Body) {
			t.Errorf("%s can tell %s from %s: %s and %d %s", caller, asked.path, q.path, a.Body, none.Status, none.Body)
		}
	}
}

// missing turn a request into ones that must be answered just so: about nothing, and about something
// private by a name it had.
func missing(variant string) []*strings.Replacer {
	switch variant {
	case "":
		return []*strings.Replacer{
			strings.NewReplacer("/acme", "/nobody", `"acme"`, `"nobody"`), strings.NewReplacer("/acme", "/attic", `"acme"`, `"attic"`),
		}
	case "draft":
		return []*strings.Replacer{strings.NewReplacer("/2.0.0", "/9.9.9")}
	default:
		return []*strings.Replacer{strings.NewReplacer("/"+variant, "/nobody")}
	}
}

// tenants is the table as it is written: lines of statuses, and comments between them.
type tenants []tenantsLine

type tenantsLine struct {
	name    string // of the row, and in brackets which variant is meant; empty for a comment
	want    []int  // the status for each of the callers
	got     []int
	comment string
}

// row is the name of the row.
func (l tenantsLine) row() string {
	name, _, _ := strings.Cut(l.name, "(")
	return name
}

// variant is what the line is about when it is not about what is private.
func (l tenantsLine) variant() string {
	_, rest, _ := strings.Cut(l.name, "(")
	return strings.TrimSuffix(rest, ")")
}

func readTenants(t *testing.T) (table tenants) {
	t.Helper()
	raw, err := os.ReadFile(tenantsFile)
	if err != nil {
		t.Fatal(err)
	}
	for text := range strings.Lines(string(raw)) {
		fields := strings.Fields(text)
		switch {
		case len(fields) == 0 || strings.HasPrefix(text, "#"):
			table = append(table, tenantsLine{comment: text})
		case fields[0] == "row":
			if !slices.Equal(fields[1:], callers) {
				t.Errorf("the callers are %v, and the columns %v", callers, fields[1:])
			}
			table = append(table, tenantsLine{comment: text})
		default:
			table = append(table, tenantsLine{name: fields[0], want: statuses(t, fields)})
		}
	}
	return table
}

func statuses(t *testing.T, fields []string) (list []int) {
	t.Helper()
	for _, text := range fields[1:] {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Errorf("%s: %q is no status", fields[0], text)
		}
		list = append(list, n)
	}
	if len(list) != len(callers) && !*update {
		t.Fatalf("%s has %d statuses for %d callers", fields[0], len(list), len(callers))
	}
	return list
}

// rows are the rows by name. Each has a line, and each line has one.
func (table tenants) rows(t *testing.T) map[string]route.Row {
	t.Helper()
	rows := map[string]route.Row{}
	for _, row := range functions.Routes() {
		rows[row.Name] = row
		if !slices.ContainsFunc(table, func(l tenantsLine) bool { return l.name == row.Name }) {
			t.Errorf("%s has no line in functions/%s: what is it to answer to whom?", row.Name, tenantsFile)
		}
	}
	names := map[string]bool{}
	for _, l := range table {
		if _, known := rows[l.row()]; l.name != "" && (!known || names[l.name]) {
			t.Fatalf("%s in %s is twice there, or there is no such row", l.name, tenantsFile)
		}
		names[l.name] = true
	}
	return rows
}

// finish writes the table anew when that was asked for.
func (table tenants) finish(t *testing.T) {
	if !*update {
		return
	}
	var out strings.Builder
	for _, l := range table {
		if l.name == "" {
			out.WriteString(l.comment)
			continue
		}
		fmt.Fprintf(&out, "%-32s", l.name)
		if l.got == nil { // -run left it out
			l.got = l.want
		}
		for i, status := range l.got {
			fmt.Fprintf(&out, " %*d", len(callers[i]), status)
		}
		out.WriteString("\n")
	}
	if err := os.WriteFile(tenantsFile, []byte(out.String()), 0o644); err != nil {
		t.Error(err)
	}
}
