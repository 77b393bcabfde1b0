package e2e

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestLifeOfARelease is a version after it is published: watched, deprecated, taken back, released
// again, shown on a badge, and in the end deleted with all others.
func TestLifeOfARelease(t *testing.T) {
	t.Parallel()
	o, fan := newOwner(t, target.URL), newPerson(t, target.URL)
	boxes := target.URL + "/api/organization/" + o.org + "/box"
	do := func(method, path string, body any, status int) answer {
		t.Helper()
		return askJSON(t, method, boxes+path, o.token, body).want(t, status)
	}
	do("POST", "", map[string]any{
		"name": "debian12", "isPublic": true, "readme": "# Debian 12", "githubRepo": "acme/boxes",
		"metadata": map[string]any{"distro": "debian", "unknown": 1},
	}, 201)
	if readme := ask(t, "GET", boxes+"/debian12/readme", nil).want(t, 200); string(readme.body) != "# Debian 12" {
		t.Errorf("the readme is %s", readme.body)
	}
	o.publish(t, "debian12", "1.0.0", Box{Provider: "virtualbox", Architecture: "amd64", Disk: 1 << 20})

	watch := boxes + "/debian12/watch"
	askJSON(t, "POST", watch, fan.token, nil).want(t, 201)
	askJSON(t, "POST", watch, fan.token, nil).want(t, 200)
	watches := askJSON(t, "GET", target.URL+"/api/user/watches", fan.token, nil).want(t, 200)
	if list := read[[]api.Watch](t, watches); len(list) != 1 || list[0].Tag != o.org+"/debian12" {
		t.Errorf("watched are %+v", list)
	}
	askJSON(t, "DELETE", watch, fan.token, nil).want(t, 200)

	wantBadge := func(text string) {
		t.Helper()
		for _, path := range []string{"/badge/", "/api/badge/"} {
			badge := ask(t, "GET", target.URL+path+o.org+"/debian12.svg", nil).want(t, 200)
			if badge.header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(string(badge.body), ">"+text+"<") {
				t.Errorf("the badge is %s", badge.body)
			}
		}
	}
	wantBadge("1.0.0")
	do("PUT", "/debian12/version/1.0.0", map[string]any{"deprecated": true}, 400)
	do("PUT", "/debian12/version/1.0.0", map[string]any{"deprecated": true, "deprecation_reason": "use 2"}, 200)
	wantBadge("deprecated")
	link := o.wantVersions(t, "debian12", "1.0.0").Versions[0].Providers[0].URL
	follow(t, link, "").want(t, 200)
	if told := read[api.Box](t, do("GET", "/debian12", nil, 200)); told.DownloadCount == nil || *told.DownloadCount != 1 {
		t.Errorf("after a download, the box is %+v", told)
	}
	do("PUT", "/debian12/version/1.0.0/revoke", nil, 200)
	o.wantVersions(t, "debian12")
	follow(t, link, "").want(t, 404)
	do("PUT", "/debian12/version/1.0.0/release", nil, 200)
	follow(t, link, "").want(t, 200)

	do("DELETE", "/debian12/version/1.0.0/provider/virtualbox/architecture", nil, 200)
	do("DELETE", "/debian12/version/1.0.0/provider", nil, 200)
	do("DELETE", "/debian12/version", nil, 200)
	do("GET", "/debian12/version/1.0.0", nil, 404)
	do("DELETE", "", nil, 200)
	do("GET", "/debian12", nil, 404)
	if list := read[[]api.Box](t, do("GET", "", nil, 200)); len(list) != 0 {
		t.Errorf("listed are still %+v", list)
	}
}
