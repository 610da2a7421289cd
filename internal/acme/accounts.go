package acme

import (
	"fmt"
	"strings"
)

// The sources that grant access, as indexes; sourceNames spells them.
const (
	inOkta = iota
	inEntra
	inLegacy
)

var sourceNames = [...]string{Okta, Entra, Legacy}

// The kinds of account.
const (
	kindUser       = "user"
	kindService    = "service"
	kindShared     = "shared"
	kindBreakGlass = "break_glass"
	kindGuest      = "guest"
	kindOrphan     = "orphan" // nobody's: no person, no recent use
)

// stateStaged is the Okta status of somebody who has not started yet.
const stateStaged = "STAGED"

// domain is reserved for examples (RFC 2606).
const domain = "acme.example"

type account struct {
	source   int
	person   int // or -1
	kind     string
	id       string // native id
	login    string
	email    string
	display  string
	number   string // employee number, where the platform carries it
	created  int
	disabled int    // day on which the account was closed, or never
	state    string // Okta status beyond ACTIVE, for instance LOCKED_OUT
}

// signInName is the name under which the Entra log knows the account: lower
// case, and without the mark of a guest.
func (a *account) signInName() string {
	if a.kind == kindGuest {
		return strings.ToLower(a.email)
	}
	return strings.ToLower(a.login)
}

// alive says whether the account can be used as of the run.
func (a *account) alive() bool { return a.disabled == never }

// openAccounts gives people their accounts: nearly all in Okta and most in
// Entra, and the warehouse system for those who move goods and count money.
func (c *Company) openAccounts() {
	d := c.dice("accounts")
	for i := range c.people {
		p := &c.people[i]
		if d.chance(0.985) {
			c.open(d, i, inOkta)
		}
		if d.chance(0.88) || p.acct[inOkta] < 0 {
			c.open(d, i, inEntra)
		}
		if p.fate != pending && d.chance(c.legacyChance(p)) {
			c.open(d, i, inLegacy)
		}
	}
}

func (c *Company) legacyChance(p *person) float64 {
	switch c.depts[p.pos[0].dept].name {
	case "Logistics":
		return 0.95
	case "Operations":
		return 0.5
	case "Finance":
		return 0.2
	}
	return 0.01
}

// open adds the account of person i in a source.
func (c *Company) open(d dice, i, source int) {
	p := &c.people[i]
	n := len(c.accounts)
	a := account{source: source, person: i, kind: kindUser, created: p.hire - d.between(0, 3), disabled: never,
		display: p.display(), number: p.number}
	if p.fate == pending {
		a.created = -d.between(1, 5)
		a.state = stateStaged
	}
	switch source {
	case inOkta:
		a.id = c.oktaID("00u", idUser, n)
	case inEntra:
		a.id = c.guid(idUser, n)
	default:
		a.id = fmt.Sprintf("W%05d", 10000+n)
	}
	c.label(d, p, &a)
	c.close(d, p, &a)
	p.acct[source] = n
	c.accounts = append(c.accounts, a)
}

// label sets login and mail. Most accounts carry the employee number; some can
// be linked by mail only (in another case), some by login only, a few by
// nothing at all.
func (c *Company) label(d dice, p *person, a *account) {
	work := p.login + "@" + domain
	a.login, a.email = work, work
	if a.source == inLegacy {
		a.login = strings.ToUpper(strings.ReplaceAll(p.login, ".", "_"))
	}
	switch u := d.Float64(); {
	case a.source == inEntra && p.external() && u > 0.7:
		a.kind = kindGuest
		a.email = p.login + "@partner.example"
		a.login = p.login + "_partner.example#EXT#@" + domain
	case u < 0.04:
		a.number = ""
		a.email = titleCase(p.login) + "@" + strings.ToUpper(domain[:1]) + domain[1:]
		a.login = p.login[:1] + p.login[strings.Index(p.login, ".")+1:] + fmt.Sprint(len(c.accounts)) + "@" + domain
	case u < 0.055 && a.source != inLegacy:
		a.number = ""
		a.email = "me+" + p.login + "@mail.example"
	case u < 0.06:
		a.number = ""
		a.login = fmt.Sprintf("x%05d@%s", len(c.accounts), domain)
		a.email = a.login
	}
}

// unlinkable says whether nothing on the account leads to its person.
func (a *account) unlinkable() bool {
	return a.person >= 0 && a.number == "" && strings.HasPrefix(a.login, "x") && a.login == a.email
}

func titleCase(login string) string {
	words := strings.Split(login, ".")
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, ".")
}

// close ends the account of somebody who left. Of those whose access lingers,
// half lost their Okta account only.
func (c *Company) close(d dice, p *person, a *account) {
	switch p.fate {
	case leaver:
		a.disabled = min(p.end+d.between(0, 2), -1)
	case leaverActive:
		if a.source == inOkta && d.chance(0.5) {
			a.disabled = min(p.end+1, -1)
		}
	default:
		if a.source == inOkta && p.fate == steady {
			a.state = [...]string{"", "LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY"}[d.weighted([]int{970, 4, 20, 4})]
		}
	}
}
