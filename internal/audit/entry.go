package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// A Kind says what an entry speaks of.
type Kind string

// The kinds of entries.
const (
	Run      Kind = "run"      // a command began or ended: Verb, State, Config
	Snapshot Kind = "snapshot" // a snapshot was published: Data, File, N recommendations
	Draft    Kind = "draft"    // sentences of one pattern: Pattern, Evidence, By, Prompt, Model, Draft, Guard, N recommendations
	Export   Kind = "export"   // a file was written: Verb is its name, File, Plan, N recommendations
	Decision Kind = "decision" // a person decided
	Request  Kind = "request"  // a request was sent
	Receipt  Kind = "receipt"  // and answered
	Rollback Kind = "rollback" // and taken back
	Forget   Kind = "forget"   // a person was forgotten: Who, N bodies
	Anchor   Kind = "anchor"   // the head of this entry was put elsewhere
	Mend     Kind = "mend"     // a torn line was ended: Torn, N bytes
)

// A Fact is everything that an entry says apart from its place in the chain.
// Fields that do not apply are empty. None may hold personal data: hashes are
// hexadecimal, words have the letters of [A-Za-z0-9._:/+-].
type Fact struct {
	Kind     Kind
	N        int64  // how many things it speaks of
	Run      string // word: the run
	Verb     string // word: the command, or a file's name
	State    string // word: begun, done, part or failed; a person's decision; a request's outcome
	Config   string // hash of the configuration
	Data     string // digest of the landed data
	Evidence string // hash of the evidence
	Pattern  string // hash of what drafts have in common
	By       string // word: who drafted, for instance template or a model's name
	Prompt   string // word: version of the prompt
	Model    string // hash of the model
	Draft    string // hash of a draft, which holds slots and no values
	Guard    string // word: what the guard said
	Plan     string // hash of a plan
	File     string // hash of a file
	Torn     string // hash of torn bytes
	Who      string // hash: a person's pseudonym
	Body     string // hash: commitment to the body
}

// An Entry is one line of the chain.
type Entry struct {
	Seq  int64  // 1 for the first
	Prev string // hash of the entry before, all zeros for the first
	At   time.Time
	Fact
	Hash string
}

// A field is a text of an entry under its name in JSON.
type field struct {
	name  string
	word  bool // a word; otherwise hexadecimal
	value func(*Entry) *string
}

// fields are the optional texts in the order in which they are written.
var fields = []field{
	{"run", true, func(e *Entry) *string { return &e.Run }},
	{"verb", true, func(e *Entry) *string { return &e.Verb }},
	{"state", true, func(e *Entry) *string { return &e.State }},
	{"config", false, func(e *Entry) *string { return &e.Config }},
	{"data", false, func(e *Entry) *string { return &e.Data }},
	{"evidence", false, func(e *Entry) *string { return &e.Evidence }},
	{"pattern", false, func(e *Entry) *string { return &e.Pattern }},
	{"by", true, func(e *Entry) *string { return &e.By }},
	{"prompt", true, func(e *Entry) *string { return &e.Prompt }},
	{"model", false, func(e *Entry) *string { return &e.Model }},
	{"draft", false, func(e *Entry) *string { return &e.Draft }},
	{"guard", true, func(e *Entry) *string { return &e.Guard }},
	{"plan", false, func(e *Entry) *string { return &e.Plan }},
	{"file", false, func(e *Entry) *string { return &e.File }},
	{"torn", false, func(e *Entry) *string { return &e.Torn }},
	{"who", false, func(e *Entry) *string { return &e.Who }},
	{"body", false, func(e *Entry) *string { return &e.Body }},
}

const (
	longest  = 128 // letters of a text
	timeForm = "2006-01-02T15:04:05.000000Z"
	domain   = "winnow audit 1\n" // what is hashed begins so, and is nothing else's hash
)

// zeros stand for the hash of the entry before the first.
var zeros = hex.EncodeToString(make([]byte, sha256.Size))

// hashTail is the end of a line, from the entry's own hash on.
const hashTail = len(`,"hash":""}`) + 2*sha256.Size

