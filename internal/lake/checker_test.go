package lake_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// dated is a shape that demands nothing but text, of events with a time.
var dated = lake.Shape{{Key: "id", Type: lake.Text}, {Key: "published", Type: lake.Text}}

var datedSeeds = append([]string{
	`{"id":"a","published":"2026-03-01T10:20:30.123Z","more":{"id":[1,{"published":"x"}],"text":"plain text of more than a few words"}}`,
	` { "id" : "é\u00e9\ud83d\ude00\n" , "published" : "2026-03-01T10:20:30+02:00" , "list" : [ [ ] , { } , [ { "a" : -1.5e-7 } ] ] } `,
	`{"published":"2026-02-28 10:20","id":17,"deep":[[[[{"a":{"b":{"c":[true,false,null]}}}]]]],"long":"字字字字字字字字字字 and on \" it goes"}`,
}, seeds...)

// The one walk agrees with the decoder of the standard library about what is
// JSON, about the id and about the time.
func TestTheCheckerAgreesWithTheStandardLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	fits := 0
	for range 40000 {
		item := mutate(rng, datedSeeds[rng.IntN(len(datedSeeds))])
		if agrees(t, item) {
			fits++
		}
	}
	if fits < 2000 {
		t.Fatalf("only %d mutants fit, the test says little", fits)
	}
}

func FuzzTheCheckerAgreesWithTheStandardLibrary(f *testing.F) {
	for _, s := range datedSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, item string) {
		if strings.Count(item, "[")+strings.Count(item, "{") < 500 { // the depths of the two differ
			agrees(t, item)
		}
	})
}

// agrees compares and reports whether the item fits.
func agrees(t *testing.T, item string) bool {
	t.Helper()
	at, err := dated.Checker("published").Check([]byte(item))
	want, values := expected(item)
	var fault *access.Fault
	if errors.As(err, &fault) {
		if got := strings.TrimSpace(fault.Field + " " + fault.Reason); want == "" || strings.Contains(want, " ") && got != want {
			t.Fatalf("refused because it %s, want %q: %q", got, want, item)
		}
		return false
	}
	if want != "" {
		t.Fatalf("accepted what %s: %q", want, item)
	}
	for key, text := range values {
		if got := lake.TextAt([]byte(item), key); got != text {
			t.Fatalf("%s is %q, want %q: %q", key, got, text, item)
		}
	}
	if due, err := lake.ParseTime(values["published"]); err == nil && !at.Equal(due) || err != nil && !at.IsZero() {
		t.Fatalf("dated %v, want %v: %q", at, due, item)
	}
	return true
}

// expected reads an item with the standard library: why it must be refused, "no"
// where its words do not matter, or the texts of its fields.
func expected(item string) (refusal string, values map[string]string) {
	if !json.Valid([]byte(item)) || !utf8.ValidString(item) || halfPair(item) || strings.TrimLeft(item, " \t\r\n")[0] != '{' {
		return "no", nil
	}
	dec := json.NewDecoder(strings.NewReader(item))
	dec.UseNumber()
	_, _ = dec.Token()
	values = map[string]string{}
	for dec.More() {
		key, _ := dec.Token()
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return "no", nil
		}
		name := key.(string)
		if name != "id" && name != "published" {
			continue
		}
		if _, twice := values[name]; twice {
			return name + " stands twice in one object", nil
		}
		if raw[0] == '{' || raw[0] == '[' {
			return name + " is not a scalar", nil
		}
		values[name] = ""
		if raw[0] == '"' {
			var s string
			_ = json.Unmarshal(raw, &s)
			values[name] = s
		} else if raw[0] != 'n' {
			values[name] = string(raw)
		}
	}
	return "", values
}

var (
	otherEscape = regexp.MustCompile(`\\[^u]`)
	wholePair   = regexp.MustCompile(`(?i)\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}`)
	anyHalf     = regexp.MustCompile(`(?i)\\ud[89a-f]`)
)

