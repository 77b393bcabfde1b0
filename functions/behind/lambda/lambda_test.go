package main_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore"
)

const file = "/api/organization/acme/box/debian/version/1.0.0/provider/qemu/architecture/amd64"

// deleted makes a box with a file and deletes it, by the rows of the registry; all that was on the
// list before is struck off.
func (a *aws) deleted() {
	a.Helper()
	box := a.Box(a, a.owner, "acme", "debian", false)
	a.Upload(a, a.owner, file, []byte("x")).Want(a.T, 200)
	a.Sweep(a)
	a.Do(a, "DELETE", box, a.owner, nil).Want(a.T, 200)
}

// wantFileLeft wants what a deleted box leaves for an hour: its file.
func (a *aws) wantFileLeft() {
	a.Helper()
	list := a.list()
	if len(list) != 1 || list[0].Kind != catalog.DueBlobs || len(list[0].Blobs) != 1 {
		a.Errorf("left on the list are %+v", list)
	}
}

// A row deletes a box; the stream tells, the queue brings, and the records of the box are cleared.
func TestWhatAWriteLeavesGoesThroughStreamAndQueue(t *testing.T) {
	a := deploy(t)
	a.deleted()
	forward, work := a.start(behind.ForwardWork), a.start(behind.DoWork)
	for event := a.changes(); event != nil; event = a.changes() {
		if failed := a.invoke(forward, event); failed != nil {
			t.Fatalf("the stream was refused: %v", failed)
		}
		for a.deliver(work) != "" {
		}
	}
	a.wantFileLeft()
	// The mark that a file has left its URL stays for a while.
	page, err := a.Core.Items.Query(t.Context(), itemstore.Query{Partition: "box#acme/debian"})
	if err != nil || len(page.Items) != 1 || page.Items[0].Expires.IsZero() {
		t.Errorf("of the box are left %v, %v", page.Items, err)
	}
}

func TestOnlyNewWorkIsForwarded(t *testing.T) {
	a := deploy(t)
	var others []json.RawMessage
	if err := json.Unmarshal([]byte(golden(t, "others.json")), &others); err != nil {
		t.Fatal(err)
	}
	records := []string{golden(t, "insert.json", "${place}", "99990102T030405.000Z#1", "${sequence}", "1")} // too far away
	for _, other := range others {
		records = append(records, string(other))
	}
	if failed := a.invoke(a.start(behind.ForwardWork), batch(records...)); failed != nil {
		t.Errorf("refused are %v", failed)
	}
	if m := a.queue.Take(t, a.queue.URL, time.Second); m != nil {
		t.Errorf("the queue has %s", *m.Body)
	}
}

// The first change that cannot be sent is told, so that it and those behind it come again.
func TestTheStreamStopsWhereTheQueueDoes(t *testing.T) {
	a := deploy(t)
	f := a.start(behind.ForwardWork, "BOXVAULT_QUEUE", a.queue.URL+"-other")
	a.deleted()
	if failed := a.invoke(f, a.changes()); !slices.Equal(failed, []string{"1000"}) {
		t.Errorf("refused are %v", failed)
	}
}

// A function is killed when the work is done and not yet struck off: the message comes again.
func TestWorkIsDoneOnceWhenTheFunctionDiesInTheMiddle(t *testing.T) {
	a := deploy(t)
	a.deleted()
	a.invoke(a.start(behind.ForwardWork), a.changes())
	endpoint, held := a.holdingDeletes()
	dying, gone := a.start(behind.DoWork, tableAt, endpoint), make(chan error)
	dying.Timeout = 10 * time.Second // for so long nobody else does the work
	m := a.take(catalog.DueBox)
	go func() {
		_, err := dying.Invoke(a, batch(message(t, *m.MessageId, *m.Body)))
		gone <- err
	}()
	<-held
	dying.Kill()
	if err := <-gone; err == nil {
		t.Fatal("the function answered after it was killed")
	}
	if _, err := a.Core.Catalog.DueAt(t.Context(), *m.Body); err != nil {
		t.Fatalf("the work is off the list: %v", err)
	}
	a.workUntilDone(a.start(behind.DoWork), *m.Body)
	a.wantFileLeft()
}

