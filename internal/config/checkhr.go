package config

import "strings"

// checkHR demands of an HR system that is read over the network an address and
// the credentials of its type.
func (f *faults) checkHR(path string, s Source) {
	switch {
	case s.Dir != "":
		return
	case s.URL == "":
		f.add(path+".url", "", "is missing", "or dir, for a folder of reports and saved answers")
		return
	case len(s.Files) > 0:
		f.add(path+".files", "", "is a setting of a dir", "take it out, or name a dir in place of the url")
	}
	if !f.refused(path) {
		f.checkHRCredentials(path, s)
	}
	if s.Type == "workday" {
		f.checkReports(path, s)
	}
}

func (f *faults) checkHRCredentials(path string, s Source) {
	user := s.Username != "" && !s.Password.IsZero()
	switch {
	case s.Type == "workday" && user == !s.AccessToken.IsZero():
		f.add(path, "", "needs username and password, or else access_token", "those of an integration system user")
	case s.Type == "bamboohr" && s.APIKey.IsZero() == s.AccessToken.IsZero():
		f.add(path, "", "needs api_key, or else access_token", "the key of a user who may see everyone's job information")
	case s.Type == "ukg" && (!user || s.APIKey.IsZero()):
		f.add(path, "", "needs username, password and api_key", "those of a service account, and the customer API key")
	}
}

// checkReports demands Workday's tenant and the report of workers. What else a
// report must be is checked by its source.
func (f *faults) checkReports(path string, s Source) {
	if s.Tenant == "" {
		f.add(path+".tenant", "", "is missing", "the tenant's name, as in the address of its reports")
	}
	if strings.TrimSpace(s.Reports["workers"]) == "" {
		f.add(path+".reports.workers", "", "is missing", "owner/report of the report that lists the workers")
	}
}
