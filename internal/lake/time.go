package lake

import (
	"strings"
	"time"

	"winnow/internal/access"
)

// layouts are the forms in which platforms write an instant, most common first.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999", "2006-01-02T15:04Z07:00", time.DateOnly,
	"1/2/2006 3:04:05 PM", "1/2/2006, 3:04:05.999 PM",
	"2006-01-02 15:04:05.999999999Z07", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02 15:04Z07:00", // tables and spreadsheets
}

// ParseTime reads an instant in any of the platforms' forms; without a zone it
// is UTC. Instants before 1990 and after 2100 are refused: they are defaults
// and overflows, not times.
func ParseTime(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range layouts {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if y := t.UTC().Year(); y < 1990 || y > 2100 {
			return time.Time{}, &access.Fault{Value: text, Reason: "is outside the years 1990 to 2100"}
		}
		return t.UTC(), nil
	}
	return time.Time{}, &access.Fault{Value: text, Reason: "is not a time",
		Hint: "times are ISO 8601, for instance 2026-03-01T09:30:00Z; one without a zone is read as UTC"}
}

// usual reads the form in which nearly every platform writes an instant,
// "2006-01-02T15:04:05.999Z" in its quotes, as ParseTime does. It reports false
// for any other form, and for what ParseTime refuses.
func usual(raw []byte) (time.Time, bool) {
	const form = `"0000-00-00T00:00:00`
	if len(raw) < len(form)+2 || string(raw[len(raw)-2:]) != `Z"` {
		return time.Time{}, false
	}
	for i := range len(form) {
		if form[i] != '0' && raw[i] != form[i] || form[i] == '0' && raw[i]-'0' > 9 {
			return time.Time{}, false
		}
	}
	nano, ok := fraction(raw[len(form) : len(raw)-2])
	two := func(i int) int { return int(raw[i]-'0')*10 + int(raw[i+1]-'0') }
	year, month, day, hour, minute, second := two(1)*100+two(3), two(6), two(9), two(12), two(15), two(18)
	if !ok || year < 1990 || year > 2100 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	at := time.Date(year, time.Month(month), day, hour, minute, second, nano, time.UTC)
	return at, at.Day() == day
}

// fraction reads a point and up to nine digits as nanoseconds; nothing is none.
func fraction(raw []byte) (nano int, ok bool) {
	if len(raw) == 0 {
		return 0, true
	}
	if raw[0] != '.' || len(raw) < 2 || len(raw) > 10 {
		return 0, false
	}
	for i := 1; i < 10; i++ {
		nano *= 10
		if i < len(raw) {
			if raw[i]-'0' > 9 {
				return 0, false
			}
			nano += int(raw[i] - '0')
		}
	}
	return nano, true
}
