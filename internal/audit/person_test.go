package audit

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// decide enters a decision of which the body speaks of a person.
func decide(t *testing.T, l *Log, person, words string) Entry {
	t.Helper()
	who, body, err := l.Keep(person, []byte(words))
	if err != nil {
		t.Fatal(err)
	}
	return add(t, l, Fact{Kind: Decision, State: "approved", Who: who, Body: body})[0]
}

// holds lists the files below a folder that hold the words, or are named so.
func holds(t *testing.T, dir, words string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(words)) || strings.Contains(path, words) {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A body comes back as it was kept, lies there sealed, and is missed when it is
// changed or taken away.
func TestBodies(t *testing.T) {
	l, dir := chain(t, 3)
	plan := decide(t, l, "", "a plan of nobody")
	anna := decide(t, l, "hr:anna", "Anna keeps the CRM")
	again := decide(t, l, "hr:anna", "Anna keeps the CRM")
	other := decide(t, l, "hr:bert", "Anna keeps the CRM")
	if anna.Who != again.Who || anna.Who == other.Who || anna.Body == again.Body || anna.Body == other.Body || plan.Who != "" {
		t.Errorf("%v, %v, %v, %v", plan, anna, again, other)
	}
	for _, e := range []Entry{anna, again, other} {
		if b, err := l.Body(e); err != nil || string(b) != "Anna keeps the CRM" {
			t.Errorf("%q, %v", b, err)
		}
	}
	for _, words := range []string{"Anna", "anna"} {
		if files := holds(t, dir, words); len(files) > 0 {
			t.Errorf("%s stands in %v", words, files)
		}
	}
	if r := verify(t, dir, true); r.Bodies.Whole != 4 {
		t.Errorf("%+v", r.Bodies)
	}
	for _, e := range []Entry{plan, again} {
		path := l.bodyFile(e.Body)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, damage := range []func() error{
			func() error { return os.WriteFile(path, append(bytes.Clone(b[:len(b)-1]), b[len(b)-1]^1), 0o600) },
			func() error { return os.WriteFile(path, b[:5], 0o600) },
			func() error { return os.Remove(path) },
		} {
			if err := damage(); err != nil {
				t.Fatal(err)
			}
			if r := verify(t, dir, false); r.Fault.Seq != e.Seq {
				t.Errorf("%v, want entry %d", r.Fault, e.Seq)
			}
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	verify(t, dir, true)
}

// Forgetting a person deletes bodies and key and nothing else; the chain stands,
// says that it was done, names nobody, and whoever comes again is another.
func TestForget(t *testing.T) {
	l, dir := chain(t, 3)
	anna, bert := decide(t, l, "hr:anna", "Anna keeps the CRM"), decide(t, l, "hr:bert", "Bert does not")
	decide(t, l, "hr:anna", "Anna loses the wiki")
	head, err := l.Head()
	if err != nil {
		t.Fatal(err)
	}
	if n, err := l.Forget("r1", "hr:anna", "okta:anna"); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	r := verify(t, dir, true, head)
	if r.Bodies != (BodyReport{Whole: 1, Forgotten: 2}) || r.Entries != 7 {
		t.Errorf("%+v", r)
	}
	if _, err := l.Body(anna); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the body: %v", err)
	}
	if b, err := l.Body(bert); err != nil || string(b) != "Bert does not" {
		t.Errorf("%q, %v", b, err)
	}
	if n, err := l.Forget("r1", "hr:anna"); err != nil || n != 0 {
		t.Error(n, err)
	}
	if again := decide(t, l, "hr:anna", "Anna is back"); again.Who == anna.Who {
		t.Error("the pseudonym came back")
	}
	if err := os.Remove(l.bodyFile(bert.Body)); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, dir, false); r.Fault.Seq != bert.Seq {
		t.Errorf("a body that was taken away: %v", r.Fault)
	}
}

// A kill between the entry and the last deletion leaves what the next try needs.
func TestForgetAgain(t *testing.T) {
	l, dir := chain(t, 0)
	anna := decide(t, l, "hr:anna", "Anna keeps the CRM")
	add(t, l, Fact{Kind: Forget, N: 1, Who: anna.Who})
	if r := verify(t, dir, true); r.Bodies.Whole != 1 {
		t.Errorf("%+v", r.Bodies)
	}
	if n, err := l.Forget("r1", "hr:anna"); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if r := verify(t, dir, true); r.Bodies.Forgotten != 1 {
		t.Errorf("%+v", r.Bodies)
	}
	if keys, err := l.keys(); err != nil || len(keys) != 0 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}
