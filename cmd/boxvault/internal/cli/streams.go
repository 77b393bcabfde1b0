package cli

// The manners of this program:
//
//   - What was asked for goes to stdout, and nothing else: a table, a token, or with --json one JSON
//     document. Everything said about it goes to stderr, so that output can be piped.
//   - Messages are short and plain: no capital at the beginning, no full stop at the end, no
//     colours. Names come as they are typed: acme/debian12.
//   - On success a command says what it has done in one line. With --json it says nothing on stderr.
//   - An error is `boxvault: what happened`, and then `hint: what to do about it`. With --json it is
//     the registry's error body, on stderr.
//   - Questions are asked on a terminal only; without one, the flag that answers them is named.
//   - Text that came from the registry is printed without control characters: a description must
//     not be able to move the cursor.

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Streams are how a command talks to people and programs.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
	// Interactive is set when In and Err are a terminal: questions can be asked.
	Interactive bool
	// Bars is set when Err is a terminal that progress bars can be drawn on.
	Bars bool
	// ReadPassword reads a line from the terminal without showing it.
	ReadPassword func() (string, error)

	lines *bufio.Reader // over In
}

// say tells people what is going on; programs that asked for JSON are left in peace.
func (a *App) say(format string, args ...any) {
	if !a.json {
		fmt.Fprintln(a.Err, clean(fmt.Sprintf(format, args...)))
	}
}

// result prints what was asked for: as JSON, or as text; a nil text is for commands that have told
// already what they did.
func (a *App) result(v any, text func(w io.Writer)) error {
	if !a.json {
		var b strings.Builder
		if text != nil {
			text(&b)
		}
		_, err := io.WriteString(a.Out, clean(b.String()))
		return err
	}
	encoder := json.NewEncoder(a.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// clean takes out what a terminal would obey, but for line ends.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

var errNoTerminal = errors.New("there is no terminal to ask on")

// ask reads a line from the terminal.
func (a *App) ask(question string) (string, error) {
	if !a.Interactive {
		return "", usageError{errNoTerminal}
	}
	fmt.Fprint(a.Err, question+" ")
	return a.readLine()
}

// askSecret reads a line from the terminal without showing it.
func (a *App) askSecret(question string) (string, error) {
	if !a.Interactive {
		return "", usageError{errNoTerminal}
	}
	fmt.Fprint(a.Err, question+" ")
	secret, err := a.ReadPassword()
	fmt.Fprintln(a.Err)
	return secret, err
}

// readLine reads a line of In; the last one need not end.
func (s *Streams) readLine() (string, error) {
	if s.lines == nil {
		s.lines = bufio.NewReader(s.In)
	}
	line, err := s.lines.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

// confirm asks for a yes, unless it was given beforehand.
func (a *App) confirm(yes bool, format string, args ...any) error {
	if yes {
		return nil
	}
	answer, err := a.ask(clean(fmt.Sprintf(format, args...)) + " [y/N]")
	if errors.Is(err, errNoTerminal) {
		return hint(err, "say --yes if you are sure")
	}
	if err != nil {
		return err
	}
	if answer = strings.ToLower(answer); answer != "y" && answer != "yes" {
		return errors.New("nothing was done")
	}
	return nil
}
