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

const multi = file + "/multipart"

// begin opens an upload for a content.
func begin(t *testing.T, r *coretest.Registry, token string, content []byte) api.Upload {
	t.Helper()
	return upload(t, r.Do(t, "POST", multi, token, fmt.Sprintf(`{"size":%d,"checksum":%q,"fileName":"debian.box"}`, len(content), sum(content))).Want(t, 201))
}

func complete(t *testing.T, r *coretest.Registry, token, id string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", multi+"/"+id+"/complete", token, nil)
}

// large is a box file of three parts and a little more.
func large(t *testing.T) []byte { return virtualbox(t, strings.Repeat("box!", (33<<20)/4)) }

func TestAFileGoesUpInParts(t *testing.T) {
	r, ada := start(t)
	content := large(t)
	u := begin(t, r, ada, content)
	parts := slices.Collect(slices.Chunk(content, int(u.PartSize)))
	if u.State != "open" || u.PartCount != len(parts) || len(u.URLs) != len(parts) || u.Size != int64(len(content)) || u.Checksum != sum(content) {
		t.Fatalf("begun %+v", u)
	}
	for _, i := range []int{2, 0} {
		if status := embeddedtest.Put(t, u.URLs[i].URL, parts[i]); status != 200 {
			t.Fatalf("part %d: %d", i+1, status)
		}
	}
	// Part 2 is missing: that is told, and can be mended.
	a := complete(t, r, ada, u.ID).WantError(t, 400, "UPLOAD_ERROR")
	if d := embeddedtest.JSON[api.Error](t, a).Details; fmt.Sprint(d["missing"]) != "[2]" || d["partCount"] != 3.0 || d["received"] != 2.0 {
		t.Errorf("%s", a.Body)
	}
	state := upload(t, r.Do(t, "GET", multi+"/"+u.ID, ada, nil).Want(t, 200))
	if state.State != "open" || len(state.Parts) != 2 || state.Parts[1].PartNumber != 3 || state.Parts[0].Size != u.PartSize {
		t.Errorf("to be resumed from %+v", state)
	}
	signed := upload(t, r.Do(t, "POST", multi+"/"+u.ID+"/parts", ada, `{"partNumbers":[2]}`).Want(t, 200))
	if len(signed.URLs) != 1 || signed.URLs[0].PartNumber != 2 || signed.URLs[0].Method != "PUT" || embeddedtest.Put(t, signed.URLs[0].URL, parts[1]) != 200 {
		t.Fatalf("signed %+v", signed)
	}
	wantNoFile(t, r, ada, file)
	done := upload(t, complete(t, r, ada, u.ID).Want(t, 200))
	if done.State != "stored" || done.File == nil || done.File.Checksum != sum(content) || done.File.FileName != "debian.box" {
		t.Errorf("completed %+v", done)
	}
	wantFile(t, r, ada, file, content)

	again := upload(t, complete(t, r, ada, u.ID).Want(t, 200)) // whose answer got lost
	if again.File.ID != done.File.ID {
		t.Errorf("completed again, it is %+v", again)
	}
	r.Do(t, "DELETE", multi+"/"+u.ID, ada, nil).WantError(t, 409, "CONFLICT")
	r.Do(t, "POST", multi+"/"+u.ID+"/parts", ada, `{"partNumbers":[1]}`).WantError(t, 409, "CONFLICT")
	if embeddedtest.Put(t, u.URLs[0].URL, parts[0]) < 400 {
		t.Error("a part of a file that is stored was taken")
	}
	wantFile(t, r, ada, file, content)
}

func TestPartsThatAreNotWhatTheyWereToBe(t *testing.T) {
	r, ada := start(t)
	content := large(t)
	u := begin(t, r, ada, content)
	part := content[:u.PartSize]
	if status := embeddedtest.Put(t, u.URLs[0].URL, append(slices.Clone(part), 'x')); status < 400 {
		t.Errorf("a part that is too large: %d", status)
	}
	for i, p := range [][]byte{part[:100], part, content[2*u.PartSize:]} {
		if status := embeddedtest.Put(t, u.URLs[i].URL, p); status != 200 {
			t.Fatalf("part %d: %d", i+1, status)
		}
	}
	complete(t, r, ada, u.ID).WantError(t, 400, "UPLOAD_ERROR") // the first is too small
	embeddedtest.Put(t, u.URLs[0].URL, part)
	embeddedtest.Put(t, u.URLs[2].URL, []byte("another end"))
	complete(t, r, ada, u.ID).WantError(t, 400, "UPLOAD_ERROR") // and so is the file, now
	state := upload(t, r.Do(t, "GET", multi+"/"+u.ID, ada, nil).Want(t, 200))
	if state.State != "failed" || state.Failure == "" {
		t.Errorf("it is %+v", state)
	}
	complete(t, r, ada, u.ID).WantError(t, 400, "UPLOAD_ERROR") // and stays so
	wantNoFile(t, r, ada, file)
	r.Sweep(t)
	if n := stored(t, r); n != 0 {
		t.Errorf("%d files of it are kept", n)
	}
}

