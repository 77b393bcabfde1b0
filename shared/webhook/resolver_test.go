package webhook

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
)

// resolver asks a name server on this machine, to which every name means the addresses given.
func resolver(t *testing.T, meanings ...netip.Addr) *net.Resolver {
	t.Helper()
	server := must[net.PacketConn](t)(net.ListenPacket("udp", "127.0.0.1:0"))
	t.Cleanup(func() { server.Close() })
	go func() {
		query := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			server.WriteTo(answer(query[:n], meanings), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// answer answers a DNS query of one question (RFC 1035, section 4.1).
func answer(query []byte, meanings []netip.Addr) []byte {
	const header, response, noSuchName = 12, 0x8180, 3
	end := header
	for query[end] != 0 {
		end += 1 + int(query[end])
	}
	question := query[header : end+5]
	asked := binary.BigEndian.Uint16(question[len(question)-4:])
	var records []byte
	count := uint16(0)
	for _, a := range meanings {
		kind := uint16(1) // A
		if a.Is6() {
			kind = 28 // AAAA
		}
		if kind != asked {
			continue
		}
		count++
		records = append(records, 0xc0, header, byte(kind>>8), byte(kind), 0, 1, 0, 0, 0, 0, 0, byte(len(a.AsSlice())))
		records = append(records, a.AsSlice()...)
	}
	flags := uint16(response)
	if len(meanings) == 0 {
		flags |= noSuchName
	}
	reply := append([]byte{}, query[:2]...)
	for _, n := range []uint16{flags, 1, count, 0, 0} {
		reply = binary.BigEndian.AppendUint16(reply, n)
	}
	return append(append(reply, question...), records...)
}
