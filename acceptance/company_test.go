package acceptance_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/internal/lake"
)

// nights is a company that the tests share and leave alone: what its two nights
// published, and how long the first one took. The other places are measured
// against it.
var nights struct {
	first, second sync.Once
	took          time.Duration
	readers       map[string]int // answers that readers had during the second night
}

// firstNight is the company on its first night, when the folders hold the
// answers of the day before.
func firstNight(t testing.TB) place {
	t.Helper()
	p := place{filepath.Join(shared, "first")}
	nights.first.Do(func() {
		p.settle(t, small, configuration)
		p.turnBack(t)
		nights.took = p.night(t, yesterday, 0).took
	})
	if nights.took == 0 {
		t.Fatal("the first night of the company that the tests share failed")
	}
	return p
}

// secondNight is the company one night later, with a further day of answers.
func secondNight(t testing.TB) place {
	t.Helper()
	p := place{filepath.Join(shared, "second")}
	nights.second.Do(func() {
		firstNight(t).nextDay(t, p)
		nights.readers = p.watched(t, tonight)
	})
	if nights.readers == nil {
		t.Fatal("the second night of the company that the tests share failed")
	}
	return p
}

// nextDay makes the place of the next day: what was published in this one, and
// the logs with a further day.
func (p place) nextDay(t testing.TB, next place) {
	t.Helper()
	copyTree(t, p.dir, next.dir)
	for name := range logs {
		if err := os.Rename(next.path(later(name)), next.path(name)); err != nil {
			t.Fatal(err)
		}
	}
}

// logs are the files that grow from day to day, with the field of their time; a
// file that says which days it covers has none.
var logs = map[string]string{
	"okta/system_log.ndjson.gz": "published", "entra/sign_ins.ndjson.gz": "createdDateTime",
	"entra/sign_ins_noninteractive.ndjson.gz": "createdDateTime", "entra/directory_audits.ndjson.gz": "activityDateTime",
	"legacy/usage.csv": "at", "okta/coverage.ndjson": "", "entra/coverage.ndjson": "", "legacy/coverage.csv": "",
}

// later is where the next day's form of a file waits.
func later(name string) string { return "later/" + strings.ReplaceAll(name, "/", "-") }

// turnBack makes the logs those of the day before: later events, and the days
// that the coverage claims beyond, are not there yet.
func (p place) turnBack(t testing.TB) {
	t.Helper()
	for name, field := range logs {
		copyTree(t, p.path(name), p.path(later(name)))
		text := p.read(t, name)
		if field == "" {
			p.write(t, name, strings.ReplaceAll(text, yesterday.Format(time.DateOnly), yesterday.AddDate(0, 0, -1).Format(time.DateOnly)))
			continue
		}
		var kept strings.Builder
		for line := range strings.Lines(text) {
			stamp := lake.TextAt([]byte(line), field)
			if strings.HasSuffix(name, ".csv") {
				stamp, _, _ = strings.Cut(line, ",")
			}
			if at, err := lake.ParseTime(stamp); err != nil || at.Before(yesterday) {
				kept.WriteString(line)
			}
		}
		if kept.Len() == 0 || kept.Len() == len(text) {
			t.Fatalf("%s: all of it lies on one side of the first night", name)
		}
		p.write(t, name, packed(t, name, kept.String()))
	}
}

// path is where a file of the place lies.
func (p place) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

// read returns the text of a file, unpacked.
func (p place) read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(p.path(name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(name, ".gz") {
		return string(b)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// packed packs a text where the name of its file says so.
func packed(t testing.TB, name, text string) string {
	t.Helper()
	if !strings.HasSuffix(name, ".gz") {
		return text
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := fmt.Fprint(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
