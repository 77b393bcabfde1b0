package embedded_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
)

// Whoever signs up first is the platform admin: that must not be a stranger after half a restore.
func TestBoxFilesWithoutTheirRecordsAreNoNewRegistry(t *testing.T) {
	r := embeddedtest.Start(t)
	ada := r.SignUp(t, "ada")
	r.Organization(t, ada, "acme")
	box := r.Box(t, ada, "acme", "debian12", true)
	r.Do(t, "POST", box+"/version/1.0.0/provider/virtualbox/architecture/amd64/file/upload", ada, "a disk").Want(t, 200)
	r.Stop()

	records, files := filepath.Join(r.Data, "records.db"), filepath.Join(r.Data, "files")
	kept, err := os.ReadFile(records)
	if err != nil {
		t.Fatal(err)
	}
	for name, lose := range map[string]func() error{
		"missing": func() error { return os.Remove(records) },
		"empty":   func() error { return os.WriteFile(records, nil, 0o600) },
	} {
		if err := lose(); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, name, r.Data)
	}
	if info, err := os.Stat(records); err == nil && info.Size() > 0 {
		t.Error("the refused start has made records")
	}
	if err := os.WriteFile(records, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	restored := startIn(t, r.Data)
	restored.SignIn(t, "ada")
	restored.Stop()

	if err := os.Remove(records); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(files, files+".old"); err != nil {
		t.Fatal(err)
	}
	startIn(t, r.Data).SignUp(t, "bob")
}

func TestAFirstStartThatWasInterruptedIsMadeAgain(t *testing.T) {
	first := embeddedtest.Start(t)
	first.Stop()
	if err := os.Truncate(filepath.Join(first.Data, "records.db"), 0); err != nil { // before its first page was written
		t.Fatal(err)
	}
	startIn(t, first.Data).SignUp(t, "ada")
}

func startIn(t *testing.T, data string) *embeddedtest.Registry {
	t.Helper()
	return embeddedtest.Start(t, func(o *embedded.Options) { o.Data = data })
}

func wantRefused(t *testing.T, name, data string) {
	t.Helper()
	r, err := embedded.Open(embedded.Options{Addr: "127.0.0.1:0", Data: data})
	if err == nil {
		t.Fatalf("with records that are %s it starts: %v", name, r.Close())
	}
	for _, want := range []string{"restore " + filepath.Join(data, "records.db"), "move " + filepath.Join(data, "files") + " away"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("with records that are %s: %v, want %q in it", name, err, want)
		}
	}
}
