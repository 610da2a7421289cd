package apply

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"winnow/internal/access"
)

// Rules are what the configuration demands of every plan.
type Rules struct {
	Approvers  []Approver
	Approvals  int           // approvals that every plan needs; at least 1
	Caps       access.Caps   // beside those of the plan; the stricter counts
	CanaryWait time.Duration // from the end of a wave to the begin of the next
	HaltAfter  int           // changes of earlier waves that people asked to have back, at which nothing more is sent; at least 1
	MaxRefused int           // requests that the platform may refuse in one go; at least 1, and of the first wave always 1
}

// withDefaults fills what must not be zero.
func (r Rules) withDefaults() Rules {
	r.Approvals = max(r.Approvals, 1)
	r.HaltAfter = max(r.HaltAfter, 1)
	r.MaxRefused = max(r.MaxRefused, 1)
	return r
}

// A Refusal is one line of a plan that stands in the way of sending it.
type Refusal struct {
	Line      int    `json:"line"`                // of the plan's file
	Operation int    `json:"operation,omitempty"` // its number in the plan, from 1; 0 for the whole plan
	Note      string `json:"note,omitempty"`      // the operation's own sentence
	Reason    string `json:"reason"`
}

// String is the refusal in one line, for people.
func (r Refusal) String() string {
	if r.Operation == 0 {
		return fmt.Sprintf("line %d: %s", r.Line, r.Reason)
	}
	return fmt.Sprintf("line %d: operation %d (%s): %s", r.Line, r.Operation, r.Note, r.Reason)
}

// A RefusedError refuses a plan, with every line that stands in the way.
type RefusedError struct{ Refusals []Refusal }

// Error lists the lines.
func (e *RefusedError) Error() string {
	lines := make([]string, 0, len(e.Refusals))
	for _, r := range e.Refusals {
		lines = append(lines, r.String())
	}
	return "the plan is refused:\n" + strings.Join(lines, "\n")
}

// A File is a plan as it was read from its file.
type File struct {
	access.Plan
	Lines []int // of the file, on which the operations begin
}

// Read reads a plan file. See access.ReadPlan.
func Read(data []byte) (*File, error) {
	p, err := access.ReadPlan(data)
	if err != nil {
		return nil, err
	}
	return &File{p, access.OperationLines(data)}, nil
}

// refuse makes the refusal of an operation, or of the whole plan for -1.
func (f *File) refuse(i int, format string, args ...any) Refusal {
	if i < 0 {
		return Refusal{Line: 1, Reason: fmt.Sprintf(format, args...)}
	}
	return Refusal{Line: f.Lines[i], Operation: i + 1, Note: f.Operations[i].Note, Reason: fmt.Sprintf(format, args...)}
}

// Check looks at a plan as it stands: its time, tenants, approvals and size.
// tenants are those that are configured, by source. used is what other plans
// changed today; see Used.
func (f *File) Check(approvals []Approval, r Rules, tenants map[access.SourceName]string, used *Tally, now time.Time) []Refusal {
	r = r.withDefaults()
	out := f.checkTime(now)
	out = append(out, f.checkTenants(tenants)...)
	out = append(out, f.checkApprovals(approvals, r, now)...)
	out = append(out, f.checkCaps(r.Caps, used)...)
	slices.SortStableFunc(out, func(a, b Refusal) int { return a.Line - b.Line })
	return out
}

func (f *File) checkTime(now time.Time) []Refusal {
	if f.Expires != nil && !now.Before(*f.Expires) {
		return []Refusal{f.refuse(-1, "it expired at %s", f.Expires.Format(time.RFC3339))}
	}
	return nil
}

// sendable refuses an operation whose time is over.
func sendable(o *access.Operation, now time.Time) string {
	if o.SendBefore != nil && !now.Before(*o.SendBefore) {
		return "it was to be sent before " + o.SendBefore.UTC().Format(time.RFC3339)
	}
	return ""
}

func (f *File) checkTenants(tenants map[access.SourceName]string) (out []Refusal) {
	for i, o := range f.Operations {
		tenant, ok := tenants[o.Source]
		switch {
		case !ok:
			out = append(out, f.refuse(i, "it goes to source %s, which is not configured", o.Source))
		case !strings.EqualFold(strings.TrimRight(tenant, "/"), strings.TrimRight(o.Tenant, "/")):
			out = append(out, f.refuse(i, "it is made for tenant %s, and source %s is configured for %s", o.Tenant, o.Source, tenant))
		}
	}
	return out
}

// checkApprovals counts who approved: every plan needs some, and what is
// privileged or cannot be undone one more person than the first. Nobody
// approves a change of their own access.
func (f *File) checkApprovals(approvals []Approval, r Rules, now time.Time) (out []Refusal) {
	valid, faults := counted(f.ID, approvals, r.Approvers, now)
	for _, fault := range faults {
		out = append(out, f.refuse(-1, "%s", fault))
	}
	if len(valid) < r.Approvals {
		out = append(out, f.refuse(-1, "it has %s, and needs %d", plural(len(valid), "approval"), r.Approvals))
	}
	for i, o := range f.Operations {
		need, why := r.Approvals, ""
		if o.Privileged || !o.Reversible {
			need, why = max(need, 2), " for privileged access"
			if !o.Privileged {
				why = " for what cannot be undone"
			}
		}
		others := slices.DeleteFunc(slices.Clone(valid), func(a Approver) bool {
			return a.Identity != "" && o.Subject != nil && a.Identity == o.Subject.IdentityID
		})
		switch {
		case len(others) < len(valid) && len(others) < need:
			out = append(out, f.refuse(i, "it changes the access of who approves it; it has %s by others%s, and needs %d", plural(len(others), "approval"), why, need))
		case why != "" && len(others) < need:
			out = append(out, f.refuse(i, "it has %s%s, and needs %d by different people", plural(len(others), "approval"), why, need))
		}
	}
	return out
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
