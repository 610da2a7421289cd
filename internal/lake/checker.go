package lake

import (
	"strings"
	"time"
)

// A Checker is a shape together with the place of an event's own time, so that
// one walk over an item checks it, finds where it ends and dates it.
type Checker struct {
	shape Shape
	stamp *Field
}

// Checker returns the checker of the shape. path is where the event's own time
// stands, dotted; where it is empty, or no Text of the shape, the checker dates
// nothing.
func (s Shape) Checker(path string) *Checker {
	c := &Checker{shape: s}
	for fields := []Field(s); path != ""; {
		key, below, deep := strings.Cut(path, ".")
		i := indexOf(fields, []byte(key), false)
		if i < 0 || deep && fields[i].Type != Object {
			break
		}
		if fields[i].Type == Text {
			c.stamp = &fields[i]
		}
		fields, path = fields[i].Fields, below
	}
	return c
}

// Check is Shape.Check, and returns the item's own time, which is zero where it
// cannot be told.
func (c *Checker) Check(item []byte) (time.Time, error) {
	s := scanner{b: item, stamp: c.stamp}
	if err := c.shape.check(&s); err != nil {
		return time.Time{}, err
	}
	return s.time(), nil
}

// Walk checks the item at the very start of b, after which more may follow, and
// returns its length and its own time, as Check does. The length is 0 where no
// item stands there that fits the shape: what it is then, and why it does not
// fit, is for others to find out.
func (c *Checker) Walk(b []byte) (int, time.Time) {
	s := scanner{b: b, stamp: c.stamp}
	if len(b) == 0 || b[0] != '{' || s.object(c.shape) != nil {
		return 0, time.Time{}
	}
	return s.i, s.time()
}

// time reads the value of the field that holds the item's own time.
func (s *scanner) time() time.Time {
	if at, ok := usual(s.at); ok {
		return at
	}
	text := scalarText(s.at)
	if text == "" {
		return time.Time{}
	}
	at, err := ParseTime(text)
	if err != nil {
		return time.Time{}
	}
	return at
}
