package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"winnow/ingest"
	"winnow/ingest/entra"
	"winnow/ingest/file"
	"winnow/ingest/okta"
	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/internal/store"
)

// open returns the reader of one configured source. Opening reads secrets and
// talks to nobody.
func open(c config.Source) (src ingest.Source, err error) {
	switch {
	case c.Type == "okta" && c.Dir != "":
		src = okta.Saved(c.Dir, nil)
	case c.Type == "okta":
		src, err = openOkta(c)
	case c.Type == "entra" && c.Dir != "":
		src = ingest.NewDir(c.Dir, entra.Streams(), ingest.DirOptions{Route: entra.Route, Exchange: entra.Exchange})
	case c.Type == "entra":
		src, err = openEntra(c)
	case c.Type == "pingone":
		src, err = openPing(c)
	case c.Type == "auth0":
		src, err = openAuth0(c)
	case c.Type == "scim":
		src, err = openSCIM(c)
	case c.Type == "file":
		src, err = openFile(c)
	case isHR(c.Type):
		src, err = openHR(c)
	default:
		err = fmt.Errorf("type %q is not known", c.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("open source %s: %w", c.Name, err)
	}
	return src, nil
}

func openOkta(c config.Source) (ingest.Source, error) {
	token, errToken := c.APIToken.Reveal()
	key, errKey := c.PrivateKey.Reveal()
	if err := errors.Join(errToken, errKey); err != nil {
		return nil, err
	}
	return okta.New(okta.Config{OrgURL: c.OrgURL, APIToken: token, ClientID: c.ClientID, PrivateKey: key, KeyID: c.KeyID})
}

func openEntra(c config.Source) (ingest.Source, error) {
	o, err := entraOptions(c)
	if err != nil {
		return nil, err
	}
	if c.ExportsDir != "" {
		o.Exports = entra.Exports(c.ExportsDir)
	}
	return entra.New(o)
}

// entraOptions say which tenant a source is and how to sign in to it.
func entraOptions(c config.Source) (entra.Options, error) {
	secret, errSecret := c.ClientSecret.Reveal()
	token, errToken := c.AccessToken.Reveal()
	cert, errCert := c.Certificate.Reveal()
	password, errPassword := c.CertificatePassword.Reveal()
	return entra.Options{TenantID: c.TenantID, ClientID: c.ClientID, ClientSecret: secret, AccessToken: token,
		Certificate: cert, CertificatePassword: password, WorkloadIdentity: c.WorkloadIdentity, TokenFile: c.TokenFile,
		Cloud: c.Cloud, GraphURL: c.GraphURL, AuthorityURL: c.AuthorityURL}, errors.Join(errSecret, errToken, errCert, errPassword)
}

func openFile(c config.Source) (ingest.Source, error) {
	columns, errColumns := ingest.SplitColumns(c.Columns, file.Fields())
	values, errValues := ingest.SplitColumns(c.Values, file.Fields())
	if err := errors.Join(errColumns, errValues); err != nil {
		return nil, usage(err)
	}
	return file.New(file.Options{Dir: c.Dir, Files: streamFiles(c.Files), Columns: columns, Values: values,
		ReadParquet: store.ParquetRows})
}

// choose returns the sources that --source names, or all.
func (s *site) choose(names []string) (config.Sources, error) {
	if len(names) == 0 {
		return s.Sources, nil
	}
	var out config.Sources
	for _, n := range names {
		src, ok := s.Source(access.SourceName(n))
		if !ok {
			return nil, usage(access.WithHint(fmt.Errorf("choose source %q: the configuration has none of that name", n),
				"it has "+strings.Join(s.names(), ", ")))
		}
		out = append(out, src)
	}
	slices.SortFunc(out, func(a, b config.Source) int { return cmp.Compare(a.Name, b.Name) })
	return slices.CompactFunc(out, func(a, b config.Source) bool { return a.Name == b.Name }), nil
}

func (s *site) names() []string {
	var out []string
	for _, src := range s.Sources {
		out = append(out, string(src.Name))
	}
	return out
}

// types maps each source to the type whose models read it.
func (s *site) types() map[access.SourceName]string {
	out := map[access.SourceName]string{}
	for _, src := range s.Sources {
		switch out[src.Name] = src.Type; {
		case isHR(src.Type):
			out[src.Name] = "hris"
		case src.Type == "pingone":
			out[src.Name] = "ping"
		}
	}
	return out
}
