// Package itemstore is the port to the table that holds every record of the registry.
//
// A Store knows keys, revisions and documents; what they mean is the catalog's business.
// Three methods are all that a table must be able to do, and one suite (storetest) says what
// they must hold. Implementations: dynamo (DynamoDB) and local (one file).
package itemstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Key addresses one item: a partition, and a place in the order of that partition.
// Both parts are UTF-8, non-empty, at most MaxKey bytes, and hold no zero byte. Places are
// ordered by their bytes.
type Key struct {
	Partition string
	Sort      string
}

// Item is a document under a key.
type Item struct {
	Key
	// Doc is the document, JSON text in UTF-8. At most MaxDoc bytes. Empty on an item that only
	// counts. The slice belongs to the caller, both ways.
	Doc []byte
	// Rev is the revision: positive, set by the store, or by Op.Stamped, different after each Put of
	// the item, never used twice for one key even when the item was deleted in between. 0 means there is
	// no item. An Add that makes the item sets it, every other Add leaves it.
	Rev int64
	// Count is a number that Add moves. Put sets it to 0.
	Count int64
	// Expires is when the item stops to exist, to the second, in UTC; zero means never. A store
	// does not return an expired item and treats it as absent, in conditions and for Add.
	Expires time.Time
}

// Exists reports whether the item was there.
func (i Item) Exists() bool { return i.Rev != 0 }

// MaxKey is how many bytes each part of a Key may have: DynamoDB's limit for a sort key.
const MaxKey = 1024

// MaxDoc is the size in bytes a document may have: DynamoDB's 400 KiB for an item, less room
// for keys and the other attributes.
const MaxDoc = 390 << 10

// MaxOps is how many operations one Write may have (DynamoDB's TransactWriteItems).
const MaxOps = 100

// MaxWrite is how many bytes the keys and documents of one Write may have together: DynamoDB's
// 4 MB for a transaction, less room for the other attributes.
const MaxWrite = 3800 << 10

// MaxGet is how many different keys one Get may have (DynamoDB's BatchGetItem).
const MaxGet = 100

// Query asks for the items of a partition in the order of their Sort. Its bounds hold together;
// they need not be places of items, but are UTF-8 as such places are.
type Query struct {
	Partition string
	// Prefix limits the answer to places that begin with it.
	Prefix string
	// After starts behind this place (exclusive), or before it when Reverse is set.
	// It is the Next of the page before; empty starts at the beginning.
	After string
	// Until leaves out this place and those behind it (in ascending byte order); empty means no
	// such bound.
	Until string
	// Limit is the most items a page has; 0 leaves it to the store.
	Limit int
	// Reverse turns the order around.
	Reverse bool
}

// Page is an answer to a Query. Next is the After of the following page, empty on the last one.
// A page may be short, or even empty, and still have a Next.
type Page struct {
	Items []Item
	Next  string
}

// Store is the port. All methods read what the latest acknowledged Write left: there is no
// eventual consistency to think of. But Get and Query are no snapshot: of a Write that is under
// way they may see some items changed and others not yet. Who depends on several items makes
// his own Write conditional on the revisions he read.
//
// Methods are safe for concurrent use, and stop early with the context's error when it ends.
// A Write that ends so, or with an error this package does not name, may have been done or not.
type Store interface {
	// Get returns one item per key, in the order of the keys; an absent one has its Key and
	// Rev 0. At most MaxGet different keys.
	Get(ctx context.Context, keys ...Key) ([]Item, error)
	// Query returns a page.
	Query(ctx context.Context, q Query) (Page, error)
	// Write does all operations or none, and has made them durable when it returns nil.
	// At most MaxOps operations, each on a key of its own, and MaxWrite bytes. When a condition
	// does not hold the error is a *ConditionError. A clash with another Write that is under
	// way is waited out by the store and not reported.
	Write(ctx context.Context, ops ...Op) error
}

// Condition is what must hold of an item for an operation on it.
type Condition struct {
	kind conditionKind
	rev  int64
}

type conditionKind uint8

const (
	conditionAny conditionKind = iota
	conditionAbsent
	conditionExists
	conditionRev
)

// Absent holds when there is no such item.
func Absent() Condition { return Condition{kind: conditionAbsent} }

