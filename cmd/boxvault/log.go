package main

import (
	"errors"
	"io"
	"log/slog"
	"time"
)

// logOptions are the flags that say where the log goes and how it looks.
type logOptions struct {
	format string // json or text
	file   string // empty: stderr
}

// open makes the log. Close what is returned beside it at the end.
func (o logOptions) open(stderr io.Writer) (*slog.Logger, io.Closer, error) {
	var out io.WriteCloser = noFile{stderr}
	if o.file != "" {
		f, err := openLogFile(o.file)
		if err != nil {
			return nil, nil, err
		}
		out = f
	}
	if o.format == "text" {
		return slog.New(slog.NewTextHandler(out, nil)), out, nil
	}
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{ReplaceAttr: bothTimes})), out, nil
}

// setFormat takes the flag --log-format.
func (o *logOptions) setFormat(s string) error {
	if s != "json" && s != "text" {
		return errors.New("the log is json or text")
	}
	o.format = s
	return nil
}

// bothTimes has a line tell its time twice: as seconds since 1970 in "time", as Fluentd's `format
// json` reads it when no time_format is given (given RFC 3339, it takes the year for seconds:
// lib/fluent/plugin/parser_json.rb and parse_float in lib/fluent/time.rb), and for people in "at".
func bothTimes(groups []string, a slog.Attr) slog.Attr {
	if len(groups) > 0 || a.Key != slog.TimeKey || a.Value.Kind() != slog.KindTime {
		return a
	}
	t := a.Value.Time()
	return slog.Attr{Value: slog.GroupValue(
		slog.Float64("time", float64(t.UnixMicro())/1e6),
		slog.String("at", t.UTC().Format(time.RFC3339Nano)),
	)}
}

type noFile struct{ io.Writer }

// Close leaves stderr to who opened it.
func (noFile) Close() error { return nil }
