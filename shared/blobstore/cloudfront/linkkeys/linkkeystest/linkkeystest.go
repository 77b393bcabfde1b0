// Package linkkeystest is an AWS account in this process, as far as keys of links go: CloudFront's public keys
// and key groups, with the rules that CloudFront has for them, and SSM's parameters.
package linkkeystest

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Account is the account. Its fields may be looked at while nobody asks it.
type Account struct {
	URL string
	// PublicKeys are the public keys (PEM) and Groups the keys of each key group, by their ids.
	PublicKeys map[string]string
	Groups     map[string][]string
	// Parameters are SSM's, by name.
	Parameters map[string]string
	// Refuse is asked ahead of every request, and has it refused with the code that it returns. What SSM is
	// asked for is named by its operation, what CloudFront is by method and path.
	Refuse func(request string) (code string)

	mu       sync.Mutex
	versions map[string]int // of keys and groups, which their ETags are made of
	created  map[string]string
	written  map[string]int // versions of parameters
}

// Start starts an account that has nothing. It ends with the test.
func Start(t testing.TB) *Account {
	t.Helper()
	a := &Account{
		PublicKeys: map[string]string{}, Groups: map[string][]string{}, Parameters: map[string]string{}, versions: map[string]int{},
		created: map[string]string{}, written: map[string]int{},
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.URL = server.URL
	return a
}

// fault is a refusal.
type fault struct {
	status int
	code   string
}

// ServeHTTP answers as CloudFront, or as SSM.
func (a *Account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	request, answer := r.Method+" "+r.URL.Path, a.cloudFront
	operation, isSSM := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AmazonSSM.")
	if isSSM {
		request, answer = operation, a.ssm
	}
	var refused *fault
	if a.Refuse != nil {
		if code := a.Refuse(request); code != "" {
			refused = &fault{http.StatusBadRequest, code}
		}
	}
	if refused == nil {
		refused = answer(w, r)
	}
	if refused == nil {
		return
	}
	w.WriteHeader(refused.status)
	if isSSM {
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": refused.code})
		return
	}
	_, _ = fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code></Error></ErrorResponse>", refused.code)
}

func (a *Account) ssm(w http.ResponseWriter, r *http.Request) *fault {
	var in struct {
		Name, Value string
		Names       []string
		Overwrite   bool
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return &fault{http.StatusBadRequest, "SerializationException"}
	}
	_, found := a.Parameters[in.Name]
	out := map[string]any{}
	switch operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AmazonSSM."); {
	case operation == "PutParameter" && found && !in.Overwrite:
		return &fault{http.StatusBadRequest, "ParameterAlreadyExists"}
	case operation == "PutParameter":
		a.Parameters[in.Name] = in.Value
		a.written[in.Name]++
		out["Version"] = a.written[in.Name]
	case operation == "GetParameters":
		out["Parameters"] = a.named(in.Names)
	case !found:
		return &fault{http.StatusBadRequest, "ParameterNotFound"}
	case operation == "GetParameter":
		out["Parameter"] = map[string]any{"Name": in.Name, "Value": a.Parameters[in.Name], "Version": a.written[in.Name]}
	case operation == "DeleteParameter":
		delete(a.Parameters, in.Name)
	}
	_ = json.NewEncoder(w).Encode(out)
	return nil
}

// named returns the parameters of these names that there are.
func (a *Account) named(names []string) (list []map[string]string) {
	for _, name := range names {
		if value, found := a.Parameters[name]; found {
			list = append(list, map[string]string{"Name": name, "Value": value})
		}
	}
	return list
}

// body is what CloudFront is sent and answers with: one of a public key, and one of a key group.
type body struct {
	XMLName     xml.Name
	ID          string   `xml:"Id,omitempty"`
	Name        string   `xml:",omitempty"`
	EncodedKey  string   `xml:",omitempty"`
	CreatedTime string   `xml:",omitempty"`
	Keys        []string `xml:"Items>PublicKey"`
	Config      *body    `xml:"KeyGroupConfig"`
}

func (a *Account) cloudFront(w http.ResponseWriter, r *http.Request) *fault {
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/2020-05-31/"), "/")
	var id string
	if len(path) > 1 {
		id = path[1]
	}
	var in body
	if r.ContentLength > 0 {
		if err := xml.NewDecoder(r.Body).Decode(&in); err != nil {
			return &fault{http.StatusBadRequest, "MalformedInput"}
		}
	}
	if id != "" {
		if a.versions[id] == 0 {
			return &fault{http.StatusNotFound, map[string]string{"public-key": "NoSuchPublicKey", "key-group": "NoSuchResource"}[path[0]]}
		}
		if match := r.Header.Get("If-Match"); r.Method != http.MethodGet && match != a.etag(id) {
			return &fault{http.StatusPreconditionFailed, "PreconditionFailed"}
		}
	}
	if path[0] == "public-key" {
		return a.publicKey(w, r.Method, id, in)
	}
	return a.keyGroup(w, r.Method, id, in)
}

func (a *Account) etag(id string) string { return "E" + strconv.Itoa(a.versions[id]) }

func (a *Account) publicKey(w http.ResponseWriter, method, id string, in body) *fault {
	switch method {
	case http.MethodPost:
		if !isP256(in.EncodedKey) {
			return &fault{http.StatusBadRequest, "InvalidArgument"}
		}
		id = fmt.Sprintf("K%d", len(a.versions)+1)
		a.PublicKeys[id], a.created[id] = in.EncodedKey, time.Now().UTC().Format(time.RFC3339)
		a.versions[id]++
	case http.MethodDelete:
		for _, keys := range a.Groups {
			if slices.Contains(keys, id) {
				return &fault{http.StatusConflict, "PublicKeyInUse"}
			}
		}
		delete(a.PublicKeys, id)
		a.versions[id] = 0
		return nil
	}
	return a.answer(w, id, body{XMLName: xml.Name{Local: "PublicKey"}, ID: id, CreatedTime: a.created[id]})
}

func isP256(text string) bool {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return false
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	public, is := key.(*ecdsa.PublicKey)
	return err == nil && is && public.Curve.Params().Name == "P-256"
}

func (a *Account) keyGroup(w http.ResponseWriter, method, id string, in body) *fault {
	switch method {
	case http.MethodPost, http.MethodPut:
		if len(in.Keys) > 5 {
			return &fault{http.StatusBadRequest, "TooManyPublicKeysInKeyGroup"}
		}
		for _, key := range in.Keys {
			if a.PublicKeys[key] == "" {
				return &fault{http.StatusBadRequest, "InvalidArgument"}
			}
		}
		if id == "" {
			id = fmt.Sprintf("G%d", len(a.versions)+1)
		}
		a.Groups[id] = in.Keys
		a.versions[id]++
	case http.MethodDelete:
		delete(a.Groups, id)
		a.versions[id] = 0
		return nil
	}
	return a.answer(w, id, body{XMLName: xml.Name{Local: "KeyGroup"}, ID: id, Config: &body{
		XMLName: xml.Name{Local: "KeyGroupConfig"}, Name: "a group", Keys: a.Groups[id],
	}})
}

func (a *Account) answer(w http.ResponseWriter, id string, out body) *fault {
	w.Header().Set("ETag", a.etag(id))
	if err := xml.NewEncoder(w).Encode(out); err != nil {
		panic(err)
	}
	return nil
}
