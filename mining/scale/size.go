// Package scale makes a company of the size that winnow must master in one
// night, as a sealed lake, and measures a night on it: a bare read of the log,
// the whole run stage by stage, the same numbers by hand-written SQL and by
// pandas, and a night with one new day. Its benchmarks print the tables of
// docs/decisions/0010-scale.md.
//
// The company is invented for its size and its shape only: departments, titles
// and towns; groups that rules, colleagues and projects fill and that open apps;
// people who use some of what they hold, each at a pace of their own. How right
// the verdicts are is judged on internal/acme, which knows the truth.
package scale

import (
	"fmt"
	"math"
	"time"

	"winnow/internal/access"
)

// A Size says how large a company is.
type Size struct {
	People, Groups, Apps int
	Departments, Towns   int
	Events               int // of the System Log, over Days, repeated ones left out
	Days                 int
}

// The company of factor 1: with its groups and apps, 20,000 entitlements, and
// about 5 million assignments.
const (
	fullPeople      = 100_000
	fullGroups      = 17_000
	fullApps        = 3_000
	fullEvents      = 10_000_000
	fullDepartments = 200
	fullTowns       = 60
	titles          = 10 // of a department
	logDays         = 90
)

// firstDay is the first day of the log.
var firstDay = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Of returns the size of a factor: everything grows with it but the days and
// the size of a team. It fails on factors outside of 0.01 to 10.
func Of(factor float64) (Size, error) {
	if !(factor >= 0.01 && factor <= 10) {
		return Size{}, fmt.Errorf("size a company by %v: must lie between 0.01 and 10", factor)
	}
	times := func(n int) int { return int(math.Round(float64(n) * factor)) }
	return Size{
		People: times(fullPeople), Groups: times(fullGroups), Apps: max(40, times(fullApps)),
		Departments: times(fullDepartments), Towns: max(3, times(fullTowns)),
		Events: times(fullEvents), Days: logDays,
	}, nil
}

// Dense returns the size with so many events a person and day in place of the
// 1.1 of the goal: sign-ins, second factors and policies let somebody in more
// often, while people use the same things on the same days.
func (s Size) Dense(events float64) Size {
	s.Events = int(math.Round(float64(s.People) * float64(s.Days) * events))
	return s
}

// AsOf is the instant after the last day of the log, and so many nights later.
func (s Size) AsOf(nights int) time.Time { return firstDay.AddDate(0, 0, s.Days+nights) }

// day names the n-th day of the log, from 0.
func day(n int) access.Day { return access.DayOf(firstDay.AddDate(0, 0, n)) }

// mix hashes numbers into one (the finaliser of SplitMix64): chance that depends
// on nothing but its arguments, so that every part of the company can be made
// anew, in any order and on any core.
func mix(parts ...int) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, p := range parts {
		h ^= uint64(p) //nolint:gosec // a hash takes any bits
		h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9
		h = (h ^ (h >> 27)) * 0x94d049bb133111eb
		h ^= h >> 31
		h += 0x9e3779b97f4a7c15
	}
	return h
}

// The subjects of chance: the first argument of mix.
const (
	ofPerson = iota
	ofMember
	ofProject
	ofOpening
	ofDirect
	ofHabit
	ofUse
	ofFill
	ofEvent
	ofChange
	ofID
)

// chance maps a hash onto 0 to 1.
func chance(h uint64) float64 { return float64(h>>11) / (1 << 53) }

// below maps a hash onto 0 to n-1.
func below(h uint64, n int) int { return int(h>>33) % n }
