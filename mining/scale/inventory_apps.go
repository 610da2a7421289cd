package scale

import (
	"fmt"
	"time"
)

func (c *company) landApps(_ int, add func(string, []byte) error) error {
	return each(c.Apps, func(b []byte, a int) error {
		return add("", fmt.Appendf(b, `{"id":%q,"name":"acme_app_%d","label":"App %d","status":"ACTIVE","lastUpdated":"2022-01-10T12:00:00.000Z","created":"2022-01-10T12:00:00.000Z","accessibility":{"selfService":false},"visibility":{"autoLaunch":false},"features":[],"signOnMode":"SAML_2_0","credentials":{"userNameTemplate":{"template":"${source.login}","type":"BUILT_IN"},"signing":{}},"settings":{"app":{},"notes":{"admin":null,"enduser":null}}}`,
			c.appID[a], a, a))
	})
}

// landAppUsers lists the users of each app as the platform does: with the scope
// USER where the app was given to the person, else GROUP.
func (c *company) landAppUsers(n int, add func(string, []byte) error) error {
	holders := c.holders()
	return each(c.Apps, func(b []byte, a int) error {
		for _, h := range holders[a] {
			p, scope := int(h>>1), "GROUP"
			if h&1 == 1 {
				scope = "USER"
				if d, ok := c.since(p, 2, a); ok && d > n {
					continue
				}
			}
			if err := add(c.appID[a], c.appAssignment(b[:0], p, a, scope)); err != nil {
				return err
			}
		}
		return nil
	})
}

// appAssignment appends the user of an app.
func (c *company) appAssignment(b []byte, p, a int, scope string) []byte {
	at := c.started(p, 2, a).Format("2006-01-02T15:04:05.000Z")
	b = append(append(append(b, `{"id":"`...), c.userID[p]...), `","externalId":null,"created":"`...)
	b = append(append(append(append(b, at...), `","lastUpdated":"`...), at...), `","scope":"`...)
	b = append(append(append(append(b, scope...), `","status":"ACTIVE","statusChanged":"`...), at...), `","passwordChanged":null,"syncState":"DISABLED","credentials":{"userName":"`...)
	b = append(c.login(b, p), `"},"profile":{},"_links":{"app":{"href":"https://acme.okta.example/api/v1/apps/`...)
	b = append(append(b, c.appID[a]...), `"},"user":{"href":"https://acme.okta.example/api/v1/users/`...)
	return append(append(b, c.userID[p]...), `"}}}`...)
}

func (c *company) landAppGroups(_ int, add func(string, []byte) error) error {
	opened := make([][]int, c.Apps)
	for g, apps := range c.opens {
		for _, a := range apps {
			opened[a] = append(opened[a], g)
		}
	}
	return each(c.Apps, func(b []byte, a int) error {
		for i, g := range opened[a] {
			item := fmt.Appendf(b[:0], `{"id":%q,"lastUpdated":"2022-01-10T12:00:00.000Z","priority":%d,"profile":{}}`, c.groupID[g], i)
			if err := add(c.appID[a], item); err != nil {
				return err
			}
		}
		return nil
	})
}

// landWorkers lists the people as a report of an HR system does: without the
// columns that are empty.
func (c *company) landWorkers(_ int, add func(string, []byte) error) error {
	return each(c.People, func(b []byte, p int) error {
		who := c.people[p]
		b = append(number(append(b, `{"Employee_ID":"`...), p), `","Work_Email":"`...)
		b = append(c.login(b, p), `","Department":"`...)
		b = append(departmentName(b, int(who.department)), `","Job_Title":"`...)
		b = append(titleName(b, int(who.title)), `","Location":"`...)
		b = append(townName(b, int(who.town)), `","Manager_ID":"`...)
		b = append(number(b, c.manager(p)), `","Legal_Name":"Person `...)
		b = fmt.Appendf(b, `%d","Hire_Date":%q`, p, date(c.hired(p)))
		return add("", append(c.fateColumns(b, p), '}'))
	})
}

// fateColumns appends what HR says of a person's employment.
func (c *company) fateColumns(b []byte, p int) []byte {
	status, kind := "Active", "Employee"
	switch c.people[p].fate {
	case left:
		end := c.Days - 40 + below(mix(ofPerson, p, 6), 30)
		status = "Terminated"
		b = fmt.Appendf(b, `,"Termination_Date":%q`, date(end))
	case away:
		status = "On Leave"
	case external:
		kind = "Contractor"
		b = fmt.Appendf(b, `,"Contract_End":%q`, date(c.Days-20+below(mix(ofPerson, p, 6), 400)))
	case usual, fresh:
	}
	return fmt.Appendf(b, `,"Worker_Type":%q,"Status":%q`, kind, status)
}

// hired is the day of the hire, counted from the first day of the log.
func (c *company) hired(p int) int {
	if d, ok := c.since(p, 0, 0); ok && c.people[p].fate == fresh {
		return d
	}
	return -100 - below(mix(ofPerson, p, 7), 3000)
}

func date(n int) string { return firstDay.AddDate(0, 0, n).Format(time.DateOnly) }

func (c *company) landTransfers(n int, add func(string, []byte) error) error {
	return each(c.People, func(b []byte, p int) error {
		who := c.people[p]
		if who.oldDepartment < 0 || int(who.moved) > n {
			return nil
		}
		b = fmt.Appendf(b, `{"Employee_ID":"%d","Effective_Date":%q,"Old_Department":"`, 100_000+p, date(int(who.moved)))
		b = append(departmentName(b, int(who.oldDepartment)), `","New_Department":"`...)
		return add("", append(departmentName(b, int(who.department)), `"}`...))
	})
}

func (c *company) landLeaves(_ int, add func(string, []byte) error) error {
	return each(c.People, func(b []byte, p int) error {
		if c.people[p].fate != away {
			return nil
		}
		return add("", fmt.Appendf(b, `{"Employee_ID":"%d","First_Day":%q,"Kind":"Parental"}`, 100_000+p,
			date(c.Days-30-below(mix(ofPerson, p, 3), 40))))
	})
}
