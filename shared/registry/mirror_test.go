package registry

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhereAMirrorAsks(t *testing.T) {
	for _, c := range []struct {
		mirror Mirror
		want   []string
	}{
		{Mirror{From: "https://vagrantcloud.com"}, []string{"https://vagrantcloud.com/acme/debian", "https://vagrantcloud.com/api/v2/vagrant/acme/debian"}},
		{Mirror{From: "https://h/base/", Organization: "other"}, []string{"https://h/base/other/debian", "https://h/base/api/v2/vagrant/other/debian"}},
		{Mirror{From: "https://h/boxes/{box}/metadata.json"}, []string{"https://h/boxes/debian/metadata.json"}},
	} {
		if got := c.mirror.Addresses("acme", "debian"); !slices.Equal(got, c.want) {
			t.Errorf("%+v asks at %q, want %q", c.mirror, got, c.want)
		}
	}
}

func TestWhatAMirrorAllows(t *testing.T) {
	for _, c := range []struct {
		allow []string
		box   string
		want  bool
	}{
		{nil, "debian", true}, {nil, "../debian", false}, {nil, "", false},
		{[]string{"debian*"}, "Debian12", true}, {[]string{"debian*"}, "windows", false},
		{[]string{"a", "b?"}, "b1", true}, {[]string{"[a"}, "a", false},
	} {
		if got := (Mirror{Allow: c.allow}).Allows(c.box); got != c.want {
			t.Errorf("%q with %q: %v", c.box, c.allow, got)
		}
	}
	o := Organization{Mirror: &Mirror{}, Suspended: true}
	if o.Mirrors("debian") || (Organization{}).Mirrors("debian") {
		t.Error("an organization mirrors that is suspended, or no mirror")
	}
}

func TestEverythingWrongWithAMirrorIsTold(t *testing.T) {
	var wrong Fields
	Mirror{From: "https://h/?q", Organization: "a/b", Allow: []string{"["}, MaxFile: -1, FreshSeconds: -1}.Check(&wrong)
	if len(wrong) != 5 {
		t.Errorf("told is %v", wrong)
	}
	wrong = nil
	Mirror{From: "https://h", Allow: make([]string, MaxAllow+1)}.Check(&wrong)
	if !strings.Contains(wrong["allow"], "100 patterns") {
		t.Errorf("told is %v", wrong)
	}
}

// Vagrant resumes by the URL, and downloads are counted by the file.
func TestAFileThatIsKeptIsTheSameFile(t *testing.T) {
	before := NewMirroredFile("https://h/d.box?X=secret", Checksum{"md5", "00"}, time.Unix(0, 0))
	after := before.Kept("blob", 7, "sum", ContentsBox, "")
	if !before.Wanted() || after.Wanted() || after.Elsewhere() || after.ID != before.ID || after.Distinct != before.Distinct {
		t.Errorf("%+v became %+v", before, after)
	}
	if got := after.Checksum(); got != (Checksum{SHA256, "sum"}) || after.Declared != before.Declared || after.Source == "" {
		t.Errorf("its checksum is %v", got)
	}
}
