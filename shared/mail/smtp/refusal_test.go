package smtp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
	"github.com/boxvault/boxvault/shared/mail/smtp"
)

// answering starts a server that gives an answer at one step.
func answering(t *testing.T, step mailtest.Step, answer error) *mailtest.Server {
	return mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS, Answer: func(at mailtest.Step, _ string) error {
		if at == step {
			return answer
		}
		return nil
	}})
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		step      mailtest.Step
		code      int
		text      string
		want      mail.Reason
		permanent bool
	}{
		{mailtest.Hello, 550, "we do not talk to you", mail.Unreachable, false},
		{mailtest.Sender, 550, "5.1.8 no such sender", mail.SenderRefused, false},
		{mailtest.Sender, 451, "4.3.0 try later", mail.SenderRefused, false},
		{mailtest.Recipient, 550, "5.1.1 no such user", mail.RecipientRefused, true},
		{mailtest.Recipient, 553, "no such user", mail.RecipientRefused, true},
		{mailtest.Recipient, 550, "5.7.1 relaying denied", mail.RecipientRefused, false},
		{mailtest.Recipient, 530, "sign in first", mail.RecipientRefused, false},
		{mailtest.Recipient, 450, "4.2.0 greylisted", mail.RecipientRefused, false},
		{mailtest.Data, 554, "5.6.0 we do not like it", mail.MessageRefused, true},
		{mailtest.Data, 550, "5.7.26 not signed", mail.MessageRefused, false},
		{mailtest.Data, 452, "4.3.1 disk full", mail.MessageRefused, false},
	} {
		t.Run(fmt.Sprintf("%s %d %s", c.step, c.code, c.text), func(t *testing.T) {
			server := answering(t, c.step, mailtest.Refuse(c.code, c.text))
			err := send(t, at(server, smtp.StartTLS), hello)
			if reasonOf(err) != c.want || mail.Permanent(err) != c.permanent {
				t.Errorf("error %v, permanent %v; want %q, %v", err, mail.Permanent(err), c.want, c.permanent)
			}
			if err == nil || !strings.HasSuffix(err.Error(), fmt.Sprintf(": %d %s", c.code, c.text)) {
				t.Errorf("error %v does not say %d %s", err, c.code, c.text)
			}
		})
	}
}

func TestServerThatBreaksOff(t *testing.T) {
	for step, want := range map[mailtest.Step]mail.Reason{
		mailtest.Hello:     mail.Unreachable,
		mailtest.Sender:    mail.BrokenOff,
		mailtest.Recipient: mail.BrokenOff,
		mailtest.Data:      mail.BrokenOff,
	} {
		err := send(t, at(answering(t, step, mailtest.ErrBreakOff), smtp.StartTLS), hello)
		if reasonOf(err) != want || mail.Permanent(err) {
			t.Errorf("at %s: error %v, want %q", step, err, want)
		}
	}
}

func TestServerThatSaysNothing(t *testing.T) {
	for step, want := range map[mailtest.Step]mail.Reason{
		mailtest.Hello:     mail.Unreachable,
		mailtest.Sender:    mail.BrokenOff,
		mailtest.Recipient: mail.BrokenOff,
		mailtest.Data:      mail.BrokenOff,
	} {
		c := at(answering(t, step, mailtest.ErrHang), smtp.StartTLS)
		c.Timeout = 300 * time.Millisecond
		err := send(t, c, hello)
		if reasonOf(err) != want || mail.Permanent(err) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("at %s: error %v, want %q", step, err, want)
		}
	}
}

// raw starts a server that does with a connection what it is told to.
func raw(t *testing.T, do func(net.Conn)) smtp.Config {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go do(conn)
		}
	}()
	return smtp.Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "a@example.com", TLS: smtp.None}
}

func TestServerThatDoesNotGreet(t *testing.T) {
	for _, mode := range []smtp.TLS{smtp.None, smtp.Required} {
		silent := raw(t, func(conn net.Conn) {
			_, _ = io.Copy(io.Discard, conn) // until the other side gives up
			conn.Close()
		})
		silent.TLS = mode
		sender, err := smtp.New(silent)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		if err := sender.Send(ctx, hello); !errors.Is(err, context.DeadlineExceeded) || mail.Permanent(err) {
			t.Errorf("%s: error %v", mode, err)
		}
	}
}

func TestServerThatNeverStopsTalking(t *testing.T) {
	talkative := raw(t, func(conn net.Conn) {
		defer conn.Close()
		for {
			if _, err := fmt.Fprintf(conn, "220-%s\r\n", strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	})
	if err := send(t, talkative, hello); reasonOf(err) != mail.Unreachable || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestWhatAServerSaysIsOneShortLine(t *testing.T) {
	rude := raw(t, func(conn net.Conn) {
		defer conn.Close()
		fmt.Fprintf(conn, "554-\x1b[31mgo\r\n554-away\xff\r\n554 %s\r\n", strings.Repeat("ü", 5000))
		_, _ = bufio.NewReader(conn).ReadString('\n')
	})
	err := send(t, rude, hello)
	var e *mail.Error
	if !errors.As(err, &e) || !strings.HasPrefix(e.Said, "554 [31mgo away") || len([]rune(e.Said)) > 300 {
		t.Errorf("error %v", err)
	}
}

func TestTakenIsTakenWhateverFollows(t *testing.T) {
	server := answering(t, mailtest.Taken, mailtest.ErrBreakOff)
	if err := send(t, at(server, smtp.StartTLS), hello); err != nil {
		t.Errorf("it was taken, and yet: %v", err)
	}
	if n := len(server.Wait(t, 1)); n != 1 {
		t.Errorf("%d messages", n)
	}
}
