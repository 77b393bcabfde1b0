package cli

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"github.com/boxvault/boxvault/client"
)

// meter shows how a transfer goes, and is closed when it is over.
type meter interface {
	client.Progress
	// tell says something beside.
	tell(format string, args ...any)
	close()
}

// progress makes the meter of a transfer: a bar on a terminal, some lines in a log, and nothing
// for who wants JSON.
func (a *App) progress(ctx context.Context, path string) meter {
	name := clean(filepath.Base(path))
	switch {
	case a.json:
		return silence{}
	case a.Bars:
		return newBars(ctx, a.Err, name)
	default:
		return &lines{say: a.say, name: name, now: time.Now}
	}
}

type silence struct{}

func (silence) Enter(client.Stage, int64, int64) {}
func (silence) Moved(int64)                      {}
func (silence) tell(string, ...any)              {}
func (silence) close()                           {}

// linesEvery is how often lines says how far a stage is: often enough for a CI job not to be taken
// for dead, and not so often as to fill its log.
const linesEvery = 15 * time.Second

// lines tells each stage, and now and then how far it is.
type lines struct {
	say  func(format string, args ...any)
	name string
	now  func() time.Time

	mu         sync.Mutex
	stage      client.Stage
	size, done int64
	told       time.Time
}

func (l *lines) Enter(stage client.Stage, total, done int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stage, l.size, l.done, l.told = stage, total, done, l.now()
	if done > 0 {
		l.say("%s: %s, %s of %s are there already", l.name, stage, size(done), size(total))
		return
	}
	l.say("%s: %s %s", l.name, stage, size(total))
}

func (l *lines) Moved(n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done += n
	if now := l.now(); now.Sub(l.told) >= linesEvery {
		l.told = now
		l.say("%s: %s, %s of %s", l.name, l.stage, size(l.done), size(l.size))
	}
}

func (l *lines) tell(format string, args ...any) { l.say(format, args...) }

func (l *lines) close() {}
