package registry

import (
	"errors"
	"net/mail"
	"strings"
)

// MaxName is the most characters a name has.
const MaxName = 100

// reserved are first path segments that are, or may become, the registry's own: an organization
// of that name would hide behind them, or they behind it.
var reserved = map[string]bool{
	"admin": true, "api": true, "api-docs": true, "assets": true, "auth": true, "badge": true,
	"boxes": true, "config": true, "discover": true, "docs": true, "favicon.ico": true,
	"files": true, "health": true, "help": true, "invite": true, "iso": true, "login": true,
	"logout": true, "metrics": true, "oauth2": true, "openapi.json": true, "operation": true, "organization": true,
	"organizations": true, "register": true, "resource-manager": true, "robots.txt": true, "scim": true, "search": true,
	"settings": true, "setup": true, "static": true, "status": true, "system": true,
	"ui": true, "user": true, "users": true, "vagrant": true, "version": true,
}

// CheckName says what is wrong with the name of a box, a provider or an account: letters,
// digits, `-`, `_` and `.` inside, a letter or digit at both ends, 1 to MaxName characters.
func CheckName(name string) error {
	switch {
	case name == "":
		return errors.New("must not be empty")
	case len(name) > MaxName:
		return errors.New("must have at most 100 characters")
	case !alphanumeric(name[0]) || !alphanumeric(name[len(name)-1]):
		return errors.New("must begin and end with a letter or digit")
	case strings.Contains(name, ".."):
		return errors.New("must not contain two dots in a row")
	}
	for i := range len(name) {
		if c := name[i]; !alphanumeric(c) && c != '-' && c != '_' && c != '.' {
			return errors.New("may have only letters, digits, hyphens, underscores and dots")
		}
	}
	return nil
}

// CheckOrganizationName is CheckName, less the names that the registry keeps for its own paths.
func CheckOrganizationName(name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if reserved[Fold(name)] {
		return errors.New("is a reserved name")
	}
	return nil
}

// CheckArchitectureName is CheckName, less `upload`, which Vagrant's clients put where an
// architecture may stand (vagrant-protocol: …/provider/NAME/upload).
func CheckArchitectureName(name string) error {
	if Fold(name) == "upload" {
		return errors.New("is a reserved name")
	}
	return CheckName(name)
}

// CheckEmail says what is wrong with an e-mail address: it must be a bare address of at most 254
// characters (RFC 5321, 4.5.3.1.3).
func CheckEmail(address string) error {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > 254 {
		return errors.New("must be an e-mail address")
	}
	return nil
}

// CheckText says what is wrong with a free text of at most max characters.
func CheckText(text string, max int) error {
	if len([]rune(text)) > max {
		return errors.New("is too long")
	}
	if strings.ContainsRune(text, 0) {
		return errors.New("must not contain a zero character")
	}
	return nil
}

// Fold returns the form in which names are compared: they are unique whatever their case.
func Fold(name string) string { return strings.ToLower(name) }

// SameName reports whether two names are the same name.
func SameName(a, b string) bool { return Fold(a) == Fold(b) }

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
