package config

// checkDirectory demands the address and the credentials of PingOne, Auth0 and
// SCIM providers, unless they are read from a folder.
func (f *faults) checkDirectory(path string, s Source) {
	if s.Dir != "" {
		return
	}
	switch s.Type {
	case "pingone":
		if s.EnvironmentID == "" {
			f.add(path+".environment_id", "", "is missing", "or dir, for a folder of saved answers")
		}
		if s.Region == "" && (s.URL == "" || s.AuthURL == "") {
			f.add(path+".region", "", "is missing", "one of na, ca, eu, ap, au, sg")
		}
	default:
		if s.URL == "" {
			f.add(path+".url", "", "is missing", "or dir, for a folder of saved answers")
		}
	}
	f.checkLogin(path, s)
}

// checkLogin demands one complete credential of the source.
func (f *faults) checkLogin(path string, s Source) {
	app := s.ClientID != "" && !s.ClientSecret.IsZero()
	token := !s.AccessToken.IsZero()
	user := s.Username != "" && !s.Password.IsZero()
	ok, hint := app, "client_id and client_secret of a worker application, or dir"
	switch s.Type {
	case "auth0":
		ok, hint = app || token, "client_id and client_secret of a machine-to-machine application, or access_token, or dir"
	case "scim":
		ok, hint = user || token, "access_token, or username and password, or dir"
	}
	switch {
	case f.refused(path):
	case !ok:
		f.add(path, "", "has no credentials", hint)
	case token && (s.ClientID != "" || !s.ClientSecret.IsZero() || s.Username != "" || !s.Password.IsZero()):
		f.add(path+".access_token", "", "must not stand beside another credential", "keep one of them")
	}
}
