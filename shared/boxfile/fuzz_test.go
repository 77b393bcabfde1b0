package boxfile

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"testing"
)

// FuzzInspect has any bytes inspected in all ways: none panics, none fails but as documented, and
// all come to the same result. Run it with -fuzzminimizetime=10x, or it spends its time on making
// archives shorter.
func FuzzInspect(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		want, wantErr := Inspect(bytes.NewReader(data))
		for _, way := range ways {
			got, err := way.inspect(data)
			checkResult(t, got, err)
			if wantErr == ErrNeedsReaderAt && !way.streams {
				continue
			}
			if got != want || !sameError(err, wantErr) {
				t.Errorf("%s: %+v, %v; Inspect: %+v, %v", way.name, got, err, want, wantErr)
			}
		}
	})
}

func seeds(f *testing.F) [][]byte {
	var seeds [][]byte
	for _, files := range placements() {
		archive := tarOf(f, files...)
		seeds = append(seeds, archive, gzipOf(f, archive), bzip2Of(f, archive), xzOf(f, archive), zstdOf(f, archive),
			zipOf(f, zip.Store, files...), zipOf(f, zip.Deflate, files...))
	}
	return append(seeds,
		nil, []byte("no archive"), gzipOf(f, []byte("no tar")),
		zip64(zipOf(f, zip.Store, file{"metadata.json", virtualbox})),
		append(xzOf(f, nil), xzOf(f, tarOf(f, disk))...),
		tarOf(f, file{"../outside", ""}),
		tarOf(f, file{"box.ovf", ""}),
		tarOf(f, file{"metadata.json", `{"provider":7}`}),
		tarOfHeaders(f, []tar.Header{{Name: "a", Typeflag: tar.TypeSymlink, Linkname: "/b"}}),
	)
}

// checkResult holds a result to what is documented.
func checkResult(t *testing.T, c Contents, err error) {
	t.Helper()
	var refused *Refused
	switch {
	case errors.As(err, &refused):
		if refused.Reason == "" {
			t.Error("refused for no reason")
		}
	case err == ErrNeedsReaderAt:
	case err != nil:
		t.Errorf("bytes made an error: %v", err)
	case c.Kind == Box && (c.Provider == "" || c.Format == ""),
		c.Kind == Unrecognized && (c.Provider != "" || c.Note == ""),
		c.Kind != Box && c.Kind != Unrecognized:
		t.Errorf("half a result: %+v", c)
	}
}

func sameError(a, b error) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Error() == b.Error()
}
