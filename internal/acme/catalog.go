package acme

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The catalog is what Acme is made of: departments and titles, places, names,
// applications and groups. It is data, so that the company can be changed
// without a change of the code.
//
//go:embed catalog/*.csv
var catalogFiles embed.FS

type catalog struct {
	departments []department
	towns       []town
	scripts     []script
	apps        []appRow
	groups      []groupRow
	hostile     []hostileRow
}

type department struct {
	name   string
	weight int
	rota   bool // works in shifts, seven days a week
	titles []title
}

// title.rank: 0 staff, 1 leads a team, 2 leads the department.
type title struct {
	name         string
	weight, rank int
}

type town struct {
	city, state, country, code, region, postal string
	latitude, longitude, network               string
	zone, weight                               int // zone: hours ahead of UTC
}

// A script is a writing system with names and their spelling in ASCII.
type script struct {
	weight        int
	given, family []spelling
}

type spelling struct{ native, ascii string }

type appRow struct {
	source, label, mode, cadence, audience, group, via, cost, idleTitle string
	privileged                                                          bool
}

type groupRow struct{ source, name, audience, via, description string }

type hostileRow struct{ what, text, ascii string }

// loadCatalog reads every table of the catalog.
func loadCatalog() (*catalog, error) {
	var c catalog
	err := errors.Join(
		readTable("department", func(f []string) error {
			w, err := strconv.Atoi(f[1])
			c.departments = append(c.departments, department{name: f[0], weight: w, rota: f[2] == "1"})
			return err
		}),
		readTable("title", c.addTitle),
		readTable("location", c.addTown),
		readTable("name", c.addScript),
		readTable("app", func(f []string) error {
			c.apps = append(c.apps, appRow{f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[9], f[8] == "1"})
			return nil
		}),
		readTable("group", func(f []string) error {
			c.groups = append(c.groups, groupRow{f[0], f[1], f[2], f[3], f[4]})
			return nil
		}),
		readTable("hostile", c.addHostile),
	)
	return &c, err
}

// readTable calls add for each row below the header.
func readTable(name string, add func(fields []string) error) error {
	f, err := catalogFiles.Open("catalog/" + name + ".csv")
	if err != nil {
		return fmt.Errorf("open the catalog: %w", err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("read catalog/%s.csv: %w", name, err)
	}
	for i, row := range rows[1:] {
		if err := add(row); err != nil {
			return fmt.Errorf("read catalog/%s.csv row %d: %w", name, i+2, err)
		}
	}
	return nil
}

func (c *catalog) addTitle(f []string) error {
	weight, errWeight := strconv.Atoi(f[2])
	rank, errRank := strconv.Atoi(f[3])
	for i := range c.departments {
		if d := &c.departments[i]; d.name == f[0] {
			d.titles = append(d.titles, title{f[1], weight, rank})
			return errors.Join(errWeight, errRank)
		}
	}
	return fmt.Errorf("find department %q", f[0])
}

func (c *catalog) addTown(f []string) error {
	zone, errZone := strconv.Atoi(f[8])
	weight, errWeight := strconv.Atoi(f[9])
	c.towns = append(c.towns, town{city: f[0], state: f[1], country: f[2], code: f[3], region: f[4], postal: f[5],
		latitude: f[6], longitude: f[7], network: f[10], zone: zone, weight: weight})
	return errors.Join(errZone, errWeight)
}

func (c *catalog) addScript(f []string) error {
	weight, err := strconv.Atoi(f[1])
	c.scripts = append(c.scripts, script{weight, spellings(f[2]), spellings(f[3])})
	return err
}

// spellings reads "native/ascii native/ascii"; a native form may hold spaces.
func spellings(s string) []spelling {
	var out []spelling
	native := ""
	for _, word := range strings.Fields(s) {
		n, ascii, ends := strings.Cut(word, "/")
		native = strings.TrimSpace(native + " " + n)
		if ends {
			out = append(out, spelling{native, ascii})
			native = ""
		}
	}
	return out
}

// longName is what somebody pastes into a name field by mistake.
var longName = strings.TrimSpace(strings.Repeat("very long name ", 40))

// addHostile reads a text written with Go's escapes, so that no control or
// direction mark stands in the repository as itself.
func (c *catalog) addHostile(f []string) error {
	text, err := strconv.Unquote(`"` + f[1] + `"`)
	c.hostile = append(c.hostile, hostileRow{f[0], strings.ReplaceAll(text, "{long}", longName), f[2]})
	return err
}
