package blobstore

// Seer is what a Store can be beside: one that saw the bytes of an object go by, and need not read
// it again to tell its checksum.
type Seer interface {
	// Seen returns the SHA-256 (hex) of the object that was just completed under the key. It does
	// so once; ok is false when the store did not see all of it, or not in order.
	Seen(key string) (sum string, ok bool)
}

// Seen asks a store that may be a Seer.
func Seen(s Store, key string) (sum string, ok bool) {
	if seer, is := s.(Seer); is {
		return seer.Seen(key)
	}
	return "", false
}