// While the table turns everything away, messages and the schedule fail, so that Lambda comes again; then
// the work is done.
func TestWorkWaitsForATableThatIsThrottled(t *testing.T) {
	a := deploy(t)
	a.deleted()
	a.invoke(a.start(behind.ForwardWork), a.changes())
	endpoint, throttled := a.throttledTable()
	work, sweep := a.start(behind.DoWork, tableAt, endpoint), a.start(behind.SweepWork, tableAt, endpoint)
	m := a.take(catalog.DueBox)
	if failed := a.invoke(work, batch(message(t, *m.MessageId, *m.Body))); !slices.Equal(failed, []string{*m.MessageId}) {
		t.Errorf("refused are %v", failed)
	}
	if _, err := sweep.Invoke(t, json.RawMessage(golden(t, "schedule.json"))); err == nil {
		t.Error("the sweep is taken for done")
	}
	throttled.Store(false)
	a.workUntilDone(work, *m.Body)
	a.wantFileLeft()
}

// A message that nobody can take is told, the others of its batch are done; after three times it is
// among the dead letters.
func TestAPoisonMessageHurtsNoOtherAndEndsAmongTheDeadLetters(t *testing.T) {
	a := deploy(t)
	a.deleted()
	work, list := a.start(behind.DoWork), a.list()
	records := []string{message(t, "poison", "no place")}
	for _, d := range list {
		records = append(records, message(t, "of-"+d.Place(), d.Place()))
	}
	if failed := a.invoke(work, batch(records...)); !slices.Equal(failed, []string{"poison"}) {
		t.Errorf("refused are %v", failed)
	}
	a.wantFileLeft()

	if err := a.send("no place"); err != nil {
		t.Fatal(err)
	}
	taken := 0
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if a.deliver(work) != "" {
			taken++
		}
		if m := a.queue.Take(t, a.queue.Dead, 0); m != nil {
			if *m.Body != "no place" || taken != 3 {
				t.Errorf("after %d times the dead letters have %s", taken, *m.Body)
			}
			return
		}
	}
	t.Errorf("the message was taken %d times and is not among the dead letters", taken)
}

// What was given up is on the list still, and is sent once more.
func TestTheSweepSendsWhatHasBeenDueForLong(t *testing.T) {
	a := deploy(t)
	a.Core.Catalog.Now = func() time.Time { return time.Now().Add(-behind.Grace - time.Minute) }
	a.deleted()
	a.Core.Catalog.Now = time.Now
	late, _, err := a.Core.Catalog.DueSince(t.Context(), time.Now().Add(-behind.Grace), "", 0)
	if err != nil || len(late) < 2 {
		t.Fatalf("%d pieces have been due for long, %v", len(late), err)
	}
	if payload, err := a.start(behind.SweepWork).Invoke(t, json.RawMessage(golden(t, "schedule.json"))); err != nil || string(payload) != "null" {
		t.Fatalf("answered %s, %v", payload, err)
	}
	work, came := a.start(behind.DoWork), 0
	for a.deliver(work) != "" {
		came++
	}
	if came != len(late) {
		t.Errorf("%d messages came, %d pieces were due", came, len(late))
	}
}

func TestAFunctionSaysWhyItCannotStart(t *testing.T) {
	a := deploy(t)
	for _, change := range [][]string{{"BOXVAULT_QUEUE", ""}, {"BOXVAULT_ROUTE", "SignIn"}, {"AWS_REGION", ""}} {
		f := a.start(behind.DoWork, change...)
		if _, err := f.Init(); err == nil {
			t.Errorf("a function started with %s", strings.Join(change, "="))
		}
	}
}
