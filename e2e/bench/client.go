package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// client is one connection to a registry. It is of few instructions: it shares the processors with
// what it measures.
type client struct {
	host   string
	token  string
	conn   net.Conn
	reader *bufio.Reader
}

// dial connects to the registry; with a token, requests carry it.
func (r *registry) dial(token string) (*client, error) {
	host := strings.TrimPrefix(r.url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	return &client{host, token, conn, bufio.NewReaderSize(conn, 64<<10)}, nil
}

// request makes the bytes of a request; the body is JSON.
func (c *client) request(method, path, body string) []byte {
	b := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n", method, path, c.host)
	if c.token != "" {
		b = fmt.Appendf(b, "x-access-token: %s\r\n", c.token)
	}
	if body != "" {
		b = fmt.Appendf(b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	return append(append(b, "\r\n"...), body...)
}

// ask sends a request and reads the answer to its end.
func (c *client) ask(request []byte) (status int, took time.Duration, err error) {
	began := time.Now()
	if _, err := c.conn.Write(request); err != nil {
		return 0, 0, err
	}
	resp, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return 0, 0, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, time.Since(began), err
}

func (c *client) close() { c.conn.Close() }

// refused is the error for an answer that is not the one that is measured.
func refused(request []byte, status int) error {
	line, _, _ := strings.Cut(string(request), "\r\n")
	return fmt.Errorf("%s: %d %s", line, status, http.StatusText(status))
}
