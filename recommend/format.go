package recommend

import (
	"strconv"
	"strings"
	"time"

	"winnow/internal/access"
)

// listLimit is how many names of a list are written out.
const listLimit = 3

// usable reports whether a value can be written as its type. What cannot, is
// treated as unknown: a wrong figure is worse than a shorter sentence.
func usable(t Type, v access.Value) bool {
	n, isNumber := v.Float()
	switch t {
	case Count, Days, Months:
		return isNumber && n >= 0
	case Percent, Ratio:
		return isNumber && n >= 0 && n <= 1
	case Money:
		return isNumber
	case Date:
		_, ok := dateOf(v)
		return ok
	case Names:
		return (isNumber && n >= 0) || strings.TrimSpace(v.Text()) != ""
	default:
		return strings.TrimSpace(v.Text()) != ""
	}
}

// format writes a usable value. The figures are the same in every language:
// plain digits, ISO dates, no grouping.
func (c *Catalogue) format(t Type, v access.Value, code access.ClaimCode, s Slot) string {
	unit := s.Unit
	if unit == "" {
		unit = map[Type]string{Days: "day", Months: "month"}[t]
	}
	n, isNumber := v.Float()
	switch t {
	case Count, Days, Months:
		return c.counted(n, unit)
	case Percent:
		return estimate(n)
	case Ratio:
		return percent(n)
	case Money:
		return strconv.FormatFloat(n, 'f', 2, 64)
	case Date:
		d, _ := dateOf(v)
		return d
	case Names:
		if isNumber {
			return c.counted(n, "app")
		}
		return c.join(v.List())
	case Word:
		if word, ok := c.Words[string(code)+"."+s.Name][v.Text()]; ok {
			return word
		}
		return c.quote(v.Text())
	default:
		return c.quote(v.Text())
	}
}

// counted writes a number, with its unit where there is one.
func (c *Catalogue) counted(n float64, unit string) string {
	digits := strconv.FormatFloat(n, 'f', -1, 64)
	m, ok := c.Units[unit]
	if !ok {
		return digits
	}
	return strings.ReplaceAll(m.forms[pluralForm(c.Plurals, n)], "{n}", digits)
}

// estimate writes an estimated share or probability. It never says none or all:
// an estimate that SQL rounded to nought is small, and not impossible.
func estimate(share float64) string {
	switch {
	case share < 0.01:
		return "<1%"
	case share > 0.99:
		return ">99%"
	default:
		return percent(share)
	}
}

// percent writes a share in whole percents.
func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', 0, 64) + "%" }

// dateOf reads a date, or the date of a time.
func dateOf(v access.Value) (string, bool) {
	text := v.Text()
	if len(text) > len(time.DateOnly) && (text[10] == ' ' || text[10] == 'T') {
		text = text[:10]
	}
	_, err := time.Parse(time.DateOnly, text)
	return text, err == nil
}

// join strings names together, the first few of them.
func (c *Catalogue) join(names []string) string {
	quoted := make([]string, 0, listLimit+1)
	for _, name := range names[:min(len(names), listLimit)] {
		quoted = append(quoted, c.quote(name))
	}
	if rest := len(names) - listLimit; rest > 0 {
		form := pluralForm(c.Plurals, float64(rest))
		quoted = append(quoted, strings.ReplaceAll(c.Lists.More.forms[form], "{n}", strconv.Itoa(rest)))
	}
	last := len(quoted) - 1
	if last == 0 {
		return quoted[0]
	}
	return strings.Join(quoted[:last], c.Lists.Comma) + c.Lists.Last + quoted[last]
}
