package files_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

const chunkSize = 5 << 20 // the smallest there is

// chunked is a box file of two whole chunks and a little more, and its chunks.
func chunked(t *testing.T) (content []byte, chunks [][]byte) {
	t.Helper()
	content = virtualbox(t, strings.Repeat("box ", (2*chunkSize+100)/4))
	return content, slices.Collect(slices.Chunk(content, chunkSize))
}

func sendChunk(t *testing.T, r *coretest.Registry, token string, index, total int, chunk []byte, header ...string) embeddedtest.Answer {
	t.Helper()
	return r.Upload(t, token, target, chunk, append(header, "X-Chunk-Index", fmt.Sprint(index), "X-Total-Chunks", fmt.Sprint(total))...)
}

func TestChunksComeInAnyOrderAndMoreThanOnce(t *testing.T) {
	r, ada := start(t)
	policy(t, r, ada, `{"mutableReleases":true}`)
	content, chunks := chunked(t)
	for _, order := range [][]int{{0, 1, 2}, {1, 0, 2}, {1, 2, 0}, {0, 2, 0, 2, 1}, {0, 0, 1, 1, 2}} {
		seen := map[int]bool{}
		for i, index := range order {
			a := sendChunk(t, r, ada, index, 3, chunks[index], "X-Checksum", sum(content)).Want(t, 200)
			got := embeddedtest.JSON[api.UploadResult](t, a)
			seen[index] = true
			last := i == len(order)-1
			if got.Details.IsComplete != last || !last && (got.Details.ChunksReceived != len(seen) || got.Details.TotalChunks != 3 || got.Details.CurrentChunk != index || got.Details.Status != "uploading") {
				t.Errorf("order %v, chunk %d: %s", order, index, a.Body)
			}
			if last && (got.File == nil || got.File.Checksum != sum(content)) {
				t.Errorf("order %v: %s", order, a.Body)
			}
		}
		wantFile(t, r, ada, file, content)
		r.Do(t, "DELETE", version, ada, nil).Want(t, 200)
	}
}

func TestChunksThatComeAtOnce(t *testing.T) {
	r, ada := start(t)
	content, chunks := chunked(t)
	sendChunk(t, r, ada, 0, 3, chunks[0]).Want(t, 200)
	var wg sync.WaitGroup
	for _, index := range []int{1, 2} {
		wg.Go(func() {
			if a := sendChunk(t, r, ada, index, 3, chunks[index]); a.Status != 200 {
				t.Errorf("chunk %d: %d %s", index, a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	wantFile(t, r, ada, file, content)
}

// The first ones that come at once find out among themselves which upload is theirs.
func TestFirstChunksThatComeAtOnce(t *testing.T) {
	r, ada := start(t)
	content, chunks := chunked(t)
	var wg sync.WaitGroup
	for _, index := range []int{0, 1, 0, 1} {
		wg.Go(func() {
			if a := sendChunk(t, r, ada, index, 3, chunks[index]); a.Status != 200 {
				t.Errorf("chunk %d: %d %s", index, a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	sendChunk(t, r, ada, 2, 3, chunks[2]).Want(t, 200)
	wantFile(t, r, ada, file, content)
	if n := stored(t, r); n != 1 {
		t.Errorf("%d files take room for one", n)
	}
}

func TestAMissingChunkIsWaitedFor(t *testing.T) {
	r, ada := start(t)
	_, chunks := chunked(t)
	sendChunk(t, r, ada, 0, 3, chunks[0]).Want(t, 200)
	sendChunk(t, r, ada, 2, 3, chunks[2]).Want(t, 200)
	wantNoFile(t, r, ada, file)
	list := embeddedtest.JSON[[]api.Upload](t, r.Do(t, "GET", file+"/multipart", ada, nil).Want(t, 200))
	if len(list) != 1 || list[0].State != "open" || list[0].PartCount != 3 {
		t.Errorf("the uploads are %+v", list)
	}
	got := upload(t, r.Do(t, "GET", file+"/multipart/"+list[0].ID, ada, nil).Want(t, 200))
	if len(got.Parts) != 2 || got.Parts[0].PartNumber != 1 || got.Parts[1].PartNumber != 3 {
		t.Errorf("the parts are %+v", got.Parts)
	}
}

func TestChunksThatAreRefused(t *testing.T) {
	r, ada := start(t)
	_, chunks := chunked(t)
	sendChunk(t, r, ada, 2, 3, chunks[2]).WantError(t, 409, "CONFLICT") // it does not tell how large the others are
	small := sendChunk(t, r, ada, 0, 3, chunks[0][:chunkSize-1]).WantError(t, 400, "UPLOAD_ERROR")
	if d := embeddedtest.JSON[api.Error](t, small).Details; d["minSize"] != float64(chunkSize) || d["receivedSize"] != float64(chunkSize-1) {
		t.Errorf("%s", small.Body)
	}
	sendChunk(t, r, ada, 0, 3, chunks[0]).Want(t, 200)
	sendChunk(t, r, ada, 1, 3, chunks[1][1:]).WantError(t, 400, "UPLOAD_ERROR")
	large := sendChunk(t, r, ada, 1, 3, append(chunks[1], 'x')).WantError(t, 413, "CHUNK_TOO_LARGE")
	if d := embeddedtest.JSON[api.Error](t, large).Details; d["maxSize"] != float64(chunkSize) || d["receivedSize"] != float64(chunkSize+1) {
		t.Errorf("%s", large.Body)
	}
	for _, c := range [][2]int{{3, 3}, {-1, 3}, {0, 0}, {0, -1}, {0, 10001}, {1, 1}} {
		sendChunk(t, r, ada, c[0], c[1], chunks[0]).WantError(t, 400, "VALIDATION_ERROR")
	}
	wantNoFile(t, r, ada, file)
}

// An only chunk is a file as a whole; another total is another upload.
func TestHowManyChunksThereAre(t *testing.T) {
	r, ada := start(t)
	content, chunks := chunked(t)
	sendChunk(t, r, ada, 0, 3, chunks[0]).Want(t, 200)
	got := embeddedtest.JSON[api.UploadResult](t, sendChunk(t, r, ada, 0, 2, content[:chunkSize+8192]).Want(t, 200))
	if got.Details.IsComplete || got.Details.ChunksReceived != 1 {
		t.Errorf("a chunk of two is taken for one of three: %+v", got)
	}
	sendChunk(t, r, ada, 1, 2, content[chunkSize+8192:]).Want(t, 200)
	wantFile(t, r, ada, file, content)
	r.Do(t, "DELETE", version, ada, nil).Want(t, 200)
	one := virtualbox(t, "all in one")
	sendChunk(t, r, ada, 0, 1, one).Want(t, 200)
	wantFile(t, r, ada, file, one)
}

// After a file that is not what was declared, the chunks can come anew.
func TestAWrongChecksumOfChunks(t *testing.T) {
	r, ada := start(t)
	content, chunks := chunked(t)
	for i, chunk := range chunks {
		a := sendChunk(t, r, ada, i, 3, chunk, "X-Checksum", sum(nil))
		if i == 2 {
			a.WantError(t, 400, "UPLOAD_ERROR")
		}
	}
	wantNoFile(t, r, ada, file)
	for i, chunk := range chunks {
		sendChunk(t, r, ada, i, 3, chunk, "X-Checksum", sum(content)).Want(t, 200)
	}
	wantFile(t, r, ada, file, content)
}
