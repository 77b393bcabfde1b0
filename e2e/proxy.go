package e2e

import (
	"fmt"
	"net"
	"sync"
)

// Direction is which way bytes go through a Proxy.
type Direction int

// The directions.
const (
	Up   Direction = iota // from the client
	Down                  // to the client
)

// Proxy is a bad line: it passes connections on, and breaks one when it is told to.
type Proxy struct {
	// URL is the proxy's own address, as that of a registry.
	URL string

	listener net.Listener
	mu       sync.Mutex
	to       string
	conns    map[net.Conn]bool
	carried  [2]int64
	fault    *fault
	mended   chan struct{}
}

// fault is what is going to happen to the connection that goes over a number of bytes.
type fault struct {
	direction Direction
	left      int64 // bytes
	stall     bool  // the line goes dead, instead of being cut
	struck    chan struct{}
}

// NewProxy listens on a free port. It refuses connections until Forward says where they go.
func NewProxy() (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	p := &Proxy{URL: "http://" + l.Addr().String(), listener: l, conns: map[net.Conn]bool{}, mended: make(chan struct{})}
	go p.accept()
	return p, nil
}

// Forward says which address connections go to from now on.
func (p *Proxy) Forward(addr string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.to = addr
}

// Cut lets so many bytes more come through in a direction, over whatever connections, and cuts the
// one that carries the next byte. The channel is closed when that has happened.
func (p *Proxy) Cut(d Direction, after int64) (struck <-chan struct{}) {
	return p.plan(fault{direction: d, left: after})
}

// Stall is Cut, but that the connection stays open and goes dead: nothing comes through any more
// until Mend.
func (p *Proxy) Stall(d Direction, after int64) (struck <-chan struct{}) {
	return p.plan(fault{direction: d, left: after, stall: true})
}

func (p *Proxy) plan(f fault) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.struck = make(chan struct{})
	p.fault = &f
	return f.struck
}

// Mend cuts the connections there are, and lets all others pass from now on.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = nil
	close(p.mended)
	p.mended = make(chan struct{})
	for c := range p.conns {
		c.Close()
	}
}

// Carried is how many bytes have come through in a direction.
func (p *Proxy) Carried(d Direction) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.carried[d]
}

// Close cuts all connections and stops listening.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	p.Mend()
	return err
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.pass(client)
	}
}

// pass carries a connection until both sides are done with it.
func (p *Proxy) pass(client net.Conn) {
	p.mu.Lock()
	to := p.to
	p.mu.Unlock()
	server, err := net.Dial("tcp", to)
	if err != nil {
		client.Close()
		return
	}
	mended := p.open(client, server)
	defer p.close(client, server)
	var ways sync.WaitGroup
	ways.Go(func() { p.carry(Up, client, server, mended) })
	ways.Go(func() { p.carry(Down, server, client, mended) })
	ways.Wait()
}

func (p *Proxy) open(client, server net.Conn) (mended <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[client], p.conns[server] = true, true
	return p.mended
}

func (p *Proxy) close(client, server net.Conn) {
	client.Close()
	server.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, client)
	delete(p.conns, server)
}

// carry copies one way. When no more comes, the other side hears so and may still answer.
func (p *Proxy) carry(d Direction, from, to net.Conn, mended <-chan struct{}) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		allowed, f := p.allow(d, int64(n))
		if _, err := to.Write(buffer[:allowed]); err != nil {
			from.Close()
			return
		}
		if f != nil {
			f.strike(from, to, mended)
			return
		}
		if err != nil {
			// The peer may be gone altogether: then there is nobody to tell.
			_ = to.(*net.TCPConn).CloseWrite()
			return
		}
	}
}

// allow counts n bytes, and returns how many of them may pass; the fault strikes behind those.
func (p *Proxy) allow(d Direction, n int64) (allowed int64, struck *fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	allowed = n
	if f := p.fault; f != nil && f.direction == d {
		if allowed = min(n, f.left); allowed < n {
			struck, p.fault = f, nil
		}
		f.left -= allowed
	}
	p.carried[d] += allowed
	return allowed, struck
}

func (f *fault) strike(from, to net.Conn, mended <-chan struct{}) {
	if f.stall {
		close(f.struck)
		<-mended
		return
	}
	from.Close()
	to.Close()
	close(f.struck)
}
