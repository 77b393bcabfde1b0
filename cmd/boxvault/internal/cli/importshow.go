package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/cmd/boxvault/internal/importer"
	"github.com/boxvault/boxvault/shared/registry"
)

// display shows how an import goes: bars on a terminal, lines in a log, and nothing for who wants JSON.
type display struct {
	app *App
	ctx context.Context

	mu     sync.Mutex
	sheet  *mpb.Progress // nil unless bars are drawn
	all    *mpb.Bar      // the files of the import
	meters map[registry.Target]meter
}

func (a *App) display(ctx context.Context) *display {
	return &display{app: a, ctx: ctx, meters: map[registry.Target]meter{}}
}

// begin tells what is going to be done.
func (d *display) begin(s importer.Summary) {
	d.app.say("%s", planned(s))
	if !d.app.Bars || d.app.json || s.ToImport == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sheet = newSheet(d.ctx, d.app.Err)
	d.all = d.sheet.New(int64(s.ToImport), mpb.BarStyle(), mpb.BarPriority(1<<20), // below the others
		mpb.PrependDecorators(decor.Name("files ")), mpb.AppendDecorators(decor.CountersNoUnit(" %d of %d")))
}

// close takes the bars away.
func (d *display) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sheet != nil {
		d.all.Abort(true)
		d.sheet.Wait()
		d.sheet = nil
	}
}

// Begin shows a file that is on its way, if it is one that takes a while.
func (d *display) Begin(t registry.Target) client.Progress {
	d.mu.Lock()
	defer d.mu.Unlock()
	var m meter = silence{}
	switch {
	case d.app.json:
	case d.sheet != nil:
		m = &bars{name: t.Box + " " + string(t.Version), container: d.sheet, shared: true}
	default:
		m = &lines{say: d.app.say, name: name(t), now: time.Now}
	}
	m = &largeOnly{meter: m}
	d.meters[t] = m
	return m
}

// Ended tells what became of a file.
func (d *display) Ended(t registry.Target, i importer.Item) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m := d.meters[t]; m != nil {
		m.close()
		delete(d.meters, t)
	}
	if d.sheet != nil {
		d.all.Increment()
	}
	text := string(i.State)
	if i.State == importer.Imported && i.Size != nil {
		text += ", " + size(*i.Size)
	}
	for _, more := range nonEmpty(i.Error, i.Note) {
		text += ": " + more
	}
	d.tell("%s: %s", name(t), text)
}

// leastWait is how long a pause is that is worth telling.
const leastWait = time.Second

// waits tells that one side has asked to wait, or that something is tried again.
func (d *display) waits(pause time.Duration, why error) {
	if pause < leastWait {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tell("waiting %s: %v", pause.Round(time.Second), why)
}

// tell says something, above the bars if there are any. It is called with d.mu held.
func (d *display) tell(format string, args ...any) {
	if d.sheet == nil {
		d.app.say(format, args...)
		return
	}
	above(d.sheet, format, args...)
}

func name(t registry.Target) string {
	return fmt.Sprintf("%s/%s %s %s/%s", t.Organization, t.Box, t.Version, t.Provider, t.Architecture)
}

// largeOnly shows files that take more than a request.
type largeOnly struct {
	meter
	shown bool
}

func (l *largeOnly) Enter(stage client.Stage, total, done int64) {
	if total > client.SingleRequest {
		l.shown = true
		l.meter.Enter(stage, total, done)
	}
}

func (l *largeOnly) Moved(n int64) {
	if l.shown {
		l.meter.Moved(n)
	}
}
