package deployment

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/boxvault/boxvault/shared/route"
)

// Default is the route key of what no other route takes.
const Default = "$default"

// Keys returns the route keys that the row's patterns become on the HTTP API. A GET becomes ANY: ServeMux
// answers HEAD with the GET pattern, and API Gateway, which matches methods exactly, takes ANY for what no
// key with a method is for. A key for each of the two would not leave room for all rows among the 300
// that an API has.
func Keys(row route.Row) (keys []string) {
	for _, pattern := range row.Addresses() {
		method, path := route.Split(pattern)
		if method == "" && path == "/" {
			keys = append(keys, Default)
			continue
		}
		if method == "" || method == http.MethodGet {
			method = "ANY"
		}
		keys = append(keys, method+" "+translate(path))
	}
	return keys
}

// translate writes a path of ServeMux as API Gateway has it: "{rest...}" is "{rest+}" there, and a path that
// ends in a slash is itself alone, as "{$}" says. Without that it means all below it to ServeMux, so it is
// refused as ServeMux refuses a bad pattern: with a panic, when the program starts.
func translate(path string) string {
	if own, ok := strings.CutSuffix(path, "/{$}"); ok {
		return own + "/"
	}
	if strings.HasSuffix(path, "/") {
		panic(fmt.Sprintf("the path %s has no route key on an HTTP API: end it in a name, in {$} or in {rest...}", path))
	}
	return strings.Replace(path, "...}", "+}", 1)
}
