package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock starts in a month's last minutes and goes on by three seconds a look,
// so that chains of tests span months.
func clock() func() time.Time {
	at := time.Date(2026, 10, 31, 23, 59, 0, 0, time.UTC)
	return func() time.Time {
		at = at.Add(3 * time.Second)
		return at
	}
}

// chain makes a chain of n entries in a new folder.
func chain(t testing.TB, n int) (*Log, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "audit")
	l, err := Open(dir, clock())
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		add(t, l, fact(i))
	}
	return l, dir
}

func add(t testing.TB, l *Log, facts ...Fact) []Entry {
	t.Helper()
	out, err := l.Append(facts...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// fact is an entry of the size of those of drafts.
func fact(i int) Fact {
	sum := fmt.Sprintf("%064x", i*7919+1)
	return Fact{Kind: Draft, N: int64(i), Run: "20261031T235900Z-0123abcd", Evidence: sum, Pattern: sum[:16], By: "template",
		Prompt: "v3", Model: sum[:64], Plan: sum, Guard: "accepted"}
}

// verify demands a report, and that the chain is as it was written or not.
func verify(t testing.TB, dir string, good bool, heads ...Head) Report {
	t.Helper()
	r, err := Verify(dir, heads...)
	if err != nil {
		t.Fatal(err)
	}
	if good != (r.Fault == nil) {
		t.Fatalf("fault %v, want good = %v", r.Fault, good)
	}
	return r
}

// The chain goes on from month to month and from process to process, in files
// that only their owner reads.
func TestAppend(t *testing.T) {
	l, dir := chain(t, 30)
	again, err := Open(dir, clock())
	if err != nil {
		t.Fatal(err)
	}
	add(t, again, fact(30), fact(31)) // its clock stands in the month before
	add(t, l, fact(32))
	r := verify(t, dir, true)
	if r.Entries != 33 || r.Head.Seq != 33 || r.Mends != 0 || r.Anchored != 0 || r.Loose == nil || r.Loose.Seq != 1 {
		t.Errorf("%+v", r)
	}
	files, err := months(dir)
	if err != nil || fmt.Sprint(files) != "[2026-10.ndjson 2026-11.ndjson]" {
		t.Errorf("%v, %v", files, err)
	}
	for _, name := range files {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if h, err := again.Head(); err != nil || h != r.Head {
		t.Errorf("head %v, %v, want %v", h, err, r.Head)
	}
}

// Several writers at once, of one process and of several, make one chain.
func TestSideBySide(t *testing.T) {
	_, dir := chain(t, 1)
	var all sync.WaitGroup
	for w := range 4 {
		l, err := Open(dir, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			all.Go(func() {
				for n := range 10 {
					if _, err := l.Append(fact(n), fact(w)); err != nil {
						t.Error(err)
					}
					if _, err := l.Head(); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	for range 20 {
		if r, err := Verify(dir); err != nil || r.Fault != nil {
			t.Errorf("while they write: %v, %v", r.Fault, err)
		}
	}
	all.Wait()
	if r := verify(t, dir, true); r.Entries != 161 || r.Mends != 0 {
		t.Errorf("%+v", r)
	}
}

// What reads like a name, a mail or anything but hashes and words is refused,
// and nothing of the same call is entered.
func TestRefused(t *testing.T) {
	l, dir := chain(t, 1)
	for _, f := range []Fact{
		{}, {Kind: "a kind"}, {Kind: Run, Verb: "a b"}, {Kind: Run, Who: "eve@x.test"}, {Kind: Run, Run: "eve@x.test"}, {Kind: Run, Data: "ABC"},
		{Kind: Run, Verb: "x\n"}, {Kind: Run, Verb: `"`}, {Kind: Run, Verb: strings.Repeat("a", longest+1)}, {Kind: Run, N: -1}, {Kind: Run, Verb: "é"},
	} {
		if _, err := l.Append(Fact{Kind: Run}, f); err == nil {
			t.Errorf("entered %+v", f)
		}
	}
	if r := verify(t, dir, true); r.Entries != 1 {
		t.Errorf("%d entries", r.Entries)
	}
	add(t, l, Fact{Kind: Draft, Guard: Word("refused: \"é\" stands\nin no lexicon" + strings.Repeat(" x", longest))})
}

// Every field comes back as it was entered.
func TestParse(t *testing.T) {
	e := Entry{Seq: 7, Prev: zeros, At: time.Date(2026, 11, 1, 2, 3, 4, 5000, time.UTC), Fact: Fact{Kind: Draft, N: 12}}
	for i, f := range fields {
		*f.value(&e) = fmt.Sprintf("%02x", i)
	}
	line := e.line()
	got, err := parse(line)
	if err != nil || got != e {
		t.Fatalf("%+v, %v, want %+v", got, err, e)
	}
	for i := range line { // no byte can be another
		for _, c := range []byte{' ', '0', 'f', line[i] ^ 1, line[i] ^ 0x20} {
			if c == line[i] {
				continue
			}
			other := append(append(append([]byte(nil), line[:i]...), c), line[i+1:]...)
			if _, err := parse(other); err == nil {
				t.Fatalf("read %s", other)
			}
		}
	}
}

// A head is written and read as one word; anchors are lines that begin with one.
func TestHeads(t *testing.T) {
	h := Head{12, zeros}
	for _, text := range []string{h.String(), " " + h.String() + "\n", zeros} {
		if got, err := ParseHead(text); err != nil || got.Hash != zeros {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "12", "12:", "0:" + zeros, "x:" + zeros, zeros[1:], "12:" + strings.Repeat("g", 64)} {
		if got, err := ParseHead(text); err == nil {
			t.Errorf("read %q as %v", text, got)
		}
	}
	path := filepath.Join(t.TempDir(), "anchors")
	if _, err := ReadAnchors(path); err == nil {
		t.Error("read a file that is not there")
	}
	for i := range int64(2) {
		if err := WriteAnchor(path, Head{i + 1, zeros}, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ReadAnchors(path); err != nil || len(got) != 2 || got[1] != (Head{2, zeros}) {
		t.Errorf("%v, %v", got, err)
	}
	for name, text := range map[string]string{"broken": "nonsense here\n" + string(whole), "empty": "\n", "only torn": "3:00"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadAnchors(path); err == nil {
			t.Errorf("%s: read %v", name, got)
		}
	}
	if err := os.WriteFile(path, append(whole, "3:00"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadAnchors(path); err != nil || len(got) != 2 {
		t.Errorf("with a torn line: %v, %v", got, err)
	}
}
