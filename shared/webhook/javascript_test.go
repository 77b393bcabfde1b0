package webhook

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// askNode writes each line of its input, a JSON document, as a receiver does that parses the body
// and writes it once more. (Node's readline would end a line at U+2028 too.)
const askNode = `
const lines = require('fs').readFileSync(0).toString('utf8').split('\n');
process.stdout.write(lines.map((line) => JSON.stringify(JSON.parse(line))).join('\n'));`

func inJavaScript(t *testing.T, documents []string) []string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: bodies are not held against JavaScript's own")
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", askNode)
	cmd.Stdin = strings.NewReader(strings.Join(documents, "\n"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(string(out), "\n")
	if len(answers) != len(documents) {
		t.Fatalf("node answered %d of %d lines", len(answers), len(documents))
	}
	return answers
}

// written are documents with what JavaScript writes for them.
var written = []struct{ raw, want string }{
	{` { "b" : 1 , "a" : [ ] } `, `{"b":1,"a":[]}`},
	{`"<a href='&'>"`, `"<a href='&'>"`},
	{`"\u003c\u003e\u0026\/"`, `"<>&/"`},
	{`"\u2028\u2029\ufeff\u007f\u0080"`, "\"\u2028\u2029\ufeff\u007f\u0080\""},
	{`"\u0000\u0007\b\t\n\u000b\f\r\u001f\"\\"`, `"\u0000\u0007\b\t\n\u000b\f\r\u001f\"\\"`},
	{`"\ud83d\udce6"`, `"📦"`},
	{`{"10":1,"b":2,"9":3,"a":4,"01":5,"-1":6,"1.5":7}`, `{"9":3,"10":1,"b":2,"a":4,"01":5,"-1":6,"1.5":7}`},
	{`{"b":0,"4294967295":1,"4294967294":2,"4294967296":3,"0":4}`, `{"0":4,"4294967294":2,"b":0,"4294967295":1,"4294967296":3}`},
	{`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
	{`{"__proto__":{"x":1},"constructor":2,"toJSON":3,"":4}`, `{"__proto__":{"x":1},"constructor":2,"toJSON":3,"":4}`},
	{`[0,-0,-0.0,0e9,1.0,1e2,1E+2,100]`, `[0,0,0,0,1,100,100,100]`},
	{`[9007199254740993,-9007199254740993,123456789012345678901234567890]`, `[9007199254740992,-9007199254740992,1.2345678901234568e+29]`},
	{`[1e21,1e20,999999999999999999999,0.000001,0.0000001,1.5e-7,1e-10,123e-20]`, `[1e+21,100000000000000000000,1e+21,0.000001,1e-7,1.5e-7,1e-10,1.23e-18]`},
	{`[0.1,0.30000000000000004,5e-324,1e-400,1.7976931348623157e308]`, `[0.1,0.30000000000000004,5e-324,0,1.7976931348623157e+308]`},
	{`[1e309,-1e400]`, `[null,null]`},
	{`[null,true,false,{},[[]]]`, `[null,true,false,{},[[]]]`},
}

func TestADocumentIsWrittenAsInJavaScript(t *testing.T) {
	for _, c := range written {
		if got, err := stringify([]byte(c.raw)); err != nil || string(got) != c.want {
			t.Errorf("%s is written %s (%v), want %s", c.raw, got, err, c.want)
		}
	}
}

func TestAHalfDocumentIsAnError(t *testing.T) {
	for _, raw := range []string{``, `{`, `{"a"`, `{"a":`, `{"a":1`, `[1`, `[1,`, `{"a":[1,{"b"`, `"`, `tru`} {
		if got, err := stringify([]byte(raw)); err == nil {
			t.Errorf("%s: %s", raw, got)
		}
	}
}

// Any document at all: JavaScript's own answer is ours, and it leaves what we have written as it is.
func TestDocumentsAgainstNode(t *testing.T) {
	var raw, ours []string
	random := rand.New(rand.NewPCG(5, 6))
	for _, c := range written {
		raw = append(raw, c.raw)
	}
	for range 20_000 {
		raw = append(raw, randomDocument(random, 4))
	}
	for _, document := range raw {
		got, err := stringify([]byte(document))
		if err != nil {
			t.Fatalf("%s: %v", document, err)
		}
		ours = append(ours, string(got))
	}
	wrong := 0
	for i, theirs := range inJavaScript(t, raw) {
		if theirs = halves.Replace(theirs); theirs != ours[i] {
			t.Errorf("%s\n is to node %s\n and to us %s", raw[i], theirs, ours[i])
			wrong++
		}
		if wrong > 5 {
			t.FailNow()
		}
	}
	for i, again := range inJavaScript(t, ours) {
		if again != ours[i] {
			t.Fatalf("node makes %s of %s", again, ours[i])
		}
	}
}

// halves are those of surrogate pairs that randomString has; we have U+FFFD for them.
var halves = strings.NewReplacer(`\ud800`, "\uFFFD", `\udfff`, "\uFFFD")

// randomDocument writes a document with everything that is written differently somewhere.
func randomDocument(r *rand.Rand, depth int) string {
	kind := r.IntN(7)
	if depth == 0 {
		kind = r.IntN(4)
	}
	switch kind {
	case 0:
		return []string{"null", "true", "false"}[r.IntN(3)]
	case 1, 2:
		return randomNumber(r)
	case 3:
		return randomString(r)
	case 4:
		return "[" + list(r, func() string { return randomDocument(r, depth-1) }) + "]"
	}
	return "{" + list(r, func() string { return randomName(r) + ": " + randomDocument(r, depth-1) }) + "}"
}

func list(r *rand.Rand, one func() string) string {
	var all []string
	for range r.IntN(6) {
		all = append(all, one())
	}
	return strings.Join(all, []string{",", " ,\t"}[r.IntN(2)])
}

// randomName comes often twice, and is often a number.
func randomName(r *rand.Rand) string {
	switch r.IntN(4) {
	case 0:
		return strconv.Quote(fmt.Sprint(r.IntN(12)))
	case 1:
		return strconv.Quote(fmt.Sprint(math.MaxUint32 - 3 + r.Int64N(6)))
	case 2:
		return []string{`"a"`, `"\u0061"`, `"b"`, `"__proto__"`, `""`, `"01"`, `"1e3"`, `"-0"`, `"+1"`, `" 1"`, `"toJSON"`}[r.IntN(11)]
	}
	return randomString(r)
}

func randomNumber(r *rand.Rand) string {
	switch r.IntN(5) {
	case 0:
		return fmt.Sprint(r.Int64() - r.Int64())
	case 1: // all floats there are
		f := math.Float64frombits(r.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return "-0"
		}
		return strconv.FormatFloat(f, 'e', -1, 64)
	case 2: // around where the notation changes
		return fmt.Sprintf("%de%d", r.IntN(2000)-1000, r.IntN(60)-30)
	case 3:
		return fmt.Sprintf("-%d.%d", r.IntN(3), r.Uint64())
	}
	return fmt.Sprintf("%d%020dE+%d", 1+r.IntN(9), r.Uint64(), r.IntN(400))
}

var pieces = []string{
	`<`, `>`, `&`, `'`, `\"`, `\\`, `\/`, `/`, `\b`, `\f`, `\n`, `\r`, `\t`, `\u0000`, `\u001f`, `\u007f`, `\u2028`, "\u2028",
	"\u2029", `\ud800 `, ` \udfff`, `\ud83d\udce6`, "📦", "\uFFFD", "\uFEFF", "ß", "日本", "é", "\u0085", "a", "Z", "0", "9",
}

func randomString(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(8) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return `"` + b.String() + `"`
}

// Whatever is written once is not changed by writing it again; the fuzzer looks for more.
func FuzzStringify(f *testing.F) {
	for _, c := range written {
		f.Add([]byte(c.raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		once, err := stringify(raw)
		if err != nil {
			return
		}
		if twice, err := stringify(once); err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%s, then %s (%v)", once, twice, err)
		}
	})
}
