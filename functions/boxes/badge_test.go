package boxes_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// wellFormed fails the test unless the document is XML, and returns it.
func wellFormed(t *testing.T, a embeddedtest.Answer) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(a.Body)))
	for {
		_, err := d.Token()
		if err == io.EOF {
			return string(a.Body)
		}
		if err != nil {
			t.Fatalf("%v: %s", err, a.Body)
		}
	}
}

func TestABadgeHasTheNewestReleasedVersion(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	const path = "/badge/acme/debian.svg"
	r.Ask(t, "GET", path, "", nil).Want(t, 404) // no version
	for _, number := range []string{"1.10.0", "1.9.0"} {
		r.Upload(t, ada, box+"/version/"+number+"/provider/p/architecture/a", []byte("x")).Want(t, 200)
	}
	create[api.Version](t, r, box+"/version", ada, `{"version":"2.0.0"}`) // without a file
	for _, at := range []string{path, "/api" + path, "//badge//ACME/Debian.svg"} {
		a := r.Ask(t, "GET", at, "", nil).Want(t, 200)
		if svg := wellFormed(t, a); !strings.Contains(svg, ">1.10.0<") || !strings.Contains(svg, "#91c54e") || !strings.Contains(svg, `height="20"`) {
			t.Errorf("%s: %s", at, svg)
		}
		for header, want := range map[string]string{
			"Content-Type": "image/svg+xml", "Cache-Control": "max-age=300", "X-Content-Type-Options": "nosniff",
		} {
			if got := a.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", at, header, got, want)
			}
		}
	}
	change[api.Version](t, r, box+"/version/1.10.0", ada, `{"deprecated":true,"deprecationReason":"<script>"}`)
	if svg := wellFormed(t, r.Ask(t, "GET", path, "", nil).Want(t, 200)); !strings.Contains(svg, ">deprecated<") || !strings.Contains(svg, "#c0392b") || strings.Contains(svg, "script") {
		t.Errorf("%s", svg)
	}
	r.Do(t, "PUT", box+"/version/1.10.0/revoke", ada, nil).Want(t, 200)
	if svg := wellFormed(t, r.Ask(t, "GET", path, "", nil).Want(t, 200)); !strings.Contains(svg, ">1.9.0<") {
		t.Errorf("%s", svg)
	}
}

// Whoever asks, there is no badge of what not everyone may see.
func TestThereIsNoBadgeOfAPrivateBox(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	publish(t, r, ada, box, "x")
	hidden := map[string]string{"private": `{"isPublic":false}`, "unpublished": `{"isPublic":true,"published":false}`}
	for what, body := range hidden {
		change[api.Box](t, r, box, ada, body)
		a := r.Ask(t, "GET", "/badge/acme/debian.svg", ada, nil).Want(t, 404)
		if a.Header.Get("Content-Type") != "text/plain; charset=utf-8" || strings.Contains(string(a.Body), "{") {
			t.Errorf("%s: %s %s", what, a.Header.Get("Content-Type"), a.Body)
		}
	}
	for _, path := range []string{"/badge/acme/debian", "/badge/acme/none.svg", "/badge/none/debian.svg", "/badge/acme/.svg", "/badge/boxes/debian.svg", "/badge/acme/%3Cscript%3E.svg"} {
		r.Ask(t, "GET", path, ada, nil).Want(t, 404)
	}
	r.Ask(t, "GET", "/acme/boxes/debian", ada, nil).Want(t, 200) // the path that a badge's looks like
}
