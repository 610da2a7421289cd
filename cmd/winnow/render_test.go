package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestGridIsHarmlessAndNarrow(t *testing.T) {
	g := &grid{head: []string{"name", "n"}, right: map[int]bool{1: true}, width: 10}
	g.add("a\x1b[2Jb\nc\u202ed", "7")
	g.add(strings.Repeat("ä", 40), "1,234")
	text := g.String()
	for _, bad := range []string{"\x1b", "\u202e", "\nc"} {
		if strings.Contains(text, bad) {
			t.Errorf("the table holds %q", bad)
		}
	}
	if !strings.Contains(text, strings.Repeat("ä", 9)+"…") {
		t.Errorf("the long cell was not cut to ten runes:\n%s", text)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -999: "-999"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s, want %s", n, got, want)
		}
	}
}

// A log hears of what takes long twice a minute, not of every page.
func TestLinesGiveASignOfLife(t *testing.T) {
	var out bytes.Buffer
	at := time.Date(2026, 3, 1, 2, 30, 0, 0, time.UTC)
	l := &lines{out: &out, now: func() time.Time { return at }}
	l.begin("pull")
	for i := range int64(100) {
		l.advance("okta/system_log", i*1000, 0)
		at = at.Add(time.Second)
	}
	l.finish("okta/system_log", "99,000 landed\x1b[2J", false)
	want := []string{
		"2026-03-01T02:30:00Z pull begins",
		"2026-03-01T02:30:30Z pull okta/system_log: 30,000 so far",
		"2026-03-01T02:31:00Z pull okta/system_log: 60,000 so far",
		"2026-03-01T02:31:30Z pull okta/system_log: 90,000 so far",
		`2026-03-01T02:31:40Z pull okta/system_log: 99,000 landed\u001b[2J`,
	}
	if got := strings.TrimSpace(out.String()); got != strings.Join(want, "\n") {
		t.Errorf("the log says\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestAsOf(t *testing.T) {
	a := &app{now: func() time.Time { return time.Date(2026, 3, 1, 7, 0, 0, 5, time.FixedZone("", 3600)) }}
	for text, want := range map[string]string{
		"": "2026-03-01T06:00:00Z", "2026-03-01": "2026-03-01T00:00:00Z", "2026-03-01T06:00:00+02:00": "2026-03-01T04:00:00Z",
	} {
		a.asOfText = text
		if got, err := a.asOf(); err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("--as-of %q is %s, %v; want %s", text, got, err, want)
		}
	}
}
