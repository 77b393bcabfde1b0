// Function is a function on AWS as small as one can be: the tests of cloud build and run it.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/settings"
)

func main() {
	s, err := settings.Read(os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	c, err := cloud.Open(s)
	if err != nil {
		log.Fatal(err)
	}
	cloud.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ring, err := c.Keys(r.Context(), r.URL.Query().Get("key"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(ring.Public())
	}))
}
