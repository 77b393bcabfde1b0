package source

import (
	"fmt"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// Declared is the checksum that the source declares, in lower case, and its type, as
// registry.ParseChecksumType returns it; both are empty when it declares none. What tools put behind a
// checksum, such as the name of the file, is left out. The error says that what is declared is none.
func (f File) Declared() (sum, checksumType string, err error) {
	words := strings.Fields(f.Checksum)
	named := strings.ToLower(f.ChecksumType)
	if len(words) == 0 || named == "none" || named == "unset" {
		return "", "", nil
	}
	if checksumType, err = registry.ParseChecksumType(strings.TrimSpace(f.ChecksumType)); err != nil {
		return "", "", fmt.Errorf("the source declares a checksum of type %q, which %w", f.ChecksumType, err)
	}
	sum = strings.ToLower(words[0])
	if err := registry.CheckChecksum(sum, checksumType); err != nil {
		return "", "", fmt.Errorf("the source declares the %s checksum %q, which %w", checksumType, words[0], err)
	}
	return sum, checksumType, nil
}
