package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/boxvault/boxvault/e2e/bench/fill"
)

// fewBoxes is how many boxes the registry has that the large one is held against.
const fewBoxes = 10

// growthTime is how long a call is measured, of both registries together.
const growthTime = 3 * time.Second

// grown is a registry with so many boxes.
type grown struct {
	*registry
	boxes int
	data  string
}

// grownCall is a call whose cost must not grow. In its path and body, ORG and BOX are any box that was
// filled in, N is another number each time.
type grownCall struct {
	what               string
	method, path, body string
	known              bool // with a token, of a platform admin
	status             int
}

// aBox is where a box that was filled in is, and aFile where its file.
const (
	aBox     = "/api/organization/ORG/box/BOX"
	aVersion = aBox + "/version/1.0.0"
	aFile    = aVersion + "/provider/virtualbox/architecture/amd64/file"
)

// grownCalls ask for lists so short that both registries have as much to answer.
var grownCalls = []grownCall{
	{"metadata of one box", "GET", "/org-0000/box-000000", "", false, http.StatusOK},
	{"metadata of any box", "GET", "/ORG/BOX", "", false, http.StatusOK},
	{"read a box", "GET", aBox, "", false, http.StatusOK},
	{"list boxes, 10", "GET", "/api/organization/ORG/box?limit=10", "", false, http.StatusOK},
	{"download, the redirect", "GET", aFile + "/download", "", false, http.StatusFound},
	{"read the user", "GET", "/api/user", "", true, http.StatusOK},
	{"list organizations, 2", "GET", "/api/organization?limit=2", "", true, http.StatusOK},
	{"discover organizations, 1", "GET", "/api/organizations/discover?limit=1", "", false, http.StatusOK},
	{"discover boxes, 5", "GET", "/api/discover?limit=5", "", false, http.StatusOK},
	{"search a word that all boxes have, 5", "GET", "/api/search?q=box&limit=5", "", false, http.StatusOK},
	{"search the name of any box", "GET", "/api/search?q=BOX", "", false, http.StatusOK},
	{"search as a member", "GET", "/api/search?q=box&limit=5", "", true, http.StatusOK},
	{"search in one organization, 5", "GET", "/api/search?organization=ORG&limit=5&sort=updated", "", false, http.StatusOK},
	{"search what no box of a word has", "GET", "/api/search?q=box&provider=vmware_desktop", "", false, http.StatusOK},
	{"create a box", "POST", "/api/organization/org/box", `{"name":"new-N","isPublic":true}`, true, http.StatusCreated},
	{"create a version", "POST", "/api/organization/org/box/box/version", `{"version":"1.0.N"}`, true, http.StatusCreated},
	{"change a version", "PUT", aVersion, `{"description":"number N"}`, true, http.StatusOK},
	{"sign in", "POST", "/api/auth/signin", `{"username":"bench","password":"a long password"}`, false, http.StatusOK},
}

// growth holds what calls cost in a registry with many boxes against one with few, in turn.
func (b *bench) growth() error {
	few, many := &grown{boxes: fewBoxes}, &grown{boxes: b.boxes}
	for _, g := range []*grown{few, many} {
		g.data = filepath.Join(b.dir, "growth-"+strconv.Itoa(g.boxes))
		began := time.Now()
		if err := fill.Data(g.data, g.boxes); err != nil {
			return err
		}
		say(fmt.Sprintf("filling a registry with %d boxes", g.boxes), time.Since(began).Round(time.Millisecond).String(), "")
	}
	if err := b.startGrown(few, many); err != nil {
		return err
	}
	for _, g := range []*grown{few, many} {
		r, err := b.open(g.data)
		if err != nil {
			return err
		}
		defer r.stop()
		g.registry = r
	}
	for _, call := range grownCalls {
		if err := call.measure(few, many); err != nil {
			return err
		}
	}
	say("memory after these calls", mib(few.memory("RssAnon"))+" / "+mib(many.memory("RssAnon")),
		"with the records' pages, which the system may take back: "+mib(few.memory("VmRSS"))+" / "+mib(many.memory("VmRSS")))
	return nil
}

// startGrown measures starts and memory at rest, in turn.
func (b *bench) startGrown(few, many *grown) error {
	var times [2][]time.Duration
	var rest [2]int64
	for range starts {
		for i, g := range []*grown{few, many} {
			took, memory, err := b.startOnce(g.data)
			if err != nil {
				return err
			}
			times[i], rest[i] = append(times[i], took), memory
		}
	}
	a, z := median(times[0]), median(times[1])
	say(fmt.Sprintf("%d / %d boxes: start to first 200", few.boxes, many.boxes), both(a, z), fmt.Sprintf("ratio %.2f", ratio(z, a)))
	say("  memory at rest", mib(rest[0])+" / "+mib(rest[1]), "")
	return nil
}

// measure sends the call to one registry and to the other by turns.
func (call grownCall) measure(few, many *grown) error {
	var clients [2]*client
	for i, g := range []*grown{few, many} {
		c, err := g.dial("")
		if err != nil {
			return err
		}
		defer c.close()
		if call.known {
			c.token = g.token
		}
		clients[i] = c
	}
	var times [2][]time.Duration
	for n, end := 0, time.Now().Add(growthTime); time.Now().Before(end); n++ {
		for i, g := range []*grown{few, many} {
			request := call.request(clients[i], g.boxes, n)
			status, took, err := clients[i].ask(request)
			if err == nil && status != call.status {
				err = refused(request, status)
			}
			if err != nil {
				return err
			}
			times[i] = append(times[i], took)
		}
	}
	a, z := times[0], times[1]
	say("  "+call.what, both(percentile(a, 50), percentile(z, 50)), fmt.Sprintf("ratio %.2f; p99 %s",
		ratio(percentile(z, 50), percentile(a, 50)), both(percentile(a, 99), percentile(z, 99))))
	return nil
}

func (call grownCall) request(c *client, boxes, n int) []byte {
	organization, box := fill.Names(rand.IntN(boxes))
	meant := strings.NewReplacer("ORG", organization, "BOX", box, "N", strconv.Itoa(n))
	return c.request(call.method, meant.Replace(call.path), meant.Replace(call.body))
}
