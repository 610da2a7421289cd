package acme

import "time"

// Days are counted from the as-of day: -1 is the last day of the log, 0 the
// day on which the run starts. The two ends stand for "before all that is
// known" and "not yet ended".
const (
	longAgo = -1 << 20
	never   = 1 << 20
)

// A calendar knows the working days of the company.
type calendar struct {
	asOf  time.Time
	first int      // first simulated day
	works []int    // day-first → number of working days before that day
	days  []int    // the working days in order
	names []string // the days' dates, by day-first
}

// holidays are the days (month, day) on which no office works.
var holidays = map[[2]int]bool{{1, 1}: true, {5, 1}: true, {12, 25}: true, {12, 26}: true, {12, 31}: true}

// newCalendar lists the working days from the start of history to as-of.
func newCalendar(o Options) *calendar {
	c := &calendar{asOf: o.AsOf, first: -o.HistoryDays}
	for d := c.first; d <= 0; d++ {
		c.works = append(c.works, len(c.days))
		c.names = append(c.names, c.date(d))
		if c.isWorkday(d) {
			c.days = append(c.days, d)
		}
	}
	return c
}

// time returns midnight of the day.
func (c *calendar) time(day int) time.Time { return c.asOf.AddDate(0, 0, day) }

// date returns the day as 2006-01-02, and the empty string for an open end.
func (c *calendar) date(day int) string {
	if day <= longAgo || day >= never {
		return ""
	}
	return c.time(day).Format(time.DateOnly)
}

func (c *calendar) weekend(day int) bool {
	w := c.weekday(day)
	return w == 0 || w == 6
}

func (c *calendar) isWorkday(day int) bool {
	t := c.time(day)
	return !c.weekend(day) && !holidays[[2]int{int(t.Month()), t.Day()}]
}

// later returns the n-th working day after the given one, or never when it
// lies beyond as-of.
func (c *calendar) later(day, n int) int {
	at := n - 1
	if day >= c.first {
		at = c.works[day-c.first] + n
		if !c.worksOn(day) {
			at--
		}
	}
	if at >= len(c.days) {
		return never
	}
	return c.days[at]
}

func (c *calendar) worksOn(day int) bool {
	i := c.works[day-c.first]
	return i < len(c.days) && c.days[i] == day
}

// onOrAfter returns the first working day from the given one on.
func (c *calendar) onOrAfter(day int) int {
	if day >= c.first && day <= 0 && c.worksOn(day) {
		return day
	}
	return c.later(day, 1)
}

// weekday returns 0 for Sunday to 6 for Saturday.
func (c *calendar) weekday(day int) int {
	w := (int(c.asOf.Weekday()) + day) % 7
	return (w + 7) % 7
}
