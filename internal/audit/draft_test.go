package audit

import (
	"os"
	"strings"
	"testing"
)

// What was said a year ago can be read, and a change or loss of it is found.
func TestDraftsAreKept(t *testing.T) {
	l, dir := chain(t, 0)
	hash, err := l.KeepDraft([]byte(`[{"claim":"c1","text":"idle for {c1.days}"}]`))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		add(t, l, Fact{Kind: Draft, Draft: hash})
	}
	if text, err := l.DraftText(hash); err != nil || !strings.Contains(string(text), "idle for {c1.days}") {
		t.Fatalf("got %q, %v", text, err)
	}
	if r := verify(t, dir, true); r.Drafts != 1 {
		t.Errorf("%d drafts, want 1", r.Drafts)
	}
	if err := os.WriteFile(draftFile(dir, hash), []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	verify(t, dir, false)
	if again, err := l.KeepDraft([]byte(`[{"claim":"c1","text":"idle for {c1.days}"}]`)); err != nil || again != hash {
		t.Fatalf("keep it again: %q, %v", again, err)
	}
	verify(t, dir, true)
	if err := os.Remove(draftFile(dir, hash)); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, dir, false); !strings.Contains(r.Fault.Reason, "has lost its draft") {
		t.Error(r.Fault)
	}
}
