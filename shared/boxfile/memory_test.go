package boxfile

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/ulikunitz/xz"
)

// TestMemoryIsBounded pushes boxes with a large disk in front of metadata.json.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("inspects 256 MiB, several times")
	}
	const disk, spare = 256 << 20, 3 << 20
	for name, test := range map[string]struct {
		pack  func(testing.TB, []byte) []byte
		disk  int64  // bytes; xz is slow, but its window must be filled
		bound uint64 // bytes of heap
	}{
		"tar":      {func(_ testing.TB, p []byte) []byte { return p }, disk, spare},
		"tar+gzip": {gzipOf, disk, spare},
		"tar+zstd": {func(t testing.TB, p []byte) []byte { return zstdStream(t, p, MaxWindow) }, disk, MaxWindow + spare},
		"tar+xz":   {func(t testing.TB, p []byte) []byte { return xzDict(t, p, MaxWindow) }, 2 * MaxWindow, MaxWindow + spare},
	} {
		t.Run(name, func(t *testing.T) {
			const block = 1 << 20
			archive := tarOf(t, file{"disk.img", string(make([]byte, block))}, file{"metadata.json", virtualbox})
			setSize(archive, test.disk)
			begin, end := test.pack(t, archive[:512]), test.pack(t, archive[512+block:])
			sector := test.pack(t, append(noise(10, block/2), make([]byte, block/2)...))

			in := NewInspector()
			push := func(p []byte) {
				_, err := in.Write(p)
				must(t, err)
			}
			peak := heapPeak(func(sample func()) {
				push(begin)
				for range test.disk / block {
					push(sector)
					sample()
				}
				push(end)
			})
			want := Contents{Kind: Box, Format: name, Provider: "virtualbox"}
			if got, err := in.Result(); err != nil || got != want {
				t.Errorf("%+v, %v", got, err)
			}
			t.Logf("heap grew by at most %d KiB", peak>>10)
			if peak > test.bound {
				t.Errorf("heap grew by %d MiB, more than %d", peak>>20, test.bound>>20)
			}
		})
	}
}

// TestXZBlocksShareMemory: each of the blocks asks for the largest dictionary.
func TestXZBlocksShareMemory(t *testing.T) {
	const blocks, blockSize = 50, 4 << 10
	archive := tarOf(t, file{"disk.img", string(noise(9, blocks*blockSize))}, file{"metadata.json", virtualbox})
	packed := xzWith(t, xz.WriterConfig{DictCap: MaxWindow, BlockSize: blockSize}, archive)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if got, err := Inspect(bytes.NewReader(packed)); err != nil || got.Provider != "virtualbox" {
		t.Errorf("%+v, %v", got, err)
	}
	runtime.ReadMemStats(&after)
	if all := after.TotalAlloc - before.TotalAlloc; all > 2*MaxWindow {
		t.Errorf("allocated %d MiB, all blocks together", all>>20)
	}
}

// heapPeak returns by how many bytes the heap grew at most when work took a sample. The collector
// is set to keep it close to what is in use.
func heapPeak(work func(sample func())) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	runtime.GC()
	before, peak := heap(), uint64(0)
	work(func() { peak = max(peak, heap()) })
	return peak - min(before, peak)
}
