package entra

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"winnow/internal/lake"
)

// A filter is what a $filter on a log asks for.
type filter struct {
	from, until time.Time // both inclusive; zero without a bound
	types       []string  // of signInEventTypes
	fields      []string  // whose time is compared
}

var (
	timeTerm = regexp.MustCompile(`^(\w+) (eq|ge|le) (\S+)$`)
	typeTerm = regexp.MustCompile(`^signInEventTypes/any\(\s*(\w+)\s*:\s*(.+)\)$`)
	typeIs   = regexp.MustCompile(`^(\w+) eq '(\w+)'$`)
)

// parseFilter reads the documented filters: times with eq, ge and le, and the
// types of sign-ins, joined by and.
func parseFilter(text string) (*filter, error) {
	f := &filter{}
	if text == "" {
		return f, nil
	}
	for term := range strings.SplitSeq(text, " and ") {
		term = strings.TrimSpace(term)
		if m := typeTerm.FindStringSubmatch(term); m != nil {
			if err := f.addTypes(m[1], m[2]); err != nil {
				return nil, err
			}
			continue
		}
		m := timeTerm.FindStringSubmatch(term)
		if m == nil {
			return nil, fmt.Errorf("invalid filter clause: '%s'", term)
		}
		at, err := lake.ParseTime(m[3])
		if err != nil {
			return nil, fmt.Errorf("invalid filter clause: '%s' is not a time", m[3])
		}
		f.fields = append(f.fields, m[1])
		if m[2] != "le" {
			f.from = at
		}
		if m[2] != "ge" {
			f.until = at
		}
	}
	return f, nil
}

// addTypes reads the inside of any(t: t eq 'a' or t eq 'b').
func (f *filter) addTypes(variable, text string) error {
	for alternative := range strings.SplitSeq(text, " or ") {
		m := typeIs.FindStringSubmatch(strings.TrimSpace(alternative))
		if m == nil || m[1] != variable {
			return fmt.Errorf("invalid filter clause: '%s'", alternative)
		}
		f.types = append(f.types, m[2])
	}
	return nil
}

// admits reports whether an event lies within the bounds.
func (f *filter) admits(it item) bool {
	return !it.at.Before(f.from) && (f.until.IsZero() || !it.at.After(f.until))
}

// signIns chooses the lists of sign-ins: v1.0 knows interactive ones only, and
// so does beta unless it is asked for others.
func signIns(_ *http.Request, f *filter) []string {
	var names []string
	if len(f.types) == 0 || slices.Contains(f.types, "interactiveUser") {
		names = append(names, "sign_ins")
	}
	if slices.Contains(f.types, "nonInteractiveUser") {
		names = append(names, "sign_ins_noninteractive")
	}
	if slices.Contains(f.types, "servicePrincipal") {
		names = append(names, "sign_ins_service_principal")
	}
	if slices.Contains(f.types, "managedIdentity") {
		names = append(names, "sign_ins_managed_identity")
	}
	return names
}

// log serves a log, newest event first.
func (s *Server) log(field string, lists func(*http.Request, *filter) []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, err := parseFilter(r.URL.Query().Get("$filter"))
		if err != nil {
			refuse(w, http.StatusBadRequest, "BadRequest", err.Error())
			return
		}
		var all, items []item
		for _, name := range lists(r, f) {
			all = append(all, s.data[name]...)
		}
		if s.refusesLog(w, r, field, f, all) {
			return
		}
		for _, it := range all {
			if f.admits(it) {
				items = append(items, it)
			}
		}
		slices.SortStableFunc(items, func(a, b item) int { return b.at.Compare(a.at) })
		s.list(w, r, reports, items)
	}
}

// refusesLog answers where the tenant or the app may not read the log, or the
// filter is one that the platform does not know.
func (s *Server) refusesLog(w http.ResponseWriter, r *http.Request, field string, f *filter, all []item) bool {
	signIns := field == keyCreated
	unknown := slices.ContainsFunc(f.fields, func(n string) bool { return n != field })
	typed := signIns && strings.HasPrefix(r.URL.Path, "/beta/") // sign-ins have types in beta only
	switch {
	case s.opt.Unpermitted:
		refuse(w, http.StatusForbidden, "Authentication_MSGraphPermissionMissing",
			"The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API.")
	case s.opt.Free && signIns:
		refuse(w, http.StatusForbidden, "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
			"Neither tenant is B2C or tenant doesn't have premium license")
	case unknown, len(f.types) > 0 && !typed, mixed(f.types):
		refuse(w, http.StatusBadRequest, "BadRequest", "Invalid filter clause")
	case s.tooOld(all, f):
		refuse(w, http.StatusBadRequest, "BadRequest", "The requested time range exceeds the retention of this tenant.")
	default:
		return false
	}
	return true
}

// mixed reports whether a filter asks for people and machines at once, which
// the platform does not answer.
func mixed(types []string) bool {
	people := func(t string) bool { return strings.HasSuffix(t, kindUser) }
	return slices.ContainsFunc(types, people) && slices.ContainsFunc(types, func(t string) bool { return !people(t) })
}

// tooOld reports whether a filter reaches back beyond what the tenant keeps.
func (s *Server) tooOld(all []item, f *filter) bool {
	if s.opt.Retention == 0 || f.from.IsZero() || len(all) == 0 {
		return false
	}
	newest := slices.MaxFunc(all, func(a, b item) int { return a.at.Compare(b.at) })
	return f.from.Before(newest.at.AddDate(0, 0, -s.opt.Retention))
}
