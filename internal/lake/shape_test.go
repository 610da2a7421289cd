package lake_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
)

var shape = lake.Shape{
	{Key: "uuid", Type: lake.Text, Required: true},
	{Key: "actor", Type: lake.Object, Fields: []lake.Field{{Key: "id", Type: lake.Text}}},
	{Key: "target", Type: lake.Objects, Fields: []lake.Field{{Key: "id", Type: lake.Text}, {Key: "type", Type: lake.Text}}},
	{Key: "tags", Type: lake.Texts},
	{Key: "extra", Type: lake.Any},
}

const columns = `{uuid: 'VARCHAR', actor: 'STRUCT(id VARCHAR)', target: 'STRUCT(id VARCHAR, "type" VARCHAR)[]', tags: 'VARCHAR[]', extra: 'JSON'}`

func TestShapeNamesTheFieldAndTheReason(t *testing.T) {
	for _, c := range []struct{ name, item, field, reason string }{
		{"fits", `{"uuid":"a","actor":{"id":"x"},"target":[{"id":"1"},null],"tags":["x",1,null],"extra":{"q":[1]}}`, "", ""},
		{"nulls are accepted", `{"uuid":"a","actor":null,"target":null,"tags":null}`, "", ""},
		{"a number as text", `{"uuid":7}`, "", ""},
		{"missing key", `{"id":"a"}`, "uuid", "is missing"},
		{"null where required", `{"uuid":null}`, "uuid", "is null"},
		{"empty where required", `{"uuid":""}`, "uuid", "is empty"},
		{"scalar for object", `{"uuid":"a","actor":"x"}`, "actor", "is not an object"},
		{"object for array", `{"uuid":"a","target":{"id":"x"}}`, "target", "is not an array"},
		{"scalar in an array of objects", `{"uuid":"a","target":["x"]}`, "target", "has an element that is not an object"},
		{"object as text", `{"uuid":"a","actor":{"id":{"q":1}}}`, "actor.id", "is not a scalar"},
		{"key twice", `{"uuid":"a","uuid":"b"}`, "uuid", "stands twice in one object"},
		{"key twice, once escaped", `{"uuid":"a","\u0075uid":"b"}`, "uuid", "stands twice in one object"},
		{"cut short", `{"uuid":"a"`, "", "is not JSON"},
		{"a zero byte after the end", "{\"uuid\":\"a\"}\x00", "", "has content after its end"},
		{"two values", `{"uuid":"a"}{"uuid":"b"}`, "", "has content after its end"},
		{"array", `[{"uuid":"a"}]`, "", "is not a JSON object"},
		{"null", `null`, "", "is not a JSON object"},
		{"half a surrogate", `{"uuid":"a","extra":["\ud800"]}`, "", "holds half of a surrogate pair"},
		{"not UTF-8", "{\"uuid\":\"a\xff\"}", "", "holds bytes that are not UTF-8"},
		{"raw control character", "{\"uuid\":\"a\x01\"}", "", "holds a raw control character"},
		{"leading zero", `{"uuid":01}`, "", "is not JSON"},
		{"too deep", `{"uuid":"a","extra":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`, "", "is nested too deeply"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := shape.Check([]byte(c.item))
			var fault *access.Fault
			errors.As(err, &fault)
			switch {
			case c.reason == "" && err != nil:
				t.Fatalf("refused: %v", err)
			case c.reason != "" && fault == nil:
				t.Fatalf("accepted, want %q", c.reason)
			case c.reason != "" && (fault.Field != c.field || fault.Reason != c.reason):
				t.Fatalf("got %q %q, want %q %q", fault.Field, fault.Reason, c.field, c.reason)
			}
		})
	}
}

// Whatever passes the shape must be read by the storage engine, row for row:
// one line that fails there would fail the whole segment.
func TestWhatFitsTheShapeIsReadByTheEngine(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	var accepted []string
	for range 20000 {
		if item := mutate(rng, seeds[rng.IntN(len(seeds))]); shape.Check([]byte(item)) == nil && !strings.ContainsAny(item, "\n\r") {
			accepted = append(accepted, item)
		}
	}
	if len(accepted) < 1000 {
		t.Fatalf("only %d mutants fit, the test says little", len(accepted))
	}
	if got := count(ctx, t, db, accepted); got != len(accepted) {
		t.Fatalf("the engine read %d of %d lines", got, len(accepted))
	}
}

var seeds = []string{
	`{"uuid":"a","actor":{"id":"x"},"target":[{"id":"1","type":"User"}],"tags":["x"],"extra":{"q":[1,2.5e3,"\u00e9\ud83d\ude00"]}}`,
	`{"uuid":"b","actor":null,"target":[],"tags":null,"extra":"é😀"}`,
	`{"uuid":17,"actor":{"id":null,"more":{"id":1}},"target":[null],"extra":-0.0}`,
}

// mutate alters a few bytes: replaced, removed, doubled or exchanged for a token.
func mutate(rng *rand.Rand, s string) string {
	tokens := []string{`"`, `{`, `}`, `[`, `]`, `,`, `:`, `null`, `true`, `1`, `\ud800`, `\u0000`, "\x00", "\xff", "\x85", `{}`, `[]`, `"uuid"`, ` `, `\`, `e`, `NaN`, `/**/`}
	for range 1 + rng.IntN(3) {
		i := rng.IntN(len(s))
		switch rng.IntN(3) {
		case 0:
			s = s[:i] + s[min(len(s), i+1+rng.IntN(4)):]
		case 1:
			s = s[:i] + tokens[rng.IntN(len(tokens))] + s[i:]
		default:
			s = s[:i] + tokens[rng.IntN(len(tokens))] + s[min(len(s), i+1):]
		}
		if s == "" {
			s = "{}"
		}
	}
	return s
}

// count writes the lines to a file and lets the engine read them.
func count(ctx context.Context, t *testing.T, db *sql.DB, lines []string) int {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.ndjson")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var n int
	q := "select count(*) from (select uuid, actor.id, target, tags, extra from read_json(" + store.Quote(path) +
		", columns = " + columns + ", format = 'newline_delimited')) where uuid is not null"
	if err := db.QueryRowContext(ctx, q).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func FuzzCheckAcceptsOnlyJSON(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if shape.Check([]byte(s)) == nil && !json.Valid([]byte(s)) {
			t.Fatalf("accepted what is not JSON: %q", s)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	item := []byte(seeds[0])
	b.SetBytes(int64(len(item)))
	for b.Loop() {
		if err := shape.Check(item); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheckEvent checks an event of the size and nesting of a System Log's.
func BenchmarkCheckEvent(b *testing.B) {
	var pairs []string
	for i := range 60 {
		pairs = append(pairs, `"field`+strings.Repeat("x", i%9)+`":{"alternateId":"person@acme.example","value":`+strings.Repeat("7", 1+i%5)+`,"none":null}`)
	}
	item := []byte(`{"uuid":"00000000-0000-11f0-a000-000000000000","actor":{"id":"00u1"},"target":[{"id":"0oa1","type":"AppInstance"}],"extra":{` +
		strings.Join(pairs, ",") + `}}`)
	b.SetBytes(int64(len(item)))
	for b.Loop() {
		if err := shape.Check(item); err != nil {
			b.Fatal(err)
		}
	}
}
