package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"winnow/ingest"
	"winnow/ingest/saved"
	"winnow/internal/access"
)

var dirStreams = []ingest.Stream{
	{Name: "system_log", Kind: ingest.Events, Time: "published"},
	{Name: "system_log_flat", Kind: ingest.Events, Time: "published_t"},
	{Name: "users", Kind: ingest.Inventory},
}

// outcome is everything that a sequence yielded.
type outcome struct {
	bodies []string
	faults []*access.Fault
	recs   []access.Record
	rest   access.Cursor
	err    error
}

// drain reads a stream to its end.
func drain(t *testing.T, s ingest.Source, name access.StreamName, since access.Cursor) outcome {
	t.Helper()
	var o outcome
	for r, err := range s.Records(context.Background(), name, since, ingest.Window{}) {
		var f *access.Fault
		switch {
		case errors.As(err, &f):
			o.faults = append(o.faults, f)
		case err != nil:
			o.err = err
		default:
			o.bodies = append(o.bodies, string(r.Body))
			o.recs = append(o.recs, r)
			if r.Rest != "" {
				o.rest = r.Rest
			}
		}
	}
	return o
}

// folder writes files and returns their folder.
func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func gz(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func zst(b []byte) []byte {
	w, _ := zstd.NewWriter(nil)
	return w.EncodeAll(b, nil)
}

const twoUsers = "{\"id\":\"a\"}\n{\"id\":\"b\"}\n"

func TestDirReadsEveryFormAlike(t *testing.T) {
	want := []string{`{"id":"a"}`, `{"id":"b"}`}
	for name, body := range map[string][]byte{
		"users.ndjson":     []byte(twoUsers),
		"users.jsonl":      []byte("\ufeff{\"id\":\"a\"}\r\n\r\n{\"id\":\"b\"}"),
		"users.ndjson.gz":  gz([]byte(twoUsers)),
		"users.ndjson.zst": zst([]byte(twoUsers)),
		"users.json":       []byte(`[{"id":"a"},{"id":"b"}]`),
		"users.json.gz":    []byte(twoUsers), // not packed at all: the content counts
		"users.json.zst":   gz([]byte("[\n  {\n    \"id\": \"a\"\n  },\n  {\"id\":\"b\"}\n]\n")),
	} {
		got := drain(t, ingest.NewDir(folder(t, map[string][]byte{name: body}), dirStreams, ingest.DirOptions{}), "users", "")
		if !slices.Equal(got.bodies, want) || got.err != nil || len(got.faults) > 0 {
			t.Errorf("%s: %q %v %v", name, got.bodies, got.err, got.faults)
		}
	}
}

func TestDirSplitsPagesVerbatim(t *testing.T) {
	body := `{"@odata.context":"x","value":[{"id": "a", "n": 1.50},{"id":"b"}],"@odata.nextLink":"y"}
[{"id":"c"}]
{"records":[{"id":"d"}]}
{"value":"not a page","id":"e"}
{"@odata.type":"#microsoft.graph.user","id":"f","value":[{"id":"inner"}]}
{"value":[]}
{"parent_id":"g1","item":{"id":"u1"}}
`
	got := drain(t, ingest.NewDir(folder(t, map[string][]byte{"users.ndjson": []byte(body)}), dirStreams, ingest.DirOptions{}), "users", "")
	want := []string{`{"id": "a", "n": 1.50}`, `{"id":"b"}`, `{"id":"c"}`, `{"id":"d"}`,
		`{"value":"not a page","id":"e"}`, `{"@odata.type":"#microsoft.graph.user","id":"f","value":[{"id":"inner"}]}`,
		`{"parent_id":"g1","item":{"id":"u1"}}`}
	if !slices.Equal(got.bodies, want) || got.err != nil || len(got.faults) > 0 {
		t.Errorf("got %q\n%v %v", got.bodies, got.err, got.faults)
	}
}

func TestDirKeepsWhatItRefuses(t *testing.T) {
	long := `{"id":"` + strings.Repeat("x", 5000) + `"}`
	body := "{\"id\":\"a\"}\nnot json\n\"text\"\n" + long + "\n[{\"id\":1},]\n{\"id\":\"b\"}\n"
	dir := folder(t, map[string][]byte{"users.ndjson": []byte(body)})
	got := drain(t, ingest.NewDir(dir, dirStreams, ingest.DirOptions{MaxLine: 1000}), "users", "")
	if got.err != nil || !slices.Equal(got.bodies, []string{`{"id":"a"}`, `{"id":"b"}`}) {
		t.Fatalf("got %q %v", got.bodies, got.err)
	}
	var lines []int
	for _, f := range got.faults {
		lines = append(lines, f.Origin.Line)
		if f.Origin.Place != filepath.Join(dir, "users.ndjson") || f.Reason == "" || len(f.Body) == 0 {
			t.Errorf("fault tells too little: %+v", f)
		}
	}
	if !slices.Equal(lines, []int{2, 3, 4, 5}) {
		t.Errorf("faults on lines %v", lines)
	}
	if string(got.faults[0].Body) != "not json" {
		t.Errorf("body %q", got.faults[0].Body)
	}
}

func TestDirEndsWithTruncatedWhenAFileIsCut(t *testing.T) {
	var many bytes.Buffer
	for i := range 20000 {
		fmt.Fprintf(&many, "{\"id\":\"%d-%x\"}\n", i, i*i*7919)
	}
	g, z := gz(many.Bytes()), zst(many.Bytes())
	flipped := bytes.Clone(g)
	flipped[len(flipped)-6] ^= 0xff // the checksum
	for name, body := range map[string][]byte{
		"system_log.ndjson.gz":  g[:len(g)/2],
		"system_log.ndjson.zst": z[:len(z)-20],
		"system_log.ndjson":     many.Bytes()[:many.Len()-5],
		"system_log.json":       []byte("[\n{\"id\":\"a\"},\n{\"id\":\"b\"}"),
		"system_log.json.gz":    flipped,
	} {
		got := drain(t, ingest.NewDir(folder(t, map[string][]byte{name: body}), dirStreams, ingest.DirOptions{}), "system_log", "")
		var cut *saved.Truncated
		if !errors.As(got.err, &cut) || access.HintOf(got.err) == "" {
			t.Errorf("%s: err %v", name, got.err)
		}
		if len(got.bodies) == 0 && name != "system_log.ndjson.zst" {
			t.Errorf("%s: nothing was kept", name)
		}
		if strings.Contains(string(got.rest), `"file_sha256":["`) {
			t.Errorf("%s: rests at the end of a file that was cut: %s", name, got.rest)
		}
	}
}

func TestDirRefusesWhatIsNoText(t *testing.T) {
	for body, word := range map[string]string{
		"PK\x03\x04....":        "zip",
		"\x89PNG\r\n\x1a\n":     "image",
		"PAR1....":              "Parquet",
		"\xff\xfe{\x00":         "UTF-16",
		"<!DOCTYPE html><html>": "HTML",
	} {
		got := drain(t, ingest.NewDir(folder(t, map[string][]byte{"users.ndjson": []byte(body)}), dirStreams, ingest.DirOptions{}), "users", "")
		if got.err == nil || !strings.Contains(got.err.Error(), word) || access.HintOf(got.err) == "" {
			t.Errorf("%q: %v", body, got.err)
		}
	}
}

func TestDirDoesNotServeAFileTwice(t *testing.T) {
	var many bytes.Buffer
	for i := range 2500 {
		fmt.Fprintf(&many, "{\"uuid\":\"%d\"}\n", i)
	}
	many.WriteString("broken\n")
	dir := folder(t, map[string][]byte{"system_log.ndjson": many.Bytes()})
	src := ingest.NewDir(dir, dirStreams, ingest.DirOptions{})
	first := drain(t, src, "system_log", "")
	if len(first.bodies) != 2500 || len(first.faults) != 1 || first.rest == "" {
		t.Fatalf("%d %d %q", len(first.bodies), len(first.faults), first.rest)
	}
	if again := drain(t, src, "system_log", first.rest); len(again.bodies)+len(again.faults) != 0 || again.err != nil {
		t.Errorf("an unchanged file was served again: %d %v", len(again.bodies), again.err)
	}
	for i, r := range first.recs { // resume from every resting point
		if r.Rest == "" {
			continue
		}
		rest := drain(t, src, "system_log", r.Rest)
		if !slices.Equal(rest.bodies, first.bodies[i+1:]) {
			t.Errorf("resumed after %d with %d records", i, len(rest.bodies))
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "system_log.ndjson"), append(many.Bytes(), "{\"uuid\":\"new\"}\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if grown := drain(t, src, "system_log", first.rest); len(grown.bodies) != 2501 {
		t.Errorf("a grown file served %d records", len(grown.bodies))
	}
}

func TestDirRoutesAndReadsExchanges(t *testing.T) {
	dir := folder(t, map[string][]byte{
		"system_log.ndjson": []byte("{\"uuid\":\"1\"}\n{\"uuid_g\":\"2\"}\n"),
		"acme_http.ndjson":  []byte("{\"url\":\"/users\",\"body\":[{\"id\":\"a\"}]}\n{\"url\":\"/odd\"}\n"),
	})
	src := ingest.NewDir(dir, dirStreams, ingest.DirOptions{
		Route: func(s access.StreamName, line []byte) access.StreamName {
			if bytes.Contains(line, []byte("uuid_g")) {
				return "system_log_flat"
			}
			return s
		},
		Exchange: func(line []byte) ([]access.Record, error) {
			var x struct {
				URL  string
				Body []json.RawMessage
			}
			if err := json.Unmarshal(line, &x); err != nil || x.URL != "/users" {
				return nil, errors.New("is an exchange that no stream knows")
			}
			return []access.Record{{Body: x.Body[0], Stream: "users"}}, nil
		},
	})
	log := drain(t, src, "system_log", "")
	if len(log.recs) != 2 || log.recs[1].Stream != "system_log_flat" || len(log.faults) != 1 {
		t.Errorf("log %+v %v", log.recs, log.faults)
	}
	users := drain(t, src, "users", "")
	if !slices.Equal(users.bodies, []string{`{"id":"a"}`}) || len(users.faults) != 0 || users.recs[0].Rest != "" {
		t.Errorf("users %+v %v", users.recs, users.faults)
	}
	var absent *ingest.Absent
	if flat := drain(t, src, "system_log_flat", ""); !errors.As(flat.err, &absent) {
		t.Errorf("flat %v", flat.err)
	}
}

func TestDirNamesItsFilesAndSaysWhatIsMissing(t *testing.T) {
	dir := folder(t, map[string][]byte{
		"users.ndjson": []byte(twoUsers), "users.json": []byte(twoUsers),
		"log-1.ndjson": []byte("{\"uuid\":\"1\"}\n"), "log-2.ndjson": []byte("{\"uuid\":\"2\"}\n"),
		"coverage.ndjson": []byte(`{"stream":"system_log","first_day":"2026-01-01","last_day":"2026-02-01"}`),
	})
	src := ingest.NewDir(dir, dirStreams, ingest.DirOptions{Files: map[access.StreamName][]string{"system_log": {"log-*.ndjson"}}})
	if got := drain(t, src, "system_log", ""); len(got.bodies) != 2 || got.err != nil {
		t.Errorf("log %q %v", got.bodies, got.err)
	}
	if got := drain(t, src, "users", ""); got.err == nil || !strings.Contains(got.err.Error(), "users.json, users.ndjson") {
		t.Errorf("two files: %v", got.err)
	}
	if got := drain(t, ingest.NewDir(dir+"/none", dirStreams, ingest.DirOptions{}), "users", ""); access.HintOf(got.err) == "" {
		t.Errorf("no folder: %v", got.err)
	}
	spans, err := src.Covered(context.Background())
	if err != nil || len(spans) != 1 || spans[0] != (ingest.Span{Stream: "system_log", First: "2026-01-01", Last: "2026-02-01"}) {
		t.Errorf("spans %v %v", spans, err)
	}
	for _, bad := range []string{`{"stream":"usrs","first_day":"2026-01-01","last_day":"2026-02-01"}`,
		`{"stream":"users","first_day":"0000-00-00","last_day":"2026-02-01"}`,
		`{"stream":"users","first_day":"2026-03-01","last_day":"2026-02-01"}`, `nonsense`} {
		if _, err := ingest.NewDir(folder(t, map[string][]byte{"coverage.ndjson": []byte(bad)}), dirStreams, ingest.DirOptions{}).Covered(context.Background()); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}
