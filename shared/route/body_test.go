package route_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/route"
)

// What is too large is refused by what it says of itself: nothing of it is asked for or read.
func TestABodyThatIsTooLargeIsNotRead(t *testing.T) {
	s := &service{}
	server := httptest.NewServer(route.Shell{Identify: identify}.Handler(route.Row{Handler: route.To((*service).Do)}, s))
	defer server.Close()
	for _, c := range []struct {
		about, header string
		sent          string
		status        int
	}{
		{"one that asks first", "Content-Length: 1048577\r\nExpect: 100-continue", "", 413},
		{"one that asks first and is small enough", "Content-Length: 2\r\nExpect: 100-continue", "", 100},
		{"one that is a terabyte", "Content-Length: 1099511627776", "", 413},
		{"one that says no length", "Transfer-Encoding: chunked", chunks(64<<10, 40), 413},
		{"one that says no length and is small enough", "Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n", 200},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		go func() { // the server may hang up before all has gone out
			_, _ = io.WriteString(conn, "POST /box/debian HTTP/1.1\r\nHost: x\r\n"+c.header+"\r\n\r\n"+c.sent)
		}()
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != c.status {
			t.Errorf("%s: %v, %v", c.about, resp, err)
		}
		conn.Close()
	}
}

// chunks are so many chunks of a size, without an end.
func chunks(size, n int) string {
	return strings.Repeat(fmt.Sprintf("%x\r\n%s\r\n", size, strings.Repeat(" ", size)), n)
}
