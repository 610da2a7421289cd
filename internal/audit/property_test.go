package audit

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lineOf is a line of a chain with the file in which it stands.
type lineOf struct{ file, text string }

// read returns the lines of a chain.
func read(t testing.TB, dir string) (out []lineOf) {
	t.Helper()
	files, err := months(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			out = append(out, lineOf{name, line})
		}
	}
	return out
}

// written writes lines as a chain of its own, in the place of the one that a
// test wrote before.
func written(t testing.TB, lines []lineOf) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), fmt.Sprint("winnow-audit-", os.Getpid()))
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		t.Fatal(err)
	}
	files := map[string]*bytes.Buffer{}
	for _, l := range lines {
		if files[l.file] == nil {
			files[l.file] = &bytes.Buffer{}
		}
		files[l.file].WriteString(l.text)
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A tampering changes lines, and returns the first that it touched.
type tampering struct {
	name string
	do   func(r *rand.Rand, lines []lineOf) ([]lineOf, int)
}

var tamperings = []tampering{
	{"edit a byte", func(r *rand.Rand, lines []lineOf) ([]lineOf, int) {
		i := r.IntN(len(lines))
		b := []byte(lines[i].text)
		b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
		lines[i].text = string(b)
		return lines, i
	}},
	{"edit a value", func(r *rand.Rand, lines []lineOf) ([]lineOf, int) {
		i := r.IntN(len(lines))
		lines[i].text = strings.Replace(lines[i].text, `"guard":"accepted"`, `"guard":"refused"`, 1)
		return lines, i
	}},
	{"insert a byte", func(r *rand.Rand, lines []lineOf) ([]lineOf, int) {
		i := r.IntN(len(lines))
		at := r.IntN(len(lines[i].text))
		lines[i].text = lines[i].text[:at] + string(rune(' '+r.IntN(90))) + lines[i].text[at:]
		return lines, i
	}},
	{"delete", func(r *rand.Rand, lines []lineOf) ([]lineOf, int) {
		i := r.IntN(len(lines))
		return slices.Delete(lines, i, min(len(lines), i+1+r.IntN(3))), i
	}},
	{"swap", func(r *rand.Rand, lines []lineOf) ([]lineOf, int) {
		i := r.IntN(len(lines) - 1)
		j := i + 1 + r.IntN(len(lines)-i-1)
		lines[i].text, lines[j].text = lines[j].text, lines[i].text
		return lines, i
	}},
	{"repeat", func(r *rand.Rand, lines []lineOf) ([]lineOf, int) {
		i := r.IntN(len(lines))
		return slices.Insert(lines, i+1, lines[i]), i + 1
	}},
	{"cut off lines", func(r *rand.Rand, lines []lineOf) ([]lineOf, int) {
		i := r.IntN(len(lines))
		return lines[:i], i
	}},
	{"cut off in a line", func(r *rand.Rand, lines []lineOf) ([]lineOf, int) {
		i := r.IntN(len(lines))
		lines[i].text = lines[i].text[:r.IntN(len(lines[i].text))]
		return lines[:i+1], i
	}},
	{"lose a month", func(_ *rand.Rand, lines []lineOf) ([]lineOf, int) {
		first := lines[0].file
		return slices.DeleteFunc(lines, func(l lineOf) bool { return l.file == first }), 0
	}},
}

// reckoned numbers the entries from a line on anew and works out their hashes,
// as someone would who knows how. It leaves out what is no entry.
func reckoned(lines []lineOf) (out []lineOf) {
	last := Entry{Hash: zeros}
	for _, l := range lines {
		e, err := parse([]byte(strings.TrimSuffix(l.text, "\n")))
		if err != nil && err.Error() == errForm.Error() {
			continue
		}
		e.Seq, e.Prev = last.Seq+1, last.Hash
		l.text = string(e.line()) + "\n"
		out, last = append(out, l), e
	}
	return out
}

// Given the last head that was put elsewhere, every one of a thousand random
// changes is found, and where the hashes were left alone, named; a thousand
// more whose later hashes were all worked out anew are found as well, and so
// are those that were then filled up to the old length.
func TestThousandChanges(t *testing.T) {
	l, dir := chain(t, 60)
	head, err := l.Head()
	if err != nil {
		t.Fatal(err)
	}
	good := read(t, dir)
	verify(t, written(t, good), true, head)
	r := rand.New(rand.NewPCG(5, 6))
	forged := 0
	for n := range 1000 {
		how := tamperings[n%len(tamperings)]
		lines, first := how.do(r, slices.Clone(good))
		report := verify(t, written(t, lines), false, head)
		if report.Fault.Seq != int64(first+1) {
			t.Fatalf("%d, %s at %d: %v", n, how.name, first+1, report.Fault)
		}
		again := reckoned(lines)
		if len(again) >= len(good) && slices.Equal(again[:len(good)], good) {
			if r := verify(t, written(t, again), true, head); len(again) > len(good) && r.Loose.Seq != head.Seq+1 {
				t.Fatalf("%d, %s: %+v", n, how.name, r)
			}
			continue // what was changed was taken back, or added after the head, and is told as such
		}
		forged++
		verify(t, written(t, again), true) // the chain alone shows nothing
		report = verify(t, written(t, again), false, head)
		if len(again) >= len(good) && report.Fault.Seq != head.Seq {
			t.Fatalf("%d, %s at %d, hashes worked out anew: %v", n, how.name, first+1, report.Fault)
		}
		for len(again) < len(good) {
			again = append(again, lineOf{"2026-11.ndjson", good[0].text})
		}
		verify(t, written(t, reckoned(again)), false, head)
	}
	if forged < 800 {
		t.Errorf("%d only were worked out anew", forged)
	}
}

// Of several heads the last good and the first bad one bound where the chain was
// changed, and what came after the newest head is told.
func TestHeadsBound(t *testing.T) {
	_, dir := chain(t, 40)
	var heads []Head
	for i, l := range read(t, dir) {
		if e, err := parse([]byte(strings.TrimSuffix(l.text, "\n"))); err != nil {
			t.Fatal(err)
		} else if i%10 == 9 && i < 39 {
			heads = append(heads, Head{e.Seq, e.Hash})
		}
	}
	r := verify(t, dir, true, heads...)
	if r.Anchored != 30 || r.Loose == nil || r.Loose.Seq != 31 || r.Loose.File == "" || r.Loose.Line == 0 {
		t.Errorf("%+v", r)
	}
	if r := verify(t, dir, true, Head{Hash: heads[1].Hash}); r.Anchored != 20 || r.Loose.Seq != 21 {
		t.Errorf("by its hash alone: %+v", r)
	}
	lines := read(t, dir)
	e, err := parse([]byte(strings.TrimSuffix(lines[14].text, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	e.N++
	lines[14].text = string(e.line()) + "\n"
	if r := verify(t, written(t, lines), false); r.Fault.Seq != 16 {
		t.Errorf("with its own hash alone worked out anew: %v", r.Fault)
	}
	r = verify(t, written(t, reckoned(lines)), false, heads...)
	if r.Anchored != 10 || r.Fault.Seq != 20 || !strings.Contains(r.Fault.Reason, "after 10 ") {
		t.Errorf("%+v %v", r, r.Fault)
	}
	for _, h := range []Head{{Hash: strings.Repeat("ab", 32)}, {41, strings.Repeat("ab", 32)}} {
		if r := verify(t, dir, false, h); r.Fault.Seq != 41 {
			t.Errorf("%v: %v", h, r.Fault)
		}
	}
	if r := verify(t, t.TempDir(), true); r.Entries != 0 || r.Loose != nil {
		t.Errorf("%+v", r)
	}
	verify(t, t.TempDir(), false, heads...)
}

// BenchmarkVerify follows a chain of 200,000 entries of the size of those of
// drafts, on one core.
func BenchmarkVerify(b *testing.B) {
	const n = 200_000
	dir := b.TempDir()
	var text bytes.Buffer
	last, now := Entry{Hash: zeros}, clock()
	for i := range n {
		e := Entry{Seq: last.Seq + 1, Prev: last.Hash, At: now(), Fact: fact(i)}
		text.Write(e.line())
		text.WriteByte('\n')
		last = e
	}
	if err := os.WriteFile(filepath.Join(dir, "2026-10.ndjson"), text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		r, err := Verify(dir, Head{last.Seq, last.Hash})
		if err != nil || r.Fault != nil || r.Anchored != n {
			b.Fatal(fmt.Sprint(r, err))
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
