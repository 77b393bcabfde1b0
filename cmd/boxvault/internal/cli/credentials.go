package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

// credentials are who the user is at which registry. They are kept in one file, which only the
// user can read.
type credentials struct {
	// Default is the URL of the registry that was logged in to last.
	Default string `json:"default,omitempty"`
	// Registries has a login for each URL.
	Registries map[string]login `json:"registries"`
}

// login is a token at a registry.
type login struct {
	Username string `json:"username"`
	Token    string `json:"token"`
	// ExpiresAt is zero for a token that does not tell.
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
	// RenewAt is when to renew the session; zero when it cannot be.
	RenewAt time.Time `json:"renewAt,omitzero"`
}

// fromSession is the login that a session gives.
func fromSession(s api.Session, now time.Time) login {
	return login{Username: s.Username, Token: s.AccessToken, ExpiresAt: s.ExpiresAt, RenewAt: client.RenewAt(now, s)}
}

// credentialsPath is where the credentials are kept.
func (a *App) credentialsPath() (string, error) {
	dir, err := a.ConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for configuration: %w", err)
	}
	return filepath.Join(dir, "boxvault", "credentials.json"), nil
}

// readCredentials returns empty ones when there is no file yet.
func (a *App) readCredentials() (credentials, error) {
	c := credentials{Registries: map[string]login{}}
	path, err := a.credentialsPath()
	if err != nil {
		return c, err
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return c, hint(fmt.Errorf("read credentials %s: %w", path, err), "remove the file and log in again")
	}
	return c, nil
}

// changeCredentials reads the credentials, has them changed and writes them.
func (a *App) changeCredentials(change func(*credentials)) error {
	c, err := a.readCredentials()
	if err != nil {
		return err
	}
	change(&c)
	path, err := a.credentialsPath()
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	if err := writePrivate(path, append(raw, '\n')); err != nil {
		return fmt.Errorf("write credentials: %w", err)
	}
	return nil
}

// writePrivate puts a file in place as a whole, readable by the user only.
func writePrivate(path string, content []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".credentials-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // there is none any more when all went well
	_, err = temp.Write(content)
	if err == nil {
		err = temp.Sync()
	}
	if err := errors.Join(err, temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
