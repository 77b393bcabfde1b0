package embedded

import (
	"crypto/tls"
	"io"
	"net"
	"sync"
	"time"
)

// beginTime is how long a connection may take to say its first byte.
const beginTime = 10 * time.Second

// handshake is the first byte of every TLS connection: the type of the record (RFC 8446, 5.1). No
// method of HTTP begins with it.
const handshake = 0x16

// splitter shares one listener between plain HTTP and TLS. What a connection is for, its first byte
// tells.
type splitter struct {
	net.Listener
	// config is how TLS is spoken now; nil while it is not, and all connections are plain.
	config           func() *tls.Config
	plain, encrypted chan net.Conn
	failed           chan error
	closed           chan struct{}
	close            func() error
}

// split returns listeners for the connections that are plain and for those that are not. Closing
// either closes both.
func split(l net.Listener, config func() *tls.Config) (plain, encrypted net.Listener) {
	s := &splitter{
		Listener: l, config: config, plain: make(chan net.Conn), encrypted: make(chan net.Conn),
		failed: make(chan error), closed: make(chan struct{}),
	}
	s.close = sync.OnceValue(func() error {
		close(s.closed)
		return l.Close()
	})
	go s.run()
	return half{s, s.plain}, half{s, s.encrypted}
}

// run accepts connections. An error goes to one of the servers, which waits before it asks for more.
func (s *splitter) run() {
	for {
		conn, err := s.Listener.Accept()
		if err == nil {
			go s.sort(conn)
			continue
		}
		select {
		case s.failed <- err:
		case <-s.closed:
			return
		}
	}
}

func (s *splitter) sort(conn net.Conn) {
	first := make([]byte, 1)
	_ = conn.SetReadDeadline(time.Now().Add(beginTime))
	if _, err := io.ReadFull(conn, first); err != nil {
		conn.Close()
		return
	}
	_ = conn.SetReadDeadline(time.Time{})
	to, begun := s.plain, net.Conn(&begun{conn.(*net.TCPConn), first})
	if config := s.config(); config != nil && first[0] == handshake {
		to, begun = s.encrypted, tls.Server(begun, config)
	}
	select {
	case to <- begun:
	case <-s.closed:
		conn.Close()
	}
}

// half is the listener for one sort of connections.
type half struct {
	*splitter
	conns chan net.Conn
}

// Accept waits for a connection of this sort.
func (h half) Accept() (net.Conn, error) {
	select {
	case conn := <-h.conns:
		return conn, nil
	case err := <-h.failed:
		return nil, err
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

// Close closes both halves.
func (h half) Close() error { return h.close() }

// begun is a connection whose first byte was read. All else is the TCP connection's own, so that a
// file still goes out as a file.
type begun struct {
	*net.TCPConn
	first []byte
}

// Read reads the first byte and what follows it.
func (b *begun) Read(p []byte) (int, error) {
	if len(b.first) == 0 {
		return b.TCPConn.Read(p)
	}
	n := copy(p, b.first)
	b.first = b.first[n:]
	return n, nil
}

// WriteTo does not pass over the first byte.
func (b *begun) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, struct{ io.Reader }{b}) }