func TestAWrongChecksumOfParts(t *testing.T) {
	r, ada := start(t)
	content := virtualbox(t, "right")
	wrong := virtualbox(t, "wrong")
	u := begin(t, r, ada, content)
	embeddedtest.Put(t, u.URLs[0].URL, wrong)
	a := complete(t, r, ada, u.ID).WantError(t, 400, "UPLOAD_ERROR")
	if d := embeddedtest.JSON[api.Error](t, a).Details; d["computed"] != sum(wrong) {
		t.Errorf("%s", a.Body)
	}
	wantNoFile(t, r, ada, file)
}

// A client that hashes while it sends knows the checksum in the end only.
func TestAChecksumCanComeWithTheCompletion(t *testing.T) {
	r, ada := start(t)
	policy(t, r, ada, `{"mutableReleases":true}`)
	content := virtualbox(t, "content")
	sent := func(declared string) (id string) {
		t.Helper()
		u := upload(t, r.Do(t, "POST", multi, ada, fmt.Sprintf(`{"size":%d%s}`, len(content), declared)).Want(t, 201))
		embeddedtest.Put(t, u.URLs[0].URL, content)
		return u.ID
	}
	with := func(id, body string) embeddedtest.Answer {
		t.Helper()
		return r.Do(t, "POST", multi+"/"+id+"/complete", ada, body)
	}
	with(sent(""), `{"checksum":"`+strings.ToUpper(sum(content))+`","checksumType":"SHA256"}`).Want(t, 200)
	before := wantFile(t, r, ada, file, content)
	with(sent(""), `{"checksum":"`+sum(nil)+`"}`).WantError(t, 400, "UPLOAD_ERROR")
	if wantFile(t, r, ada, file, content).ID != before.ID {
		t.Error("a file with a wrong checksum took the place of a good one")
	}
	id := sent(`,"checksum":"` + sum(content) + `"`)
	for _, body := range []string{`{"checksum":"` + sum(nil) + `"}`, `{"checksum":"xyz"}`, `{"checksum":"` + sum(nil) + `","checksumType":"md5"}`, `{"checksum":1}`} {
		with(id, body).WantError(t, 400, "VALIDATION_ERROR")
	}
	with(id, `{"checksum":"`+sum(content)+`"}`).Want(t, 200) // those left it as it was
}

// Whose request comes second is told how far the first one is.
func TestAnUploadIsCompletedTwiceAtOnce(t *testing.T) {
	r, ada := start(t)
	content := virtualbox(t, strings.Repeat("content ", 1<<17))
	u := begin(t, r, ada, content)
	embeddedtest.Put(t, u.URLs[0].URL, content)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if a := complete(t, r, ada, u.ID); a.Status != 200 && a.Status != 202 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	wantFile(t, r, ada, file, content)
}

func TestWhatIsWrongWithABeginningIsNamed(t *testing.T) {
	r, ada := start(t)
	for body, field := range map[string]string{
		`{}`: "size", `{"size":0}`: "size", `{"size":-1}`: "size", `{"size":"5"}`: "size", `{"size":1.5}`: "size",
		`{"size":5,"checksum":"xyz"}`: "checksum", `{"size":5,"checksumType":"crc"}`: "checksumType", `{"size":5,"fileName":"a/b"}`: "fileName",
	} {
		a := r.Do(t, "POST", multi, ada, body).WantError(t, 400, "VALIDATION_ERROR")
		if embeddedtest.JSON[api.Error](t, a).Details[field] == nil {
			t.Errorf("%s: %s", body, a.Body)
		}
	}
	r.Do(t, "POST", multi, ada, `{"size":53687091200001}`).WantError(t, 413, "FILE_TOO_LARGE")
	u := begin(t, r, ada, []byte("hello"))
	for _, numbers := range []string{`[]`, `[0]`, `[2]`, `[-1]`, `["1"]`, "null", "[" + strings.Repeat("1,", 500) + "1]"} {
		r.Do(t, "POST", multi+"/"+u.ID+"/parts", ada, `{"partNumbers":`+numbers+`}`).WantError(t, 400, "VALIDATION_ERROR")
	}
}

