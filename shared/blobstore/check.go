package blobstore

import (
	"errors"
	"fmt"
	"time"
)

// The rules of the contract that need no store to decide, for every implementation to ask.

const maxKey = 200 // letters in a key

// MaxTTL is how long a link may be valid. Source: the limit of X-Amz-Expires,
// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html.
const MaxTTL = 7 * 24 * time.Hour

// CheckKey says whether a key is 1–200 ASCII letters, digits and `-`: safe as the name of a file.
func CheckKey(key string) error {
	if len(key) < 1 || len(key) > maxKey {
		return fmt.Errorf("a key has 1 to %d letters, not %d", maxKey, len(key))
	}
	for _, c := range []byte(key) {
		if !keyByte(c) {
			return fmt.Errorf("a key is made of letters, digits and -: %q", key)
		}
	}
	return nil
}

func keyByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-'
}

// CheckBegin says whether an upload may begin.
func CheckBegin(key string, partSize int64) error {
	if partSize < MinPart || partSize > MaxPart {
		return fmt.Errorf("a part size is between %d and %d bytes, not %d", int64(MinPart), int64(MaxPart), partSize)
	}
	return CheckKey(key)
}

// CheckPart returns an error that is ErrPart unless a part may have the number n and size bytes.
func CheckPart(u Upload, n int, size int64) error {
	if n < 1 || n > MaxParts {
		return fmt.Errorf("%w: number %d is not between 1 and %d", ErrPart, n, MaxParts)
	}
	if size < 0 || size > u.PartSize {
		return fmt.Errorf("%w: part %d has %d bytes, and %d is the most", ErrPart, n, size, u.PartSize)
	}
	return nil
}

// CheckParts returns an error that is ErrPart unless an object can be made out of the parts given,
// as Complete promises. Both lists are in the order of the numbers.
func CheckParts(u Upload, given, arrived []Part) error {
	if len(given) == 0 {
		return fmt.Errorf("%w: no part was given", ErrPart)
	}
	for i, p := range given {
		n := i + 1
		if p.Number != n {
			return fmt.Errorf("%w: part %d in place of part %d", ErrPart, p.Number, n)
		}
		if i >= len(arrived) || arrived[i] != p {
			return fmt.Errorf("%w: part %d has not arrived, or is another one by now", ErrPart, n)
		}
		if last := n == len(given); p.Size > u.PartSize || !last && p.Size < u.PartSize {
			return fmt.Errorf("%w: part %d has %d bytes, not %d", ErrPart, n, p.Size, u.PartSize)
		}
	}
	return nil
}

// CheckLink says whether a link may be signed.
func CheckLink(key string, ttl time.Duration) error {
	if ttl < time.Second || ttl > MaxTTL {
		return errors.New("a link is valid for a second at least and seven days at most")
	}
	return CheckKey(key)
}
