// Command front is what stands before an emulator, as CloudFront and AWS's own ends of TLS do on AWS.
// With -api it is the registry's address: it resolves, and the HTTP API is asked by its own name.
// Without, it is that of AWS's services, which see requests as they come over TLS: the bucket refuses
// others.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:4567", "where to listen")
	emulator := flag.String("emulator", "http://127.0.0.1:4565", "where the emulator is")
	api := flag.String("api", "", "endpoint of the HTTP API, the stack's output ApiUrl; left out: stand before AWS's services")
	relay := flag.String("relay", "", "where the relay is, which takes uploads of any size; left out: there is none")
	flag.Parse()
	if err := serve(*addr, *emulator, *api, *relay); err != nil {
		fmt.Fprintln(os.Stderr, "front:", err)
		os.Exit(1)
	}
}

func serve(addr, emulator, api, relay string) error {
	to, err := parse("-emulator", emulator)
	if err != nil {
		return err
	}
	handler := newServices(to)
	if api != "" {
		name, err := parse("-api", api)
		if err != nil {
			return err
		}
		handler = newRegistry(to, name.Host)
	}
	if relay != "" {
		at, err := parse("-relay", relay)
		if err != nil {
			return err
		}
		handler = withRelay(at, handler)
	}
	server := http.Server{Addr: addr, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}

func parse(name, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return nil, fmt.Errorf("%s %q is no URL like http://127.0.0.1:4565", name, text)
	}
	return u, nil
}