func TestAnUploadIsGivenUp(t *testing.T) {
	r, ada := start(t)
	u := begin(t, r, ada, []byte("hello"))
	embeddedtest.Put(t, u.URLs[0].URL, []byte("hello"))
	for range 2 {
		r.Do(t, "DELETE", multi+"/"+u.ID, ada, nil).Want(t, 200)
	}
	complete(t, r, ada, u.ID).WantError(t, 409, "CONFLICT")
	if embeddedtest.Put(t, u.URLs[0].URL, []byte("hello")) < 400 {
		t.Error("a part of an aborted upload was taken")
	}
	if list := embeddedtest.JSON[[]api.Upload](t, r.Do(t, "GET", multi, ada, nil).Want(t, 200)); len(list) != 0 {
		t.Errorf("it can still be resumed: %+v", list)
	}
	if n := stored(t, r); n != 0 {
		t.Errorf("%d files of it are kept", n)
	}
}

// An upload belongs to a box and a place in it: whoever may write there, and nobody else, goes on
// with it.
func TestWhoGoesOnWithAnUpload(t *testing.T) {
	r, ada := start(t)
	admin := r.Member(t, ada, "acme", "eve", "admin")
	r.Box(t, ada, "acme", "fedora", false)
	u := begin(t, r, ada, []byte("hello"))
	if list := embeddedtest.JSON[[]api.Upload](t, r.Do(t, "GET", multi, admin, nil).Want(t, 200)); len(list) != 1 || list[0].ID != u.ID || list[0].UploadedBy != "ada" {
		t.Errorf("to be resumed are %+v", list)
	}
	for _, at := range []string{
		strings.Replace(multi, "debian", "fedora", 1) + "/" + u.ID, strings.Replace(multi, "amd64", "arm64", 1) + "/" + u.ID,
		strings.Replace(multi, "1.0.0", "2.0.0", 1) + "/" + u.ID, strings.Replace(multi, "virtualbox", "qemu", 1) + "/" + u.ID, multi + "/none",
	} {
		for _, c := range [][2]string{{"GET", ""}, {"DELETE", ""}, {"POST", "/complete"}} {
			r.Do(t, c[0], at+c[1], ada, nil).WantError(t, 404, "NOT_FOUND")
		}
		r.Do(t, "POST", at+"/parts", ada, `{"partNumbers":[1]}`).WantError(t, 404, "NOT_FOUND")
	}
	r.Do(t, "GET", multi+"/"+u.ID, r.Member(t, ada, "acme", "carl", "member"), nil).Want(t, 403)
	r.Do(t, "GET", multi+"/"+u.ID, r.Person(t, "mallory"), nil).WantError(t, 404, "NOT_FOUND")
	embeddedtest.Put(t, u.URLs[0].URL, []byte("hello"))
	complete(t, r, admin, u.ID).Want(t, 200)
	wantFile(t, r, ada, file, []byte("hello"))
}

// The link of a part is good for that part of that upload.
func TestAPartOfAnotherUpload(t *testing.T) {
	r, ada := start(t)
	one, other := begin(t, r, ada, []byte("hello")), begin(t, r, ada, []byte("hello"))
	embeddedtest.Put(t, other.URLs[0].URL, []byte("hello"))
	complete(t, r, ada, one.ID).WantError(t, 400, "UPLOAD_ERROR")
	forged := strings.Replace(one.URLs[0].URL, "part=1", "part=2", 1)
	if forged == one.URLs[0].URL || embeddedtest.Put(t, forged, []byte("hello")) != 403 {
		t.Errorf("%s was changed and taken", one.URLs[0].URL)
	}
	r.Do(t, "POST", multi+"/"+other.ID+"/complete", ada, nil).Want(t, 200)
	wantFile(t, r, ada, file, []byte("hello"))
}
