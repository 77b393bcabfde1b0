package local_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/local"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
)

// A child uploads one object after the other, and says on its standard output what the store
// acknowledged. It is killed while it does so.

// said is a line of the child. Part is empty on the line that says the object is complete.
type said struct {
	Upload blobstore.Upload
	Part   blobstore.Part
	Try    int // the content of a part differs from try to try
}

const partsOfEach = 3

// partContent is what the child sends as a part.
func partContent(key string, n, try int) []byte {
	size := blobstore.MinPart
	if n == partsOfEach {
		size = 1000 + try
	}
	b := make([]byte, size)
	rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%s %d %d", key, n, try))).Read(b)
	return b
}

func publish(dir string) error {
	s, err := local.Open(dir, options)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		if err := publishOne(s, fmt.Sprintf("object-%d", i)); err != nil {
			return err
		}
	}
}

func publishOne(s *local.Store, key string) error {
	ctx := context.Background()
	u, err := s.Begin(ctx, key, blobstore.MinPart)
	if err != nil {
		return err
	}
	for try := range 2 {
		for n := partsOfEach; n > 0; n-- {
			content := partContent(key, n, try)
			part, err := s.PutPart(ctx, u, n, bytes.NewReader(content), int64(len(content)))
			if err != nil {
				return err
			}
			say(said{u, part, try})
		}
	}
	parts, err := s.Parts(ctx, u)
	if err != nil {
		return err
	}
	if _, err := s.Complete(ctx, u, parts); err != nil {
		return err
	}
	say(said{Upload: u})
	return nil
}

func say(line said) {
	b, _ := json.Marshal(line)
	os.Stdout.Write(append(b, '\n'))
}

var options = local.Options{BaseURL: "http://127.0.0.1", Keys: keyringtest.Fixed(keyringtest.Ring("a secret"))}

func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	for lines := range 16 {
		t.Run(fmt.Sprintf("after %d lines", lines), func(t *testing.T) {
			dir := t.TempDir()
			heard := publishAndKill(t, dir, lines)
			s := open(t, dir, options)
			for _, uploads := range heard {
				wantKept(t, s, uploads)
			}
			wantNothingHalf(t, s, len(heard))
		})
	}
}

// publishAndKill kills the child when it said that many lines, and returns all that it said, by
// upload, in order.
func publishAndKill(t *testing.T, dir string, lines int) [][]said {
	cmd := child(t, "publish", dir)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var heard [][]said
	scanner := bufio.NewScanner(out)
	for i := 0; ; i++ {
		if i == lines {
			cmd.Process.Kill()
		}
		if !scanner.Scan() {
			break
		}
		var line said
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("%s: %v", scanner.Bytes(), err)
		}
		last := len(heard) - 1
		if last < 0 || heard[last][0].Upload != line.Upload {
			heard, last = append(heard, nil), last+1
		}
		heard[last] = append(heard[last], line)
	}
	cmd.Wait()
	return heard
}

// wantKept wants all that was acknowledged of one upload. If the store knows the upload, its parts
// are wanted, and it is completed with what is missing; else, the object is.
func wantKept(t *testing.T, s *local.Store, lines []said) {
	t.Helper()
	u := lines[0].Upload
	arrived, err := s.Parts(t.Context(), u)
	if err != nil && !errors.Is(err, blobstore.ErrNoUpload) {
		t.Fatal(err)
	}
	if acknowledged := lines[len(lines)-1].Part.Number == 0; acknowledged && err == nil {
		t.Errorf("%s was completed, and is an upload", u.Key)
	}
	if err == nil {
		want := make(map[int]said)
		for _, line := range lines {
			want[line.Part.Number] = line
		}
		for _, line := range want {
			wantPart(t, arrived, line)
		}
		finish(t, s, u, arrived)
	}
	wantWhole(t, s, u.Key)
}

// wantPart wants a part as it was acknowledged, or sent again after that.
func wantPart(t *testing.T, arrived []blobstore.Part, line said) {
	t.Helper()
	for _, p := range arrived {
		if p == line.Part || p.Number == line.Part.Number && line.Try == 0 {
			return
		}
	}
	t.Errorf("%s: %+v was acknowledged, and there is %+v", line.Upload.Key, line.Part, arrived)
}

// finish sends the parts that are missing and completes the upload.
func finish(t *testing.T, s *local.Store, u blobstore.Upload, arrived []blobstore.Part) {
	t.Helper()
	there := make(map[int]blobstore.Part)
	for _, p := range arrived {
		there[p.Number] = p
	}
	var parts []blobstore.Part
	for n := 1; n <= partsOfEach; n++ {
		p, ok := there[n]
		if !ok {
			p = putPart(t, s, u, n, partContent(u.Key, n, 0))
		}
		parts = append(parts, p)
	}
	if _, err := s.Complete(t.Context(), u, parts); err != nil {
		t.Fatalf("%s: %v", u.Key, err)
	}
}

// wantWhole wants an object each part of which is the content of one try.
func wantWhole(t *testing.T, s *local.Store, key string) {
	t.Helper()
	got := bytes.NewBuffer(read(t, s, key))
	for n := 1; n <= partsOfEach; n++ {
		ok := false
		for try := range 2 {
			if content := partContent(key, n, try); !ok && bytes.HasPrefix(got.Bytes(), content) {
				got.Next(len(content))
				ok = true
			}
		}
		if !ok {
			t.Fatalf("%s: part %d has bytes that were never sent", key, n)
		}
	}
	if got.Len() != 0 {
		t.Errorf("%s: %d bytes too many", key, got.Len())
	}
}

// wantNothingHalf wants each object that is to be seen to be whole, acknowledged or not.
func wantNothingHalf(t *testing.T, s *local.Store, heard int) {
	t.Helper()
	for i := range heard + 1 {
		key := fmt.Sprintf("object-%d", i)
		if _, err := s.Head(t.Context(), key); err == nil {
			wantWhole(t, s, key)
		}
	}
}

func putPart(t *testing.T, s *local.Store, u blobstore.Upload, n int, content []byte) blobstore.Part {
	t.Helper()
	p, err := s.PutPart(t.Context(), u, n, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func read(t *testing.T, s *local.Store, key string) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), key, 0)
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