// Exists holds when there is one.
func Exists() Condition { return Condition{kind: conditionExists} }

// Rev holds when the item is there with just this revision. Rev(0) is Absent.
func Rev(rev int64) Condition {
	if rev == 0 {
		return Absent()
	}
	return Condition{kind: conditionRev, rev: rev}
}

// Any reports whether the condition always holds.
func (c Condition) Any() bool { return c.kind == conditionAny }

// WantsAbsent reports whether the condition is Absent.
func (c Condition) WantsAbsent() bool { return c.kind == conditionAbsent }

// WantsRev returns the revision the condition asks for; ok is false for every other condition.
func (c Condition) WantsRev() (rev int64, ok bool) { return c.rev, c.kind == conditionRev }

// Holds reports whether the condition holds of an item with this revision (0: absent).
func (c Condition) Holds(rev int64) bool {
	switch c.kind {
	case conditionAbsent:
		return rev == 0
	case conditionExists:
		return rev != 0
	case conditionRev:
		return rev == c.rev
	default:
		return true
	}
}

// Op is one operation of a Write: Put, Delete, Check or Add.
type Op struct {
	Verb Verb
	Item Item // Key always; Doc and Expires for Put; Count and Expires for Add
	If   Condition
	// Rev is the revision that a Put gives the item; 0 leaves it to the store.
	Rev int64
}

// Stamped makes a Put give the item a revision that is known before: of NewRev, and never used for
// another Put.
func (o Op) Stamped(rev int64) Op {
	o.Rev = rev
	return o
}

// NewRev makes a revision. 63 random bits do not come twice for a key, whoever writes it and
// whatever was deleted in between, and need no counter that outlives the item.
func NewRev() int64 { return rand.Int64N(1<<63-1) + 1 }

// Verb says what an Op does.
type Verb uint8

// The verbs.
const (
	VerbPut Verb = iota
	VerbDelete
	VerbCheck
	VerbAdd
)

// Put writes a document under its key, with a new revision. Rev and Count of the item given are
// not looked at.
func Put(item Item, cond Condition) Op { return Op{Verb: VerbPut, Item: item, If: cond} }

// Delete removes an item; removing an absent one is no error.
func Delete(key Key, cond Condition) Op { return Op{Verb: VerbDelete, Item: Item{Key: key}, If: cond} }

// Check changes nothing and makes the Write depend on the condition.
func Check(key Key, cond Condition) Op { return Op{Verb: VerbCheck, Item: Item{Key: key}, If: cond} }

// Add moves the Count of an item by n, making an item without a document when it is absent.
func Add(key Key, n int64) Op {
	return Op{Verb: VerbAdd, Item: Item{Key: key, Count: n}}
}

// AddUntil is Add to an item that expires: one that has no expiry, or is made by it, gets this one.
func AddUntil(key Key, n int64, expires time.Time) Op {
	return Op{Verb: VerbAdd, Item: Item{Key: key, Count: n, Expires: expires}}
}

// ConditionError says which operation's condition did not hold, the first one if several did not.
type ConditionError struct {
	Op  int // its index in the call
	Key Key
}

// Error names the operation and its key.
func (e *ConditionError) Error() string {
	return fmt.Sprintf("condition of operation %d does not hold (%s / %s)", e.Op, e.Key.Partition, e.Key.Sort)
}

// Errors a caller may have to tell apart from the rest.
var (
	// ErrTooLarge is returned by Write for a document over MaxDoc, or more than MaxWrite.
	ErrTooLarge = errors.New("the record is too large")
	// ErrFull is returned by Write when the device behind the store has no room.
	ErrFull = errors.New("no space left for records")
	// ErrBusy is returned by all methods of a store that turned the call away because of too many
	// others, also when it was made again a few times. A Write was not done: one that may have been,
	// because the answer to an earlier try was lost, fails with another error.
	ErrBusy = errors.New("turned away: the store is too busy")
)

// FailedOp returns the index of the operation whose condition did not hold; ok is false for any
// other error.
func FailedOp(err error) (op int, ok bool) {
	var ce *ConditionError
	if errors.As(err, &ce) {
		return ce.Op, true
	}
	return 0, false
}
