package cli

import (
	"os"

	"golang.org/x/term"
)

// System is the App of the process: its streams, its environment, its user.
func System(version string) *App {
	in, err := int(os.Stdin.Fd()), int(os.Stderr.Fd())
	return &App{
		Streams: Streams{
			In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
			Interactive: term.IsTerminal(in) && term.IsTerminal(err),
			Bars:        term.IsTerminal(err) && os.Getenv("TERM") != "dumb",
			ReadPassword: func() (string, error) {
				secret, err := term.ReadPassword(in)
				return string(secret), err
			},
		},
		Getenv:    os.Getenv,
		ConfigDir: os.UserConfigDir,
		Version:   version,
	}
}
