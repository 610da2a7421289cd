package scale

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// The sources of the company: the directory with its log, and HR.
const (
	oktaName access.SourceName = "okta"
	hrName   access.SourceName = "hr"
)

// pullOf names the pull of the night after the n-th day of the log.
func pullOf(n int) string { return fmt.Sprintf("p%06d", n+1) }

// landDirectory seals a generation of every inventory, as served after the n-th
// day. What was given later is not in it.
func (c *company) landDirectory(lk *lake.Lake, n int) error {
	for _, s := range []struct {
		source access.SourceName
		stream access.StreamName
		write  func(n int, add func(parent string, item []byte) error) error
	}{
		{oktaName, "users", c.landUsers}, {oktaName, "groups", c.landGroups}, {oktaName, "group_members", c.landMembers},
		{oktaName, "group_rules", c.landRules}, {oktaName, "apps", c.landApps}, {oktaName, "app_users", c.landAppUsers},
		{oktaName, "app_groups", c.landAppGroups}, {hrName, "workers", c.landWorkers}, {hrName, "transfers", c.landTransfers},
		{hrName, "leaves", c.landLeaves},
	} {
		b, err := lk.Begin(lake.Manifest{Source: s.source, Stream: s.stream, Pull: pullOf(n)})
		if err != nil {
			return err
		}
		err = s.write(n, func(parent string, item []byte) error { return b.Append("", item, parent) })
		if err != nil {
			return err
		}
		if _, err := b.Seal(func(m *lake.Manifest) { m.Complete = true }); err != nil {
			return err
		}
	}
	return nil
}

// user appends a person's account as lists and memberships serve it.
func (c *company) user(b []byte, n, p int) []byte {
	who := c.people[p]
	b = append(append(append(b, `{"id":"`...), c.userID[p]...), `","status":"ACTIVE","created":"2023-05-02T06:00:00.000Z","activated":"2023-05-02T06:00:04.000Z","statusChanged":"2023-05-02T06:00:04.000Z","lastLogin":"`...)
	b = append(append(b, c.seen(n, p)...), `T09:12:31.000Z","lastUpdated":"2025-11-30T19:00:00.000Z","passwordChanged":"2025-08-11T12:00:00.000Z","type":{"id":"oty4kvcymxqc2A8KT4c7"},"profile":{"firstName":"Person","lastName":"`...)
	b = append(strconv.AppendInt(b, int64(p), 10), `","mobilePhone":null,"secondEmail":null,"login":"`...)
	b = append(c.login(append(c.login(b, p), `","email":"`...), p), `","displayName":"Person `...)
	b = append(strconv.AppendInt(b, int64(p), 10), `","employeeNumber":"`...)
	b = append(number(b, p), `","userType":"Employee","department":"`...)
	b = append(departmentName(b, int(who.department)), `","title":"`...)
	b = append(titleName(b, int(who.title)), `","city":"`...)
	b = append(townName(b, int(who.town)), `","countryCode":"PT","organization":"Acme","managerId":"`...)
	b = append(number(b, c.manager(p)), `"},"credentials":{"password":{},"provider":{"type":"OKTA","name":"OKTA"}},"_links":{"self":{"href":"https://acme.okta.example/api/v1/users/`...)
	return append(append(b, c.userID[p]...), `"}}}`...)
}

// seen is the day of the last sign-in, roughly.
func (c *company) seen(n, p int) string {
	back := below(mix(ofPerson, p, 5, n), 4)
	if f := c.people[p].fate; f == left || f == away {
		back = n - c.Days + 40
	}
	return string(day(n - back))
}

// manager is the number of a person's manager: one leads a hundred.
func (c *company) manager(p int) int { return p % c.Departments }

func number(b []byte, p int) []byte { return strconv.AppendInt(b, int64(100_000+p), 10) }

func departmentName(b []byte, d int) []byte {
	return strconv.AppendInt(append(b, "Department "...), int64(d), 10)
}
func titleName(b []byte, t int) []byte { return append(append(b, "Title "...), byte('A'+t)) }
func townName(b []byte, t int) []byte {
	return strconv.AppendInt(append(b, "Town "...), int64(t), 10)
}

func (c *company) landUsers(n int, add func(string, []byte) error) error {
	return each(c.People, func(b []byte, p int) error { return add("", c.user(b, n, p)) })
}

func (c *company) landGroups(_ int, add func(string, []byte) error) error {
	return each(c.Groups, func(b []byte, g int) error {
		kind := "OKTA_GROUP"
		if g == 0 {
			kind = "BUILT_IN"
		}
		return add("", fmt.Appendf(b, `{"id":%q,"created":"2022-01-10T12:00:00.000Z","lastUpdated":"2022-01-10T12:00:00.000Z","lastMembershipUpdated":"2025-11-30T12:00:00.000Z","objectClass":["okta:user_group"],"type":%q,"profile":{"name":"group %d","description":"invented"}}`, c.groupID[g], kind, g))
	})
}

func (c *company) landMembers(n int, add func(string, []byte) error) error {
	return each(c.Groups, func(b []byte, g int) error {
		for _, p := range c.members[g] {
			if d, ok := c.since(int(p), 1, g); ok && d > n {
				continue
			}
			if err := add(c.groupID[g], c.user(b[:0], n, int(p))); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *company) landRules(_ int, add func(string, []byte) error) error {
	return each(c.Groups, func(b []byte, g int) error {
		if !c.ruled(g) {
			return nil
		}
		return add("", fmt.Appendf(b, `{"type":"group_rule","id":"0pr%s","status":"ACTIVE","name":"Members of group %d","created":"2022-01-10T12:00:00.000Z","lastUpdated":"2022-01-10T12:00:00.000Z","conditions":{"people":{"users":{"exclude":[]},"groups":{"exclude":[]}},"expression":{"value":"user.department == \"Department %d\"","type":"urn:okta:expression:1.0"}},"actions":{"assignUserToGroups":{"groupIds":[%q]}}}`,
			c.groupID[g][3:], g, (g-1)/departmentGroups, c.groupID[g]))
	})
}

// each calls f for 0 to n-1 with a buffer to write into.
func each(n int, f func(b []byte, i int) error) error {
	b := make([]byte, 0, 4096)
	for i := range n {
		if err := f(b[:0], i); err != nil {
			return err
		}
	}
	return nil
}

// started writes the instant at which an app was assigned; most are older than
// the log.
func (c *company) started(p, kind, what int) time.Time {
	if d, ok := c.since(p, kind, what); ok {
		return firstDay.AddDate(0, 0, d)
	}
	return firstDay.AddDate(0, 0, -90-below(mix(ofChange, p, what), 900))
}

// holders lists who holds an app, and whether it was given to them alone.
func (c *company) holders() [][]int32 {
	out := make([][]int32, c.Apps)
	for p, uses := range c.uses {
		for _, u := range uses {
			who := int32(p) << 1 //nolint:gosec // at most a million people
			if slices.Contains(c.direct[p], u.app) {
				who |= 1
			}
			out[u.app] = append(out[u.app], who)
		}
	}
	return out
}