// halfPair reports whether the item holds half of a surrogate pair, of which
// encoding/json makes a replacement character.
func halfPair(item string) bool {
	return anyHalf.MatchString(wholePair.ReplaceAllString(otherEscape.ReplaceAllString(item, "··"), "··"))
}

// Where an item is walked over in the middle of a page, only what fits has a
// length, and its own.
func TestAWalkEndsWhereTheItemDoes(t *testing.T) {
	c := dated.Checker("published")
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		item := mutate(rng, datedSeeds[rng.IntN(len(datedSeeds))])
		for _, after := range []string{"", ",", `]`, `,{"id":"b"}`, `{"id":"b"}`, "x", `"`, "}"} {
			page, want := []byte(item+after), 0
			var first json.RawMessage
			dec := json.NewDecoder(bytes.NewReader(page))
			if dec.Decode(&first) == nil && page[0] == '{' && dated.Check(first) == nil {
				want = int(dec.InputOffset())
			}
			n, at := c.Walk(page)
			if due, _ := c.Check(first); n != want || n > 0 && at != due {
				t.Fatalf("walked over %d bytes of %q and dated it %v, want %d and %v", n, page, at, want, due)
			}
		}
	}
}

// Strings are scanned by words of eight bytes; a byte means the same at every
// place of a word, and whatever stands before and after it.
func TestEveryByteAtEveryPlaceOfAString(t *testing.T) {
	for c := range 256 {
		for place := range 19 {
			for _, other := range []string{"a", "\x7f", "!", "é", "]", "#"} {
				text := strings.Repeat(other, place) + string([]byte{byte(c)}) + strings.Repeat(other, 19-place)
				item := []byte(`{"x":"` + text + `","id":"` + text + `"}`)
				if want, err := json.Valid(item) && utf8.Valid(item), dated.Check(item); want != (err == nil) {
					t.Fatalf("%q: %v", item, err)
				}
			}
		}
	}
}

// The usual form of a time is read by hand; ParseTime tells what it means.
func TestUsualTimesAreReadAsAllOthers(t *testing.T) {
	c := dated.Checker("published")
	rng := rand.New(rand.NewPCG(7, 8))
	known := 0
	for range 50000 {
		s := []byte(fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d.%0*dZ", 1985+rng.IntN(120), rng.IntN(14), rng.IntN(33),
			rng.IntN(26), rng.IntN(62), rng.IntN(62), 1+rng.IntN(11), rng.IntN(10000)))
		switch rng.IntN(6) {
		case 0:
			s[rng.IntN(len(s))] = "0:-.TZz 9"[rng.IntN(9)]
		case 1:
			s = append(s[:19], 'Z')
		}
		got, err := c.Check([]byte(`{"published":"` + string(s) + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		want, err := lake.ParseTime(string(s))
		if err == nil {
			known++
		}
		if got != want {
			t.Fatalf("%s is %v, want %v", s, got, want)
		}
	}
	if known < 10000 {
		t.Fatalf("only %d times were times", known)
	}
}

// Times stand where the stream says, and nowhere else.
func TestCheckersDateOnlyByTextOfTheShape(t *testing.T) {
	nested := lake.Shape{
		{Key: "properties", Type: lake.Object, Fields: []lake.Field{{Key: "at", Type: lake.Text}, {Key: "all", Type: lake.Texts}}},
		{Key: "list", Type: lake.Objects, Fields: []lake.Field{{Key: "at", Type: lake.Text}}},
	}
	item := []byte(`{"properties":{"at":"2026-01-02","all":["2026-01-03"]},"list":[{"at":"2026-01-04"}],"at":"2026-01-05"}`)
	for path, dated := range map[string]bool{"properties.at": true, "properties": false, "properties.all": false, "list.at": false,
		"at": false, "": false, "properties.at.x": false, "at|properties.at": false} {
		at, err := nested.Checker(path).Check(item)
		if want := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC); err != nil || dated != at.Equal(want) || !dated && !at.IsZero() {
			t.Errorf("%q: dated %v, %v", path, at, err)
		}
	}
}