// fits says whether a text may stand in the field.
func (f field) fits(text []byte) bool {
	if len(text) == 0 || len(text) > longest {
		return false
	}
	for _, c := range text {
		low := c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
		if !low && (!f.word || (c < 'A' || c > 'Z') && (c < 'g' || c > 'z') && bytes.IndexByte([]byte("._:/+-"), c) < 0) {
			return false
		}
	}
	return true
}

// Word turns a text of winnow's own, such as a guard's reason, into a word:
// other letters become hyphens, and what is too long is cut. It makes nothing
// fit for the chain that names a person.
func Word(text string) string {
	b := []byte(text)
	b = b[:min(len(b), longest)]
	for i := range b {
		if !(field{word: true}).fits(b[i : i+1]) {
			b[i] = '-'
		}
	}
	return string(b)
}

// check refuses what must not stand in the chain.
func (f Fact) check() error {
	e := Entry{Fact: f}
	if !(field{word: true}).fits([]byte(f.Kind)) || f.N < 0 {
		return fmt.Errorf("enter %q, %d: a kind is a word, and a number is not negative", f.Kind, f.N)
	}
	for _, d := range fields {
		if text := *d.value(&e); text != "" && !d.fits([]byte(text)) {
			return fmt.Errorf("enter %s: %s %q is longer than %d letters or has letters that do not belong in the chain", f.Kind, d.name, text, longest)
		}
	}
	return nil
}

// line writes the entry as its line, without the line break, and sets its hash.
func (e *Entry) line() []byte {
	b := append(make([]byte, 0, 512), `{"seq":`...)
	b = strconv.AppendInt(b, e.Seq, 10)
	b = append(append(b, `,"prev":"`...), e.Prev...)
	b = e.At.UTC().AppendFormat(append(b, `","at":"`...), timeForm)
	b = append(append(b, `","kind":"`...), e.Kind...)
	b = strconv.AppendInt(append(b, `","n":`...), e.N, 10)
	for _, f := range fields {
		if text := *f.value(e); text != "" {
			b = append(append(append(b, `,"`...), f.name...), `":"`...)
			b = append(append(b, text...), '"')
		}
	}
	sum := hashOf(b)
	e.Hash = hex.EncodeToString(sum[:])
	return append(append(append(b, `,"hash":"`...), e.Hash...), `"}`...)
}

// hashOf hashes a line up to its own hash.
func hashOf(b []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write([]byte(domain))
	h.Write(b)
	return [sha256.Size]byte(h.Sum(nil))
}

// errForm is what a line that is none of ours is told.
var errForm = errors.New("is no entry as winnow writes them")

// parse reads a line, which must be written exactly as line writes it, and
// compares its own hash.
func parse(b []byte) (e Entry, err error) {
	if len(b) < hashTail {
		return e, errForm
	}
	body, tail := b[:len(b)-hashTail], b[len(b)-hashTail:]
	c := cutter{rest: body}
	e.Seq = c.number(`{"seq":`)
	e.Prev = string(c.text(`,"prev":"`, field{}))
	at := c.text(`,"at":"`, field{word: true})
	e.Kind = Kind(c.text(`,"kind":"`, field{word: true}))
	e.N = c.number(`,"n":`)
	for _, f := range fields {
		if len(c.rest) == 0 {
			break
		}
		c.optional(f, f.value(&e))
	}
	var timeErr error
	e.At, timeErr = time.Parse(timeForm, string(at))
	if c.bad || len(c.rest) > 0 || timeErr != nil || len(e.Prev) != 2*sha256.Size ||
		!bytes.HasPrefix(tail, []byte(`,"hash":"`)) || !bytes.HasSuffix(tail, []byte(`"}`)) {
		return e, errForm
	}
	e.Hash = string(tail[len(`,"hash":"`) : hashTail-len(`"}`)])
	if sum := hashOf(body); e.Hash != hex.EncodeToString(sum[:]) {
		return e, errors.New("does not have the hash that it names")
	}
	return e, nil
}
