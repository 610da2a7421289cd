package acme

import "fmt"

// openMachines adds the accounts behind which no single person stands:
// services, shared mailboxes and kiosks, the break-glass accounts, and orphans
// that nobody remembers.
func (c *Company) openMachines() {
	d := c.dice("machines")
	n := len(c.people)
	services := []string{"backup", "deploy", "ldap-sync", "reporting", "scanner", "payments", "mailer", "monitor"}
	for i := range max(3, n/120) {
		name := services[i%len(services)]
		if i >= len(services) {
			name = fmt.Sprintf("%s-%d", name, i/len(services)+1)
		}
		c.openMachine(d, i%2, kindService, "svc-"+name, "Service "+name)
	}
	for i := range max(2, n/250) {
		name := [...]string{"reception", "kiosk", "warehouse-desk", "lab-bench"}[i%4]
		c.openMachine(d, i%2, kindShared, fmt.Sprintf("%s-%d", name, i+1), "Shared "+name)
	}
	c.openMachine(d, inOkta, kindBreakGlass, "breakglass", "Break glass")
	c.openMachine(d, inEntra, kindBreakGlass, "breakglass", "Break glass")
	for i := range max(2, n/130) {
		name := [...]string{"temp", "consultant", "intern.old", "migration", "testuser", "vendor"}[i%6]
		c.openMachine(d, i%2, kindOrphan, fmt.Sprintf("%s%d", name, 7+i), fmt.Sprintf("%s %d", name, 7+i))
	}
}

func (c *Company) openMachine(d dice, source int, kind, login, display string) {
	a := account{source: source, person: -1, kind: kind, login: login + "@" + domain, email: login + "@" + domain,
		display: display, created: -d.between(700, 2500), disabled: never}
	if source == inOkta {
		a.id = c.oktaID("00u", idUser, len(c.accounts))
	} else {
		a.id = c.guid(idUser, len(c.accounts))
	}
	c.accounts = append(c.accounts, a)
}
