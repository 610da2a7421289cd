// Package acme invents a company whose truth is known: its people and their
// careers, three systems that grant access (Okta, Entra and a small warehouse
// system), what each person does with each grant day by day, and which grants
// are wrong or missing. Company.Write saves the answers that the platforms'
// APIs would give, so that the demo, the tests and the benchmarks run through
// the same code as a real tenant.
//
// Everything follows from Options: the same options write the same bytes.
package acme

import (
	"fmt"
	"time"

	"winnow/internal/access"
)

// The names of the sources, as configurations, truth.csv and history spell
// them.
const (
	Okta   = "okta"
	Entra  = "entra"
	HR     = "hr"
	Legacy = "legacy"
)

// Options say how large the company is, when it is looked at, and how much of
// its past was kept. The zero value is the company of the demo.
type Options struct {
	People int       // persons in the HR report, leavers included; 0 means 1500
	Seed   uint64    // any two seeds give unrelated companies
	AsOf   time.Time // midnight UTC, the instant of the run; zero means 2026-09-01

	LogDays     int  // days of raw log before AsOf; 0 means 90
	HistoryDays int  // days of roll-up before AsOf, at least LogDays; 0 means 400
	Cold        bool // 30 days of log and nothing older, whatever the two say

	// EventsTarget is the wished number of raw events over Okta and Entra, met
	// within about a tenth; 0 leaves the natural number, some 240 a person for
	// 90 days. Noise goes first; below the number of days on which access was
	// used, people use their tools less often.
	EventsTarget int
}

const (
	minPeople = 30
	maxPeople = 1_000_000
	coldDays  = 30
	maxDays   = 2000 // a longer past would precede the applications' creation
)

// Company is the model: who works there, what they hold, what they need. It
// is read-only after Generate, and safe for concurrent Write calls.
type Company struct {
	opt   Options
	cal   *calendar
	cat   *catalog
	depts []department
	towns []town

	people   []person
	accounts []account
	ents     []entitlement
	edges    []edge  // who was given what, held or ended
	uses     []use   // what is done with it
	missing  []wish  // what is needed and not held
	due      []wish  // what will be given in the first days after the as-of day
	changes  []event // account and entitlement life, in order of time

	edgesOf [][]int // account → its edges
	usesOf  [][]int // account → its uses
	truth   []TruthRow
}

// Generate invents the company. Errors: options out of range.
func Generate(opt Options) (*Company, error) {
	opt, err := opt.complete()
	if err != nil {
		return nil, err
	}
	cat, err := loadCatalog()
	if err != nil {
		return nil, fmt.Errorf("generate the company: %w", err)
	}
	c := &Company{opt: opt, cat: cat, cal: newCalendar(opt), depts: cat.departments, towns: cat.towns}
	for _, step := range []func(){
		c.hire, c.chart, c.spreadCareers, c.openAccounts, c.openMachines,
		c.buildApps, c.buildGroups, c.buildRoles, c.scatterHostileNames,
		c.giveByPosition, c.giveMailboxes, c.giveNested, c.giveProjects, c.giveDirect, c.giveLegacy,
		c.giveRoles, c.giveMirrors, c.giveToMachines,
		c.letGroupsDrift, c.letAttemptsFail, c.endCareers, c.collectChanges, c.deriveTruth,
	} {
		step()
	}
	return c, nil
}

// complete fills in the defaults and checks the ranges.
func (o Options) complete() (Options, error) {
	def(&o.People, 1500)
	def(&o.LogDays, 90)
	if o.HistoryDays == 0 {
		o.HistoryDays = max(400, o.LogDays)
	}
	if o.Cold {
		o.LogDays, o.HistoryDays = coldDays, coldDays
	}
	if o.AsOf.IsZero() {
		o.AsOf = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	}
	o.AsOf = o.AsOf.UTC()
	switch {
	case o.People < minPeople || o.People > maxPeople:
		return o, refuse("people %d is outside %d to %d", o.People, minPeople, maxPeople)
	case o.LogDays < 1 || o.HistoryDays < o.LogDays || o.HistoryDays > maxDays:
		return o, refuse("%d days of log and %d of history do not fit: want 1 <= log <= history <= %d",
			o.LogDays, o.HistoryDays, maxDays)
	case !o.AsOf.Equal(o.AsOf.Truncate(24 * time.Hour)):
		return o, refuse("as-of %s is not midnight UTC", o.AsOf.Format(time.RFC3339))
	case o.EventsTarget < 0:
		return o, refuse("events target %d is negative", o.EventsTarget)
	}
	return o, nil
}

func def(v *int, otherwise int) {
	if *v == 0 {
		*v = otherwise
	}
}

func refuse(format string, args ...any) error {
	return access.WithHint(fmt.Errorf("generate the company: "+format, args...),
		"leave the option out to get the demo's value")
}
