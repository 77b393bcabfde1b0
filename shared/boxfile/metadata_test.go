package boxfile

import (
	"archive/tar"
	"archive/zip"
	"strings"
	"testing"
)

func TestMetadata(t *testing.T) {
	tests := []struct {
		text string
		want Contents
	}{
		{`{"provider":"libvirt","format":"qcow2","virtual_size":40,"disks":[{"path":"box.img"}]}`,
			Contents{Kind: Box, Provider: "libvirt"}},
		{`{"provider":"virtualbox","architecture":"arm64"}`,
			Contents{Kind: Box, Provider: "virtualbox", Architecture: "arm64"}},
		{`{"architecture":"AMD64","provider":"Hyper-V"}`,
			Contents{Kind: Box, Provider: "Hyper-V", Architecture: "amd64"}},
		{`{"provider":"virtualbox","architecture":null}`,
			Contents{Kind: Box, Provider: "virtualbox"}},
		{`{"provider":"virtualbox","architecture":64}`,
			Contents{Kind: Box, Provider: "virtualbox", Note: `"architecture" in metadata.json is not a string.`}},
		{`{"provider":"other","Provider":"docker","PROVIDER":"docker","provider":"lxc"}`,
			Contents{Kind: Box, Provider: "lxc"}},
		{" \n{\"provider\":\n\"parallels\"}\n\n", Contents{Kind: Box, Provider: "parallels"}},
		{`{"provider":"lxc","padding":"` + strings.Repeat("x", MaxMetadata-31) + `"}`,
			Contents{Kind: Box, Provider: "lxc"}},
	}
	for _, test := range tests {
		test.want.Format = "tar"
		check(t, tarOf(t, file{"metadata.json", test.text}), test.want)
	}
}

func TestUnusableMetadata(t *testing.T) {
	tests := []struct{ text, note string }{
		{``, "not a JSON object"},
		{`{`, "not a JSON object"},
		{`null`, "not a JSON object"},
		{`"virtualbox"`, "not a JSON object"},
		{`[{"provider":"virtualbox"}]`, "not a JSON object"},
		{`{"provider":"virtualbox"} and more`, "not a JSON object"},
		{"\x00\x01\x02", "not a JSON object"},
		{`{}`, "names no provider"},
		{`{"Provider":"virtualbox"}`, "names no provider"},
		{`{"provider":""}`, "names no provider"},
		{`{"provider":" "}`, "names no provider"},
		{`{"provider":null}`, "names no provider"},
		{`{"provider":["virtualbox"]}`, `"provider" in metadata.json is not a string`},
		{`{"provider":7}`, `"provider" in metadata.json is not a string`},
		{strings.Repeat("[", 1<<19), "not a JSON object"},
		{`{"provider":"lxc","padding":"` + strings.Repeat("x", MaxMetadata-30) + `"}`, "larger than 1 MiB"},
	}
	for _, test := range tests {
		checkNote(t, tarOf(t, file{"metadata.json", test.text}), "tar", test.note)
	}
}

// TestFirstMetadataCounts: what comes later may not have arrived yet.
func TestFirstMetadataCounts(t *testing.T) {
	files := []file{{"metadata.json", virtualbox}, {"./metadata.json", `{"provider":"libvirt"}`}}
	check(t, tarOf(t, files...), Contents{Kind: Box, Format: "tar", Provider: "virtualbox"})
	checkZip(t, zipOf(t, zip.Deflate, files...), Contents{Kind: Box, Format: "zip", Provider: "virtualbox"})
}

func TestMetadataThatIsNoFile(t *testing.T) {
	for name, header := range map[string]tar.Header{
		"folder":    {Name: "metadata.json/", Typeflag: tar.TypeDir},
		"symlink":   {Name: "metadata.json", Typeflag: tar.TypeSymlink, Linkname: "box/metadata.json"},
		"hard link": {Name: "./metadata.json", Typeflag: tar.TypeLink, Linkname: "Vagrantfile"},
		"pipe":      {Name: "metadata.json", Typeflag: tar.TypeFifo},
	} {
		t.Run(name, func(t *testing.T) {
			checkNote(t, tarOfHeaders(t, []tar.Header{header}), "tar", "not a regular file")
		})
	}
}
