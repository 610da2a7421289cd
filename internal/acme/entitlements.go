package acme

import "strings"

// The kinds of entitlement, in the words of the staging contract.
const (
	kindGroup   = "group"
	kindApp     = "app"
	kindAppRole = "app_role"
	kindDirRole = "directory_role"
	kindAdmin   = "admin_role" // an Okta administrator role
)

// How membership comes about.
const (
	viaManual   = "manual"
	viaRule     = "rule"    // an Okta group rule
	viaDynamic  = "dynamic" // an Entra membership rule
	viaSynced   = "synced"  // another directory decides
	viaImported = "imported"
	viaBuiltin  = "builtin"
	viaDirect   = "direct" // an app that is assigned to persons
	viaDefault  = "default"
	viaNested   = "nested"
)

// What a sign-in log can show of an app. The Okta modes are the API's words.
const (
	modeSAML     = "SAML_2_0"
	modeOIDC     = "OPENID_CONNECT"
	modePassword = "SECURE_PASSWORD_STORE"
	modeBookmark = "BOOKMARK"
	modeUsage    = "USAGE"   // the legacy system counts uses itself
	modeDefault  = "DEFAULT" // an Entra app without roles of its own
	modeRoles    = "ROLES"   // an Entra app that is assigned by a role
)

// An opening says that holding one entitlement opens another from a day on.
type opening struct{ ent, since int }

type entitlement struct {
	source     int
	kind       string
	id         string // native id
	appID      string // the id by which the log of Entra, and at times that of Okta, names the application
	name, desc string
	mode       string // apps only
	cadence    string
	phase      int // seasonal apps: days since the middle of their last season
	via        string
	to         audience
	privileged bool
	cost       string
	created    int
	opens      []opening
	parents    []int  // groups whose members the members of this one are too
	rule, expr string // id and text of the rule that fills the group
	idle       int    // title whose bearers the rule serves in vain, or -1
	project    *project

	reach []opening // everything opened, at any distance
}

// The kinds of audience, in the catalog's words.
const (
	forEveryone    = "everyone"
	forStaff       = "staff" // everyone but contractors
	forContractors = "contractors"
	forManagers    = "managers"
	forDept        = "dept"
	forTitle       = "title"
	forCity        = "city"
	forAskers      = "direct"  // given one by one
	forProjects    = "project" // opened by project groups
	forReaders     = "nested"  // members of a regional child group
	forOldTimers   = "legacy"  // given to a department long ago
	forStayers     = "routine" // still given to whoever stays three months in a department
	forAdmins      = "admins"
	forNobody      = "none" // no members of its own
)

// An audience says for whom an entitlement is meant.
type audience struct {
	kind        string
	dept, title int
	town        int
}

// logged says whether the log shows the use of the app.
func (e *entitlement) logged() bool { return e.mode != "" && e.mode != modeBookmark }

// automatic says whether an edit of one membership would be undone or refused.
func (e *entitlement) automatic() bool {
	switch e.via {
	case viaRule, viaDynamic, viaSynced, viaImported, viaBuiltin:
		return true
	}
	return false
}

// tools returns the logged applications that an entitlement opens, itself
// included, with the day from which it does.
func (c *Company) tools(ent int) []opening {
	e := &c.ents[ent]
	var out []opening
	if e.logged() {
		out = append(out, opening{ent, longAgo})
	}
	for _, o := range e.reach {
		if c.ents[o.ent].logged() {
			out = append(out, o)
		}
	}
	return out
}

// closeOpenings computes reach for every entitlement; openings are at most
// three deep (group, app role, app).
func (c *Company) closeOpenings() {
	for i := range c.ents {
		c.ents[i].reach = c.reachOf(i, longAgo, nil)
	}
}

func (c *Company) reachOf(ent, since int, out []opening) []opening {
	for _, o := range c.ents[ent].opens {
		day := max(o.since, since)
		out = append(out, opening{o.ent, day})
		out = c.reachOf(o.ent, day, out)
	}
	return out
}

// audienceOf reads an audience of the catalog, for instance "dept=Finance".
func (c *Company) audienceOf(s string) audience {
	kind, value, _ := strings.Cut(s, "=")
	a := audience{kind: kind, dept: -1, title: -1, town: -1}
	for i, dep := range c.depts {
		if dep.name == value {
			a.dept = i
		}
		for j, t := range dep.titles {
			if kind == forTitle && t.name == value {
				a.dept, a.title = i, j
			}
		}
	}
	return a
}

// suits says whether the audience takes in a person in a position.
func (a *audience) suits(p *person, pos *position) bool {
	switch a.kind {
	case forEveryone:
		return true
	case forStaff:
		return !p.external()
	case forContractors:
		return p.external()
	case forManagers:
		return p.rank > 0
	case forDept:
		return pos.dept == a.dept
	case forTitle:
		return pos.dept == a.dept && pos.title == a.title
	case forCity:
		return pos.town == a.town
	}
	return false
}

// slug turns a name into a word for identifiers and mail addresses.
func slug(s string) string {
	return strings.ToLower(strings.NewReplacer(" & ", "-", " ", "-", "ã", "a", "é", "e").Replace(s))
}
