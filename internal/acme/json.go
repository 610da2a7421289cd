package acme

import (
	"strconv"
	"unicode/utf8"
)

// The writers append JSON by hand: a log of 400,000 events is 800 MB, and a
// map for each would take minutes.

// quoted appends s as a JSON string. Everything but control characters, the
// quote and the backslash stands as itself.
func quoted(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if r >= 0x20 && r != '"' && r != '\\' && (r != utf8.RuneError || size > 1) {
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		b = escaped(b, r)
		i += size
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func escaped(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, '\\', 'n')
	case '\t':
		return append(b, '\\', 't')
	case utf8.RuneError:
		return append(b, "\uFFFD"...)
	}
	b = append(b, `\u00`...)
	return append(b, hexDigits[r>>4&15], hexDigits[r&15])
}

// field appends a key, which needs no escapes, and a string.
func field(b []byte, key, value string) []byte {
	return quoted(append(append(append(b, '"'), key...), '"', ':'), value)
}

// fieldOrNull is field with null for the empty string.
func fieldOrNull(b []byte, key, value string) []byte {
	if value == "" {
		b = append(append(b, '"'), key...)
		return append(b, `":null`...)
	}
	return field(b, key, value)
}

// stamp appends a day and the milliseconds into it as 2006-01-02T15:04:05.000Z,
// without quotes.
func (c *calendar) stamp(b []byte, day, ms int) []byte {
	b = append(b, c.stampDate(day)...)
	return append(clock(append(b, 'T'), ms), 'Z')
}

// stampDate returns the day's date from a table for the days of history.
func (c *calendar) stampDate(day int) string {
	if i := day - c.first; i >= 0 && i < len(c.names) {
		return c.names[i]
	}
	return c.date(max(day, -20000))
}

const digits = "0123456789"

// clock appends hh:mm:ss.mmm.
func clock(b []byte, ms int) []byte {
	two := func(n int) { b = append(b, digits[n/10], digits[n%10]) }
	two(ms / 3_600_000)
	b = append(b, ':')
	two(ms / 60_000 % 60)
	b = append(b, ':')
	two(ms / 1000 % 60)
	b = append(b, '.', digits[ms/100%10])
	two(ms % 100)
	return b
}

func number(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

// when appends a key and an instant.
func (c *Company) when(b []byte, key string, day, ms int) []byte {
	b = append(append(b, '"'), key...)
	b = append(b, `":"`...)
	return append(c.cal.stamp(b, day, ms), '"')
}
