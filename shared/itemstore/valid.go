package itemstore

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Every store asks these before it takes a call up, so that all refuse the same calls.

// Validate reports whether the key can address an item.
func (k Key) Validate() error {
	for _, part := range []string{k.Partition, k.Sort} {
		if part == "" {
			return errors.New("a key has two parts, neither of them empty")
		}
		if err := validPart(part); err != nil {
			return err
		}
	}
	return nil
}

func validPart(part string) error {
	switch {
	case len(part) > MaxKey:
		return fmt.Errorf("a part of a key is %d bytes long, %d are allowed", len(part), MaxKey)
	case strings.IndexByte(part, 0) >= 0 || !utf8.ValidString(part):
		return fmt.Errorf("%q is no UTF-8 text without a zero byte, as a part of a key must be", part)
	}
	return nil
}

// ValidateGet reports whether the keys can be asked for in one Get.
func ValidateGet(keys []Key) error {
	for _, k := range keys {
		if err := k.Validate(); err != nil {
			return err
		}
	}
	if len(keys) > MaxGet && different(keys) > MaxGet {
		return fmt.Errorf("a Get of %d items, %d are allowed", different(keys), MaxGet)
	}
	return nil
}

func different(keys []Key) int {
	set := make(map[Key]struct{}, len(keys))
	for _, k := range keys {
		set[k] = struct{}{}
	}
	return len(set)
}

// Validate reports whether the query can be asked.
func (q Query) Validate() error {
	if q.Partition == "" || q.Limit < 0 {
		return errors.New("a query names a partition and has no negative limit")
	}
	for _, part := range []string{q.Partition, q.Prefix, q.After, q.Until} {
		if err := validPart(part); err != nil {
			return err
		}
	}
	return nil
}

// ValidateWrite reports whether the operations can be done in one Write. The error is
// ErrTooLarge where a document, or all of them together, are.
func ValidateWrite(ops []Op) error {
	if len(ops) > MaxOps {
		return fmt.Errorf("a Write of %d operations, %d are allowed", len(ops), MaxOps)
	}
	seen := make(map[Key]struct{}, len(ops))
	size := 0
	for _, op := range ops {
		if err := op.validate(); err != nil {
			return err
		}
		if _, twice := seen[op.Item.Key]; twice {
			return fmt.Errorf("two operations of a Write on %s / %s", op.Item.Partition, op.Item.Sort)
		}
		seen[op.Item.Key] = struct{}{}
		size += len(op.Item.Partition) + len(op.Item.Sort) + len(op.Item.Doc)
	}
	if size > MaxWrite {
		return fmt.Errorf("a Write of %d bytes, %d are allowed: %w", size, MaxWrite, ErrTooLarge)
	}
	return nil
}

func (op Op) validate() error {
	if err := op.Item.Validate(); err != nil {
		return err
	}
	at := op.Item.Partition + " / " + op.Item.Sort
	switch {
	case op.Verb > VerbAdd:
		return fmt.Errorf("%s: no such verb", at)
	case op.Verb == VerbAdd && !op.If.Any():
		return fmt.Errorf("%s: an Add has no condition", at)
	case op.Rev < 0 || op.Rev != 0 && op.Verb != VerbPut:
		return fmt.Errorf("%s: only a Put is stamped, with a revision of NewRev", at)
	case len(op.Item.Doc) > MaxDoc:
		return fmt.Errorf("%s: %d bytes, %d are allowed: %w", at, len(op.Item.Doc), MaxDoc, ErrTooLarge)
	case !utf8.Valid(op.Item.Doc):
		return fmt.Errorf("%s: the document is not UTF-8", at)
	}
	return nil
}
