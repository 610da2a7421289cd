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
// grants are by operation, tenants those that are configured, by source. used is
// what other plans changed today; see Used. It is changed.
func (f *File) Check(approvals []Approval, grants map[string][]Grant, r Rules, tenants map[access.SourceName]string, used *Tally, now time.Time) []Refusal {
	r = r.withDefaults()
	out := f.checkTime(now)
	out = append(out, f.checkTenants(tenants)...)
	out = append(out, f.checkApprovals(approvals, grants, r, now)...)
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

// sendable refuses an operation whose time has not come, or is over.
func sendable(o *access.Operation, now time.Time) string {
	if o.NotBefore != nil && now.Before(*o.NotBefore) {
		return "it is not to be sent before " + o.NotBefore.UTC().Format(time.RFC3339)
	}
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

// A Grant is an approval of one operation that is no signature: a reviewer's
// decision, or a rule of the configuration.
type Grant struct {
	By     string // words, for instance "the review of 2026-05-31"
	Person string // identity_id of who decided; empty for a rule, or when unknown
}

// checkApprovals counts who approved. Every operation needs as many as the rules
// say, signatures of the plan and grants of its own together. What is privileged
// or cannot be undone needs two signatures at least: nothing else shows that two
// different people looked at it. Nobody approves a change of their own access.
func (f *File) checkApprovals(approvals []Approval, grants map[string][]Grant, r Rules, now time.Time) (out []Refusal) {
	valid, faults := counted(f.ID, approvals, r.Approvers, now)
	for _, fault := range faults {
		out = append(out, f.refuse(-1, "%s", fault))
	}
	if len(valid) < r.Approvals && len(grants) == 0 {
		out = append(out, f.refuse(-1, "it has %s, and needs %d", plural(len(valid), "approval"), r.Approvals))
	}
	for i := range f.Operations {
		if reason := f.approved(&f.Operations[i], valid, grants, r.Approvals); reason != "" {
			out = append(out, f.refuse(i, "%s", reason))
		}
	}
	return out
}

// approved says what an operation lacks that the plan as a whole does not.
func (f *File) approved(o *access.Operation, valid []Approver, grants map[string][]Grant, need int) string {
	own := func(person string) bool { return person != "" && o.Subject != nil && person == o.Subject.IdentityID }
	others := slices.DeleteFunc(slices.Clone(valid), func(a Approver) bool { return own(a.Identity) })
	signed := len(others)
	switch {
	case o.Privileged && signed < 2:
		return fmt.Sprintf("it has %s for privileged access, and needs 2 by different people", plural(signed, "approval"))
	case !o.Reversible && signed < 2:
		return fmt.Sprintf("it has %s for what cannot be undone, and needs 2 by different people", plural(signed, "approval"))
	}
	all := signed
	for _, g := range grants[o.ID] {
		if !own(g.Person) {
			all++
		}
	}
	switch {
	case all >= need:
		return ""
	case signed < len(valid):
		return fmt.Sprintf("it changes the access of who approves it; it has %s by others, and needs %d", plural(all, "approval"), need)
	case len(grants) > 0:
		return fmt.Sprintf("it has %s, and needs %d", plural(all, "approval"), need)
	}
	return "" // told of the whole plan
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
