package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// october is the first instant of a day of October 2026.
func october(d int) time.Time { return time.Date(2026, 10, d, 0, 0, 0, 0, time.UTC) }

// at is an event of a day, with a resting point.
func at(d int) served {
	x := item(fmt.Sprintf(`{"id":"%d","at":"2026-10-%02dT10:00:00Z"}`, d, d))
	x.rec.Rest = "r"
	return x
}

// again says that days were read again.
func again(first, last int, why string) served {
	return served{err: &ingest.Reread{First: access.DayOf(october(first)), Last: access.DayOf(october(last)), Reason: why}}
}

// words writes the coverage of the newest manifest, such as "02c 03p(late events)".
func words(t *testing.T, lk *lake.Lake) string {
	t.Helper()
	all := manifests(t, lk, "log")
	var out []string
	for _, c := range all[len(all)-1].Coverage {
		word := string(c.Day[8:]) + c.Status[:1]
		if c.Reason != "" {
			word += "(" + c.Reason + ")"
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

// An event that lands for a day which was complete reopens the day, the next
// pull is asked to read it again, and a day that was read again is complete.
func TestLateEventsReopenADay(t *testing.T) {
	lk := newLake(t)
	var asked []ingest.Window
	var script []served
	src := scripted{[]ingest.Stream{events}, func(_ access.StreamName, _ access.Cursor, w ingest.Window) []served {
		asked = append(asked, w)
		return script
	}}
	for i, step := range []struct {
		served []served
		asOf   int
		want   string
		again  string
	}{
		{[]served{at(2), at(3)}, 4, "02c 03c", "[]"},
		{[]served{at(2), at(4)}, 5, "02p(late events) 04c", "[]"},
		{[]served{at(5)}, 6, "02p(late events) 05c", "[2026-10-02]"}, // a source that cannot read it again
		{[]served{at(6), at(2), again(2, 2, "read again")}, 7, "02c(read again) 06c", "[2026-10-02]"},
		{[]served{at(6), again(6, 6, ""), at(7), again(7, 7, "")}, 8, "06c 07c", "[]"}, // an ordinary overlap
		{[]served{again(5, 7, "by time"), {err: errors.New("cut")}}, 9, "05c(by time) 06c(by time) 07c(by time) 08p(the pull ended early: cut)", "[]"},
	} {
		script = step.served
		pull(t, lk, src, ingest.Options{AsOf: october(step.asOf)})
		if got := words(t, lk); got != step.want {
			t.Errorf("pull %d: %q, want %q", i, got, step.want)
		}
		if got := fmt.Sprint(asked[i].Again); got != step.again {
			t.Errorf("pull %d is asked to read %s again, want %s", i, got, step.again)
		}
	}
	if asked[0].Open != "" || asked[1].Open != "2026-10-04" {
		t.Errorf("open days %q", []access.Day{asked[0].Open, asked[1].Open})
	}
}

// A backfill that breaks off is not lost: the pull that goes on from its
// resting point and reads to the end has read those days too.
func TestABackfillThatBrokeOffCountsOnceItGoesOn(t *testing.T) {
	lk := newLake(t)
	script := []served{at(2), at(3), {err: errors.New("cut")}}
	src := scripted{[]ingest.Stream{events}, func(access.StreamName, access.Cursor, ingest.Window) []served { return script }}
	pull(t, lk, src, ingest.Options{AsOf: october(6)})
	if got := words(t, lk); !strings.HasPrefix(got, "02p(the pull ended early: cut) 03p") {
		t.Error(got)
	}
	script = []served{at(5)}
	pull(t, lk, src, ingest.Options{AsOf: october(6)})
	if got := words(t, lk); got != "02c 03c 04c 05c" {
		t.Error(got)
	}
}

// Days that the platform no longer serves are not covered, although the cursor
// carried over: they stay a gap.
func TestForgottenDaysAreNotCovered(t *testing.T) {
	lk := newLake(t)
	script := []served{at(2)}
	src := scripted{[]ingest.Stream{events}, func(access.StreamName, access.Cursor, ingest.Window) []served { return script }}
	pull(t, lk, src, ingest.Options{AsOf: october(3)})
	script = []served{{err: &ingest.Forgotten{Before: "2026-10-05"}}, at(6)}
	pull(t, lk, src, ingest.Options{AsOf: october(7)})
	if got := words(t, lk); got != "05c 06c" {
		t.Error(got)
	}
}

// vouching is a folder that declares which days its answers cover.
type vouching struct {
	scripted
	spans []ingest.Span
}

func (v vouching) Covered(context.Context) ([]ingest.Span, error) { return v.spans, nil }

// What a folder vouches for is its whole file: nothing is sure of one that was
// cut short, or of which nothing could be read, until it was read whole.
func TestABrokenFileCoversNoDay(t *testing.T) {
	lk := newLake(t)
	var script []served
	src := vouching{scripted{[]ingest.Stream{events}, func(access.StreamName, access.Cursor, ingest.Window) []served { return script }},
		[]ingest.Span{{Stream: events.Name, First: "2026-10-02", Last: "2026-10-04"}}}
	for i, step := range []struct {
		served []served
		asOf   int
		want   string
	}{
		{[]served{item(`{"id":"1"}`)}, 4, "02p(nothing of what was served could be read) 03p(nothing of what was served could be read) 04p(nothing of what was served could be read)"},
		{[]served{at(2), {err: errors.New("cut")}}, 4, "02p(the pull ended early: cut) 03p(the pull ended early: cut) 04p(the pull ended early: cut)"},
		{[]served{at(2), at(3)}, 4, "02c 03c 04p(the day had not ended)"},
		{[]served{{err: errors.New("cut")}}, 5, "04p(the pull ended early: cut)"},
		{nil, 5, "02c 03c 04c"},
	} {
		script = step.served
		pull(t, lk, src, ingest.Options{AsOf: october(step.asOf)})
		if got := words(t, lk); got != step.want {
			t.Errorf("pull %d: %q, want %q", i, got, step.want)
		}
	}
}

// The day of a refused event is told where its time can be read.
func TestRefusedEventsHaveADay(t *testing.T) {
	lk := newLake(t)
	src := scripted{[]ingest.Stream{events}, func(access.StreamName, access.Cursor, ingest.Window) []served {
		return []served{at(2), item(`{"id":{"a":1},"at":"2026-10-03T10:00:00Z"}`), item(`{"id":{"b":2},"at":"never"}`)}
	}}
	r := pull(t, lk, src, ingest.Options{AsOf: october(4)})
	var days []access.Day
	for refused, err := range lk.Refusals(manifests(t, lk, "log")[0].QuarantineFile) {
		if err != nil {
			t.Fatal(err)
		}
		days = append(days, refused.Day)
	}
	if !slices.Equal(days, []access.Day{"2026-10-03", ""}) {
		t.Errorf("days %q", days)
	}
	if f := r[0].Faults; len(f) != 1 || f[0].Count != 2 || f[0].First != r[0].FirstFault {
		t.Errorf("kinds of faults %+v", f)
	}
}
