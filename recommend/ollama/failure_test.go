package ollama_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/recommend"
	"winnow/recommend/ollama"
)

// fails drafts with a server that fails, and demands that every recommendation
// has the template's text, that each says why, and that there is one warning.
func fails(t *testing.T, d *desk, n int, warning string) []access.Recommendation {
	t.Helper()
	recs := d.write(t, people(t, n, 0))
	if len(recs) != n {
		t.Fatalf("%d of %d recommendations", len(recs), n)
	}
	for _, r := range recs {
		if r.Rationale == "" || r.Guard == ollama.Accepted && !strings.HasPrefix(r.DraftedBy, "ollama:") || r.Guard == ollama.NoServer && !strings.HasPrefix(r.DraftedBy, "template/") {
			t.Errorf("drafted by %q, guard %q: %s", r.DraftedBy, r.Guard, r.Rationale)
		}
	}
	if len(d.warnings) != 1 || !strings.Contains(d.warnings[0].Error(), warning) || !strings.Contains(d.warnings[0].Error(), "the template writes") || access.HintOf(d.warnings[0]) == "" {
		t.Errorf("warnings = %v", d.warnings)
	}
	return recs
}

// TestNoServer finds nobody at the address.
func TestNoServer(t *testing.T) {
	s := serve(t, nil)
	s.Close()
	got := guards(fails(t, open(t, ollama.Config{Host: s.URL}), 20, "reach the model's server"))
	if got[ollama.NoServer] != 20 {
		t.Errorf("%v", got)
	}
}

// TestNoModel finds a server without the model, and one that would pass the
// question on to another host.
func TestNoModel(t *testing.T) {
	s := serve(t, nil)
	fails(t, open(t, ollama.Config{Host: s.URL, Model: "absent"}), 20, "find the model absent")
	s.models = strings.Replace(models, `"digest"`, `"remote_host":"https://cloud.example","digest"`, 1)
	fails(t, open(t, ollama.Config{Host: s.URL}), 20, "passes it on")
	if s.calls() != 0 {
		t.Errorf("%d questions", s.calls())
	}
}

// TestKilled loses the server in the middle of the run.
func TestKilled(t *testing.T) {
	var s *server
	s = serve(t, func(n int, q chat, w http.ResponseWriter) {
		if n > 5 {
			s.CloseClientConnections()
			return
		}
		reply(w, examples(q))
	})
	got := guards(fails(t, open(t, ollama.Config{Host: s.URL}), 200, "ask the model"))
	if got[ollama.Accepted] == 0 || got[ollama.NoServer] == 0 || s.calls() != 5+3 {
		t.Errorf("%v after %d calls", got, s.calls())
	}
}

// TestSilent asks a model that never answers: three calls are lost at most, not two
// hundred.
func TestSilent(t *testing.T) {
	s := serve(t, func(_ int, _ chat, w http.ResponseWriter) { time.Sleep(time.Second) })
	begun := time.Now()
	fails(t, open(t, ollama.Config{Host: s.URL, CallTime: 100 * time.Millisecond}), 200, "no answer in time")
	if s.calls() > 3 || time.Since(begun) > 10*time.Second {
		t.Errorf("%d calls in %s", s.calls(), time.Since(begun))
	}
}

// TestSlow uses up the night's time.
func TestSlow(t *testing.T) {
	s := serve(t, func(_ int, q chat, w http.ResponseWriter) {
		time.Sleep(100 * time.Millisecond)
		reply(w, examples(q))
	})
	got := guards(fails(t, open(t, ollama.Config{Host: s.URL, TotalTime: 350 * time.Millisecond}), 200, "no answer in time"))
	if got[ollama.Accepted] == 0 || s.calls() > 5 {
		t.Errorf("%v after %d calls", got, s.calls())
	}
}

// TestFlood answers with 10 MB, in one piece and without an end.
func TestFlood(t *testing.T) {
	for _, body := range []string{`{"message":{"content":"` + strings.Repeat("x", 10<<20) + `"},"done":true}`, strings.Repeat(`{"message":{"content":"x"}}`+"\n", 400_000)} {
		s := serve(t, func(_ int, _ chat, w http.ResponseWriter) { w.Write([]byte(body)) })
		fails(t, open(t, ollama.Config{Host: s.URL}), 50, "longer than 1048576 bytes")
		if s.calls() != 3 {
			t.Errorf("%d calls", s.calls())
		}
	}
}

// TestRubbish answers with faults of every kind.
func TestRubbish(t *testing.T) {
	for what, answer := range map[string]func(http.ResponseWriter){
		"500": func(w http.ResponseWriter) {
			http.Error(w, `{"error":"out of memory"}`, http.StatusInternalServerError)
		},
		"no json": func(w http.ResponseWriter) { w.Write([]byte("<html>")) },
		"redirect": func(w http.ResponseWriter) {
			w.Header().Set("Location", "http://192.0.2.1/")
			w.WriteHeader(http.StatusTemporaryRedirect)
		},
	} {
		s := serve(t, func(_ int, _ chat, w http.ResponseWriter) { answer(w) })
		got := guards(fails(t, open(t, ollama.Config{Host: s.URL}), 50, "ask the model"))
		if s.calls() != 3 || got[ollama.NoServer] != 50 {
			t.Errorf("%s: %d calls, %v", what, s.calls(), got)
		}
	}
	// An answer without a text is an answer, which the guard refuses.
	s := serve(t, func(_ int, _ chat, w http.ResponseWriter) { reply(w, "") })
	d := open(t, ollama.Config{Host: s.URL})
	if got := guards(d.write(t, people(t, 2, 0))); got["refused:broken_json"] != 2 || len(d.warnings) != 0 {
		t.Errorf("%v, %v", got, d.warnings)
	}
}

// TestHiccup forgives a server that fails now and then.
func TestHiccup(t *testing.T) {
	s := serve(t, func(n int, q chat, w http.ResponseWriter) {
		if n%3 == 0 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		reply(w, examples(q))
	})
	d := open(t, ollama.Config{Host: s.URL})
	got := guards(d.write(t, people(t, 60, 0)))
	if got[ollama.Accepted] == 0 || got[ollama.NoServer] == 0 || len(d.warnings) != 1 {
		t.Errorf("%v, %v", got, d.warnings)
	}
}

// TestCancelled ends at once, with an error, when the run is interrupted.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(_ int, _ chat, _ http.ResponseWriter) {
		cancel()
		time.Sleep(200 * time.Millisecond)
	})
	d := open(t, ollama.Config{Host: s.URL})
	for _, err := range recommend.Write(ctx, d, d.catalogue, people(t, 20, 0)) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("err = %v", err)
		}
	}
	if len(d.warnings) != 0 {
		t.Errorf("warnings = %v", d.warnings)
	}
}
