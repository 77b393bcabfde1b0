package webhook

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

var at = time.Date(2026, 11, 22, 7, 36, 0, 120e6, time.FixedZone("", 3600))

func uploaded() registry.Event {
	return registry.Event{
		ID: 11, Type: registry.BoxUploaded, At: at, OrganizationID: 22, Organization: "myorg",
		By:   registry.Author{Account: 33, Username: "ada", Address: "192.0.2.7", Request: "a-request"},
		Data: map[string]any{"organization": "myorg", "box": "debian", "version": "1.0.0", "note": "<b>&</b>"},
	}
}

func TestTheBodyOfAnEvent(t *testing.T) {
	program := uploaded()
	program.By.ServiceAccount, program.By.Username = 44, "ada-c1"
	for want, e := range map[string]registry.Event{
		`{"id":11,"event":"box.uploaded","timestamp":"2026-11-22T06:36:00.12Z","organization":"myorg","organizationId":22,` +
			`"actor":{"id":33,"username":"ada","isServiceAccount":false},` +
			`"data":{"box":"debian","note":"<b>&</b>","organization":"myorg","version":"1.0.0"}}`: uploaded(),
		`{"id":11,"event":"box.uploaded","timestamp":"2026-11-22T06:36:00.12Z","organization":"myorg","organizationId":22,` +
			`"actor":{"id":44,"username":"ada-c1","isServiceAccount":true},` +
			`"data":{"box":"debian","note":"<b>&</b>","organization":"myorg","version":"1.0.0"}}`: program,
		`{"id":5,"event":"settings.changed","timestamp":"2026-11-22T06:36:00.12Z","organization":null,"actor":null,"data":{}}`: {
			ID: 5, Type: registry.SettingsChanged, At: at,
		},
	} {
		if got, err := Body(e); err != nil || string(got) != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
}

// What an event is stored as and read again makes the same bytes: attempts of one delivery have
// one signature.
func TestAStoredEventHasTheSameBody(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 500 {
		e := hostileEvent(random)
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var stored registry.Event
		if err := json.Unmarshal(raw, &stored); err != nil {
			t.Fatal(err)
		}
		if fresh, again := body(t, e), body(t, stored); fresh != again {
			t.Fatalf("%s, and once stored %s", fresh, again)
		}
	}
}

func TestBodiesSurviveNode(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	bodies := []string{body(t, uploaded())}
	for range 5000 {
		bodies = append(bodies, body(t, hostileEvent(random)))
	}
	for i, again := range inJavaScript(t, bodies) {
		if again != bodies[i] {
			t.Fatalf("node makes %s of %s", again, bodies[i])
		}
	}
}

func body(t *testing.T, e registry.Event) string {
	t.Helper()
	got, err := Body(e)
	if err != nil || !json.Valid(got) {
		t.Fatalf("%s, %v", got, err)
	}
	return string(got)
}

// hostileEvent has in its names and data what people and stores can put there.
func hostileEvent(r *rand.Rand) registry.Event {
	e := uploaded()
	e.Organization, e.By.Username = hostileText(r), hostileText(r)
	e.Data = hostileValue(r, 3, 4).(map[string]any)
	return e
}

func hostileValue(r *rand.Rand, depth, kind int) any {
	switch {
	case kind == 4 && depth > 0:
		object := map[string]any{}
		for range r.IntN(6) {
			name := strings.ToValidUTF8(hostileText(r), "?") // names are words of ours
			object[name] = hostileValue(r, depth-1, r.IntN(6))
		}
		return object
	case kind == 5 && depth > 0:
		return []any{hostileValue(r, depth-1, r.IntN(6)), hostileText(r), nil}
	case kind == 1:
		return r.Int64() - r.Int64()
	case kind == 2:
		return []float64{math.Copysign(0, -1), 1e21, 1e-7, math.MaxFloat64, 0.1 + 0.2, r.NormFloat64()}[r.IntN(6)]
	case kind == 3:
		return r.IntN(2) == 0
	}
	return hostileText(r)
}

func hostileText(r *rand.Rand) string {
	some := []string{"<", "\u2028", "\x00", "\xff", "\xed\xa0\x80", "📦", "\"", "\\u0041", "a", "7", "10", "__proto__", "&amp;"}
	text := ""
	for range r.IntN(4) {
		text += some[r.IntN(len(some))]
	}
	return text
}

// Express answers 413 to what is over 100 kB: the event must arrive all the same.
func TestALargeEventIsToldWithoutItsLargestMembers(t *testing.T) {
	e := uploaded()
	e.Data["readme"] = strings.Repeat("<\u2028>", 60_000)
	e.Data["notes"] = strings.Repeat("n", MaxBody)
	for i := range 40 {
		e.Data[fmt.Sprintf("text%02d", i)] = strings.Repeat("t", 1800)
	}
	raw := body(t, e)
	var told api.WebhookEvent
	if err := json.Unmarshal([]byte(raw), &told); err != nil || len(raw) > MaxBody {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	if !slices.Contains(told.Omitted, "readme") || !slices.Contains(told.Omitted, "notes") || !slices.IsSorted(told.Omitted) {
		t.Errorf("omitted %q", told.Omitted)
	}
	if told.Data["box"] != "debian" || told.Data["version"] != "1.0.0" || len(told.Data)+len(told.Omitted) != len(e.Data) {
		t.Errorf("%d members are told, %d named, of %d", len(told.Data), len(told.Omitted), len(e.Data))
	}
	if again := body(t, e); again != raw {
		t.Error("the same event has another body the second time")
	}
}

func TestAnEventThatCannotBeWrittenIsAnError(t *testing.T) {
	e := uploaded()
	e.Data["x"] = math.NaN()
	if got, err := Body(e); err == nil {
		t.Errorf("%s", got)
	}
}

// The value is that of RFC 4231, test case 2.
func TestSignatures(t *testing.T) {
	body := []byte("what do ya want for nothing?")
	const want = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	if got := Sign("Jefe", body); got != want {
		t.Error(got)
	}
	if !Verify("Jefe", body, want) {
		t.Error("the signature is not accepted")
	}
	for name, wrong := range map[string]bool{
		"secret": Verify("jefe", body, want), "body": Verify("Jefe", body[1:], want), "nothing": Verify("Jefe", body, ""),
		"bare": Verify("Jefe", body, want[len("sha256="):]), "upper case": Verify("Jefe", body, strings.ToUpper(want)),
	} {
		if wrong {
			t.Errorf("accepted with another %s", name)
		}
	}
}
