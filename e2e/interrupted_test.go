package e2e

import (
	"bytes"
	"net/http"
	"os"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// slack is how many bytes may go over a line beside those of a box: headers, metadata, what was
// under way when the line broke.
const slack = 256 << 10

// TestVagrantResumes cuts `vagrant box add` off in the middle of the box: run again, it fetches the
// rest only.
func TestVagrantResumes(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	line := serveBehind(t)
	o := newOwner(t, line.URL)
	o.box(t, "debian12", true)
	box := o.publish(t, "debian12", "1.0.0", Box{Provider: "virtualbox", Disk: 8 << 20})
	v := newVagrant(t)

	cut := line.Cut(Down, 6<<20)
	v.do(t, "box", "add", line.URL+"/"+o.org+"/debian12").fails(t, "transfer closed")
	wait(t, cut, "the cut")

	before := line.Carried(Down)
	v.do(t, "box", "add", line.URL+"/"+o.org+"/debian12").ok(t)
	if moved, rest := line.Carried(Down)-before, box.Size-6<<20; moved > rest+slack {
		t.Errorf("%d bytes came the second time, and %d were missing", moved, rest)
	}
	v.wantBoxes(t, o.org+"/debian12 (virtualbox, 1.0.0)")
}

// TestVagrantRefusesDamage changes a byte of a stored file behind the registry's back: vagrant
// notices by the checksum that the registry computed.
func TestVagrantRefusesDamage(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	data := t.TempDir()
	p := serve(t, data)
	o := newOwner(t, p.URL)
	o.box(t, "debian12", true)
	box := o.publish(t, "debian12", "1.0.0", Box{Provider: "virtualbox", Disk: 1 << 20})
	stored := findFile(t, data, box.Size)
	f := must[*os.File](t)(os.OpenFile(stored, os.O_WRONLY, 0))
	must[int](t)(f.WriteAt([]byte("damaged"), box.Size/2))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	v := newVagrant(t)
	v.do(t, "box", "add", p.URL+"/"+o.org+"/debian12").fails(t, "checksum")
	v.wantBoxes(t)
}

// TestPartsResume cuts a part of a presigned upload off: the others stay, and the upload is finished
// with the missing ones. Where the line is not ours to cut, that part is not sent.
func TestPartsResume(t *testing.T) {
	t.Parallel()
	at, cut := target.URL, func(api.PartURL, []byte) {}
	if !target.Remote() {
		line := serveBehind(t)
		at, cut = line.URL, func(link api.PartURL, content []byte) {
			line.Cut(Up, 5<<20)
			if a, err := tryPart(t, link, content); err == nil {
				t.Fatalf("the part that was cut off answered %d: %s", a.status, a.body)
			}
		}
	}
	o := newOwner(t, at)
	o.box(t, "debian12", true)
	spec := Box{Provider: "virtualbox", Architecture: "amd64", Disk: 40 << 20}
	box, to := makeBox(t, spec), o.target("debian12", "1.0.0", spec)
	up := must[api.Upload](t)(o.BeginUpload(t.Context(), to, api.BeginUpload{Size: box.Size, Checksum: box.SHA256}))
	content := must[[]byte](t)(os.ReadFile(box.Path))
	part := func(number int) []byte {
		return content[int64(number-1)*up.PartSize : min(int64(number)*up.PartSize, box.Size)]
	}
	if up.PartCount != 3 || len(up.URLs) != 3 {
		t.Fatalf("the upload has %d parts and %d URLs", up.PartCount, len(up.URLs))
	}

	putPart(t, up.URLs[0], part(1)).want(t, 200)
	cut(up.URLs[1], part(2))
	if err := tryComplete(t, o, to, up); registry.KindOf(err) != registry.BadUpload {
		t.Errorf("completed with parts missing: %v", err)
	}
	if list := must[[]api.Upload](t)(o.Uploads(t.Context(), to)); len(list) != 1 || list[0].ID != up.ID {
		t.Errorf("uploads that can be resumed: %+v", list)
	}
	arrived := must[api.Upload](t)(o.Upload(t.Context(), to, up.ID)).Parts
	if len(arrived) != 1 || arrived[0].PartNumber != 1 || arrived[0].Size != up.PartSize {
		t.Fatalf("parts that have arrived: %+v", arrived)
	}

	for _, link := range must[[]api.PartURL](t)(o.SignParts(t.Context(), to, up.ID, []int{2, 3})) {
		putPart(t, link, part(link.PartNumber)).want(t, 200)
	}
	if done := must[api.Upload](t)(o.CompleteUpload(t.Context(), to, up.ID, api.CompleteUpload{})); done.State != string(registry.UploadStored) {
		t.Fatalf("completed: %+v", done)
	}
	wantDownload(t, o, to, box)
}

// TestCutUploadKeepsTheOldFile cuts an upload off that would have replaced a file.
func TestCutUploadKeepsTheOldFile(t *testing.T) {
	t.Parallel()
	line := serveBehind(t)
	o := newOwner(t, line.URL)
	mutable := true
	must[api.Organization](t)(o.UpdateOrganization(t.Context(), o.org, api.OrganizationInput{MutableReleases: &mutable}))
	o.box(t, "debian12", true)
	spec := Box{Provider: "virtualbox", Architecture: "amd64", Disk: 8 << 20}
	to := o.target("debian12", "1.0.0", spec)
	old := o.publish(t, "debian12", "1.0.0", spec)
	spec.Seed = 1
	other := must[[]byte](t)(os.ReadFile(makeBox(t, spec).Path))

	req := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "POST", line.URL+filePath(to)+"/upload", bytes.NewReader(other)))
	req.Header.Set("X-Access-Token", o.token)
	line.Cut(Up, 4<<20)
	if a, err := exchange(req); err == nil {
		t.Fatalf("the upload that was cut off was answered %d: %s", a.status, a.body)
	}
	wantDownload(t, o, to, old)
	if listed := o.wantVersions(t, "debian12", "1.0.0").Versions[0].Providers[0]; listed.Checksum != old.SHA256 {
		t.Errorf("vagrant is told the checksum %s, want the old file's", listed.Checksum)
	}
}

// putPart sends a part to its link.
func putPart(t *testing.T, link api.PartURL, content []byte) answer {
	t.Helper()
	return must[answer](t)(tryPart(t, link, content))
}

func tryPart(t *testing.T, link api.PartURL, content []byte) (answer, error) {
	t.Helper()
	req := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), link.Method, link.URL, bytes.NewReader(content)))
	return exchange(req)
}

func tryComplete(t *testing.T, o owner, to registry.Target, up api.Upload) error {
	t.Helper()
	_, err := o.CompleteUpload(t.Context(), to, up.ID, api.CompleteUpload{})
	return err
}

// wantDownload fails the test unless the file at the target is this one, to its last byte.
func wantDownload(t *testing.T, o owner, to registry.Target, want BoxFile) {
	t.Helper()
	link := must[api.DownloadLink](t)(o.DownloadLink(t.Context(), to))
	got := ask(t, "GET", link.DownloadURL, nil).want(t, 200).body
	if sha256Of(string(got)) != want.SHA256 {
		t.Errorf("downloaded %d bytes that are not the file, which has %d", len(got), want.Size)
	}
}
