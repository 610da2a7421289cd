package config

import (
	"regexp"
	"slices"
	"strings"

	"winnow/internal/access"
)

// sourceName keeps names fit to be folders and prefixes of identifiers.
var sourceName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)

func (f *faults) checkSource(s Source) {
	path := "sources." + string(s.Name)
	if !sourceName.MatchString(string(s.Name)) {
		f.add(path, "", "must be a name of lower-case letters, digits, - and _, at most 40, beginning with a letter", "")
	}
	switch s.Type {
	case "":
		f.add(path+".type", "", "is missing", "one of "+strings.Join(sourceTypes, ", "))
	case "okta":
		f.checkOkta(path, s)
	case "entra":
		f.checkEntra(path, s)
	case "pingone", "auth0", "scim":
		f.checkDirectory(path, s)
	case "workday", "bamboohr", "ukg":
		f.checkHR(path, s)
	default:
		if s.Dir == "" && slices.Contains(sourceTypes, s.Type) {
			f.add(path+".dir", "", "is missing", "the folder that holds the files")
		}
	}
}

func (f *faults) checkOkta(path string, s Source) {
	app := s.ClientID != "" || !s.PrivateKey.IsZero() || s.KeyID != ""
	switch {
	case s.Dir != "":
	case s.OrgURL == "":
		f.add(path+".org_url", "", "is missing", "or dir, for a folder of saved answers")
	case f.refused(path):
	case app && !s.APIToken.IsZero():
		f.add(path+".api_token", "", "must not stand beside client_id, private_key and key_id", "keep the service app")
	case app && (s.ClientID == "" || s.PrivateKey.IsZero() || s.KeyID == ""):
		f.add(path, "", "needs client_id, private_key and key_id together", "")
	case !app && s.APIToken.IsZero():
		f.add(path, "", "has no credentials", "client_id, private_key and key_id of a service app, or api_token")
	}
}

// refused reports whether a secret of the source is at fault already: that it
// is missing as well would only confuse.
func (f *faults) refused(path string) bool {
	return slices.ContainsFunc(f.list, func(fault Fault) bool {
		return fault.Hint == referenceHint && strings.HasPrefix(fault.Field, path+".")
	})
}

func (f *faults) checkEntra(path string, s Source) {
	app := s.WorkloadIdentity || s.TenantID != "" && s.ClientID != "" && (!s.ClientSecret.IsZero() || !s.Certificate.IsZero())
	if s.Dir == "" && !app && s.AccessToken.IsZero() && !f.refused(path) {
		f.add(path, "", "has no credentials",
			"tenant_id, client_id and client_secret or certificate of an app registration, or workload_identity, or access_token, or dir")
	}
	if s.Dir != "" && s.ExportsDir != "" {
		f.add(path+".exports_dir", s.ExportsDir, "must not stand beside dir", "put the exports into the folder of saved answers")
	}
}

// checkReview demands a source of the platform's type and a tenant to act in.
// What the platform demands of the reviewers is checked by its sink.
func (f *faults) checkReview(c *Config, key, typ string, r Review) {
	path := "export." + key
	if r.Source == "" {
		if _, given := f.at[path]; given {
			f.add(path+".source", "", "is missing", "the name of the source whose access is reviewed")
		}
		return
	}
	s, ok := c.Source(access.SourceName(r.Source))
	switch {
	case !ok || s.Type != typ:
		f.add(path+".source", r.Source, "must name a source of type "+typ, "")
	case typ == "okta" && s.OrgURL == "":
		f.add("sources."+r.Source+".org_url", "", "is missing", "the plan of "+key+" must say in which org it acts")
	case typ == "entra" && s.TenantID == "":
		f.add("sources."+r.Source+".tenant_id", "", "is missing", "the plan of "+key+" must say in which tenant it acts")
	}
	if c.Export.Files == "" {
		f.add(path, "", "needs export.files", "the folder into which the plan is written")
	}
	if typ == "okta" && r.RecordByRule {
		f.add(path+".record_by_rule", "", "is not a setting of Okta's campaigns", "no service app may decide there")
	}
	if typ == "entra" && r.Expression != "" {
		f.add(path+".expression", "", "is not a setting of Entra's reviews", "it belongs to okta_campaign")
	}
}
