package cli

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/boxvault/boxvault/client"
)

// bars draws one bar at a time, for the stage that the transfer is in.
type bars struct {
	name      string
	container *mpb.Progress
	shared    bool // the container is another's, and stays
	current   atomic.Pointer[bar]
}

// bar is the bar of a stage.
type bar struct {
	*mpb.Bar
	size, resumed int64
	done          atomic.Int64
	began         time.Time
}

func newBars(ctx context.Context, w io.Writer, name string) *bars {
	return &bars{name: name, container: newSheet(ctx, w)}
}

// newSheet is what bars are drawn on.
func newSheet(ctx context.Context, w io.Writer) *mpb.Progress {
	return mpb.NewWithContext(ctx, mpb.WithOutput(w), mpb.WithWidth(40), mpb.WithAutoRefresh())
}

func (b *bars) Enter(stage client.Stage, total, done int64) {
	b.end()
	next := &bar{size: total, resumed: done, began: time.Now()}
	next.done.Store(done)
	// A bar that ends by itself when it is full could not go back when bytes have to be sent again.
	next.Bar = b.container.New(0, mpb.BarStyle(),
		mpb.PrependDecorators(decor.Name(b.name+"  "+string(stage)+" ")),
		mpb.AppendDecorators(decor.Any(next.figures)))
	next.SetTotal(total, false)
	next.SetCurrent(done)
	b.current.Store(next)
}

func (b *bars) Moved(n int64) {
	if bar := b.current.Load(); bar != nil {
		bar.SetCurrent(bar.done.Add(n))
	}
}

func (b *bars) end() {
	if bar := b.current.Swap(nil); bar != nil {
		bar.Abort(true)
	}
}

// tell says something above the bars.
func (b *bars) tell(format string, args ...any) { above(b.container, format, args...) }

// above writes a line above what is drawn on a sheet. Nobody is left to tell when the terminal is gone.
func above(sheet *mpb.Progress, format string, args ...any) {
	_, _ = io.WriteString(sheet, clean(fmt.Sprintf(format, args...))+"\n")
}

func (b *bars) close() {
	b.end()
	if !b.shared {
		b.container.Wait()
	}
}

// figures are what stands behind the bar. Nothing but the size is told of a stage in which only
// the registry knows how far it is.
func (b *bar) figures(s decor.Statistics) string {
	moved, elapsed := s.Current-b.resumed, time.Since(b.began)
	if moved <= 0 || elapsed < time.Second {
		return " " + size(b.size)
	}
	speed, left := rate(moved, b.size-s.Current, elapsed)
	return fmt.Sprintf(" %3.0f%%  %s/s  %s left", 100*float64(s.Current)/float64(b.size), size(speed), left)
}

// rate is the speed in bytes a second, and the time that the rest takes at that speed.
func rate(moved, rest int64, elapsed time.Duration) (speed int64, left time.Duration) {
	perSecond := float64(moved) / elapsed.Seconds()
	return int64(perSecond), time.Duration(float64(rest) / perSecond * float64(time.Second)).Round(time.Second)
}
