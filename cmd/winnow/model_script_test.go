package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// modelserver starts a server that speaks Ollama's protocol and answers every
// question with the examples that stand in it, and adds it to a configuration.
// It counts the questions, whose number it writes into a file after each:
// modelserver CONFIG COUNT. With the word dead its answers break off, with the word empty it has no model.
func modelserver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: modelserver CONFIG COUNT [dead | empty]")
	}
	var asked atomic.Int64
	count := ts.MkAbs(args[1])
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/version":
			fmt.Fprint(w, `{"version":"0.24.0"}`)
		case "/api/tags":
			if len(args) > 2 && args[2] == "empty" {
				fmt.Fprint(w, `{"models":[]}`)
				return
			}
			fmt.Fprintf(w, `{"models":[{"name":"small:latest","digest":"%064d"}]}`, 7)
		case "/api/chat":
			n := asked.Add(1)
			_ = os.WriteFile(count, fmt.Appendf(nil, "%d calls\n", n), 0o600)
			body, _ := io.ReadAll(r.Body)
			if len(args) > 2 && args[2] == "dead" {
				panic(http.ErrAbortHandler)
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"message": map[string]string{"role": "assistant", "content": parrot(body)}, "done": true,
				"eval_count": 40, "eval_duration": 2_000_000_000})
		}
	}))
	ts.Defer(srv.Close)
	config := ts.MkAbs(args[0])
	text := ts.ReadFile(args[0])
	if at := strings.Index(text, "\nllm:"); at >= 0 {
		text = text[:at+1]
	}
	ts.Check(os.WriteFile(config, fmt.Appendf(nil, "%s\nllm: {provider: ollama, host: %q, model: small}\n", text, srv.URL), 0o600))
}

// parrot answers a question with its own examples.
func parrot(question []byte) string {
	var q struct {
		Messages []struct{ Content string }
	}
	if json.Unmarshal(question, &q) != nil || len(q.Messages) == 0 {
		return ""
	}
	rows := []map[string]string{}
	_, asked, _ := strings.Cut(q.Messages[0].Content, "Now answer these:\n")
	for line := range strings.Lines(asked) {
		id, rest, _ := strings.Cut(line, " | ")
		if _, text, ok := strings.Cut(rest, "example: "); ok {
			rows = append(rows, map[string]string{"claim": id, "text": strings.TrimSpace(text)})
		}
	}
	data, _ := json.Marshal(map[string]any{"sentences": rows})
	return string(data)
}
