package route

import (
	"net/http"
	"strings"
)

// Addresses returns every pattern that requests may go by: Patterns and, when there is one, Pattern
// with its Alias.
func (r Row) Addresses() []string {
	list := r.Patterns()
	if r.Alias != "" {
		list = append(list, strings.Replace(r.Pattern, r.prefix(), r.Alias, 1))
	}
	return list
}

// prefix is the path of Pattern before its first parameter.
func (r Row) prefix() string {
	_, path := Split(r.Pattern)
	before, _, _ := strings.Cut(path, "{")
	return before
}

// Aliased goes in front of a ServeMux with the rows' patterns: it leads what begins with a row's Alias
// to its Pattern.
func Aliased(next http.Handler, rows []Row) http.Handler {
	prefixes := map[string]string{}
	for _, row := range rows {
		if row.Alias != "" {
			prefixes[row.Alias] = row.prefix()
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for alias, prefix := range prefixes {
			if rest, ok := strings.CutPrefix(r.URL.Path, alias); ok {
				r = r.Clone(r.Context())
				r.URL.Path = prefix + rest
				if raw, ok := strings.CutPrefix(r.URL.RawPath, alias); ok {
					r.URL.RawPath = prefix + raw
				}
				break
			}
		}
		next.ServeHTTP(w, r)
	})
}
