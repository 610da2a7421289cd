package acme

// roleRow is an administrator role that every tenant of the platform has; the
// ids of Entra's are Microsoft's published template ids.
type roleRow struct {
	source         int
	id, name, desc string
}

var roleRows = []roleRow{
	{inOkta, "SUPER_ADMIN", "Super Administrator", ""},
	{inOkta, "ORG_ADMIN", "Organization Administrator", ""},
	{inOkta, "APP_ADMIN", "Application Administrator", ""},
	{inOkta, "HELP_DESK_ADMIN", "Help Desk Administrator", ""},
	{inOkta, "READ_ONLY_ADMIN", "Read-Only Administrator", ""},
	{inEntra, "62e90394-69f5-4237-9190-012177145e10", "Global Administrator", "Can manage all aspects of the directory."},
	{inEntra, "fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator", "Can manage users and groups."},
	{inEntra, "729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator", "Can reset passwords."},
	{inEntra, "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator", "Can manage applications."},
	{inEntra, "5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader", "Can read security information."},
	{inEntra, "88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers", "Can read the directory."},
}

// roleGroups are the groups that make their members administrators.
var roleGroups = map[string]string{"READ_ONLY_ADMIN": "okta-console-admins", "APP_ADMIN": "it-endpoint-admins"}

// buildRoles adds the administrator roles. No log shows their use. Nothing is
// opened by anything else after them.
func (c *Company) buildRoles() {
	for _, r := range roleRows {
		kind := kindAdmin
		if r.source == inEntra {
			kind = kindDirRole
		}
		c.ents = append(c.ents, entitlement{source: r.source, kind: kind, id: r.id, name: r.name, desc: r.desc,
			via: viaDirect, to: audience{kind: forAdmins}, privileged: true, created: longAgo, idle: -1})
		if g := c.groupNamed(r.source, roleGroups[r.id]); g >= 0 {
			c.ents[g].opens = append(c.ents[g].opens, opening{len(c.ents) - 1, longAgo})
		}
	}
	c.closeOpenings()
}

// giveRoles makes administrators of people in Information Technology, one in
// ten more than do the work any more.
func (c *Company) giveRoles() {
	d := c.dice("roles")
	it := -1
	for i, dep := range c.depts {
		if dep.name == "Information Technology" {
			it = i
		}
	}
	console := c.groupNamed(inOkta, "okta-console-admins")
	for i := range c.people {
		p := &c.people[i]
		if p.now().dept != it || p.fate == pending {
			continue
		}
		for _, r := range c.rolesFor(d) {
			if a := p.acct[c.ents[r].source]; a >= 0 {
				c.give(a, r, max(p.hire, -d.between(100, 1500)), right)
			}
		}
		if a := p.acct[inOkta]; a >= 0 && d.chance(0.5) {
			since := max(p.hire, -d.between(100, 900))
			c.give(a, console, since, right)
			c.useAll(d, a, console, since, never, 1)
		}
	}
}

// rolesFor picks none to two administrator roles, rarely the strongest.
func (c *Company) rolesFor(d dice) []int {
	var out []int
	for i := range c.ents {
		e := &c.ents[i]
		if e.kind != kindAdmin && e.kind != kindDirRole {
			continue
		}
		p := 0.12
		if e.id == "SUPER_ADMIN" || e.name == "Global Administrator" {
			p = 0.05
		}
		if d.chance(p) {
			out = append(out, i)
		}
	}
	return out
}
