package audit

import (
	"bytes"
	"strconv"
)

// A cutter takes a line apart from its beginning. Once something is not as it
// is written, it is bad for good.
type cutter struct {
	rest []byte
	bad  bool
}

// after drops what must stand next.
func (c *cutter) after(lead string) {
	if len(c.rest) < len(lead) || string(c.rest[:len(lead)]) != lead {
		c.bad = true
		return
	}
	c.rest = c.rest[len(lead):]
}

// number takes a number without sign and leading zeros.
func (c *cutter) number(lead string) int64 {
	c.after(lead)
	i := 0
	for i < len(c.rest) && c.rest[i] >= '0' && c.rest[i] <= '9' {
		i++
	}
	n, err := strconv.ParseInt(string(c.rest[:i]), 10, 64)
	if err != nil || i > 1 && c.rest[0] == '0' {
		c.bad = true
	}
	c.rest = c.rest[i:]
	return n
}

// text takes a text and its closing quotation mark.
func (c *cutter) text(lead string, f field) []byte {
	c.after(lead)
	i := bytes.IndexByte(c.rest, '"')
	if c.bad || i < 0 || !f.fits(c.rest[:i]) {
		c.bad = true
		return nil
	}
	text := c.rest[:i]
	c.rest = c.rest[i+1:]
	return text
}

// optional takes a text where it stands next.
func (c *cutter) optional(f field, into *string) {
	n := len(f.name)
	if c.bad || len(c.rest) < n+5 || string(c.rest[:2]) != `,"` || string(c.rest[2:2+n]) != f.name || string(c.rest[2+n:n+5]) != `":"` {
		return
	}
	c.rest = c.rest[n+5:]
	*into = string(c.text("", f))
}
