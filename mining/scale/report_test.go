package scale

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A report is the table that a benchmark prints.
type report struct {
	size  Size
	base  float64 // CPU-s of the bare read
	lines []string
}

func (r *report) add(name string, c cost) {
	peak := "–"
	if c.peak > 0 {
		peak = fmt.Sprintf("%.0f", c.peak)
	}
	r.lines = append(r.lines, fmt.Sprintf("%-34s %8.2f %8.2f %8s %8.3f", name, c.cpu, c.wall, peak, c.cpu/r.base))
}

func (r *report) say(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

// stages adds every stage of a build, in order, and the rest of the small ones
// as one line.
func (r *report) stages(steps []step) {
	const small = 0.002 // of the whole
	var whole, rest cost
	for _, s := range steps {
		whole = whole.plus(cost{cpu: s.CPU, wall: s.Wall})
	}
	n := 0
	for _, s := range steps {
		if s.CPU < small*whole.cpu {
			n++
			rest = rest.plus(cost{cpu: s.CPU, wall: s.Wall})
			continue
		}
		r.add("  "+s.Name, cost{cpu: s.CPU, wall: s.Wall})
	}
	r.add(fmt.Sprintf("  %d smaller models", n), rest)
}

func (r *report) String() string {
	head := fmt.Sprintf("%d people, %d entitlements, %d events over %d days\n%-34s %8s %8s %8s %8s\n", r.size.People,
		r.size.Groups+r.size.Apps, r.size.Events, r.size.Days, "stage", "CPU-s", "wall s", "peak MiB", "÷ bare")
	return head + strings.Join(r.lines, "\n") + "\n"
}

// publish prints a report, whole, and keeps it beside the company.
func (s site) publish(b *testing.B, name string, r *report) {
	b.Helper()
	fmt.Fprintf(os.Stdout, "\n%s\n", r)
	if err := os.WriteFile(filepath.Join(s.dir, name+".txt"), []byte(r.String()), 0o600); err != nil {
		b.Error(err)
	}
}

// sumOf adds up the stages of the named models.
func sumOf(steps []step, names []string) (out cost) {
	for _, s := range steps {
		if slices.Contains(names, s.Name) {
			out = out.plus(cost{cpu: s.CPU, wall: s.Wall})
		}
	}
	return out
}
