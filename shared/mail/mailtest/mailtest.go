// Package mailtest runs an SMTP server for tests, on loopback, that keeps what it gets.
package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
)

// TLS says how a server secures its connections.
type TLS int

// The ways.
const (
	Plain    TLS = iota // no TLS at all
	StartTLS            // as on port 587
	Implicit            // as on port 465
)

// Options say what a server is like.
type Options struct {
	TLS TLS
	// User and Password must sign in before they send; without a User nobody needs to, or can.
	User, Password string
	// Mechanisms are what AUTH offers; nil is PLAIN and LOGIN.
	Mechanisms []string
	// Answer decides at each step; nil is yes to all. An error of Refuse is the server's answer,
	// ErrBreakOff ends the connection, and ErrHang says nothing until the server is stopped.
	Answer func(step Step, argument string) error
}

// Server is a mail server that runs until the end of its test.
type Server struct {
	Host string // 127.0.0.1
	Port int
	// Roots are who its certificate is from.
	Roots *x509.CertPool

	options  Options
	stopped  chan struct{}
	mu       sync.Mutex
	arrived  chan struct{} // closed, and made anew, when a message arrives
	messages []Message
	sessions int
}

// Start starts a server on a free port.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	certificate, roots := borrow()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr)
	s := &Server{Host: address.IP.String(), Port: address.Port, Roots: roots, options: o,
		stopped: make(chan struct{}), arrived: make(chan struct{})}
	server := gosmtp.NewServer(gosmtp.BackendFunc(s.session))
	server.Domain = "mail.test"
	server.AllowInsecureAuth = true
	server.EnableSMTPUTF8 = true
	server.ErrorLog = log.New(io.Discard, "", 0) // handshakes fail on purpose
	if o.TLS == StartTLS {
		server.TLSConfig = certificate
	}
	if o.TLS == Implicit {
		listener = tls.NewListener(listener, certificate)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		close(s.stopped)
		_ = server.Close()
	})
	return s
}

// borrow takes the certificate for 127.0.0.1 that httptest has.
func borrow() (*tls.Config, *x509.CertPool) {
	lender := httptest.NewTLSServer(http.NotFoundHandler())
	defer lender.Close()
	roots := x509.NewCertPool()
	roots.AddCert(lender.Certificate())
	return &tls.Config{Certificates: lender.TLS.Certificates}, roots
}

// Messages returns what was taken so far, in order.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

// Wait returns the first n messages as soon as they are there; the test fails when they do not come.
func (s *Server) Wait(t testing.TB, n int) []Message {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		s.mu.Lock()
		have, arrived := s.messages, s.arrived
		s.mu.Unlock()
		if len(have) >= n {
			return have[:n:n]
		}
		select {
		case <-arrived:
		case <-deadline:
			t.Fatalf("%d messages have arrived, want %d", len(have), n)
		}
	}
}

func (s *Server) add(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// Sessions is how often a client said hello; after STARTTLS it says it again.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}
