package main

import (
	"errors"

	"winnow/export"
	exportauth0 "winnow/export/auth0"
	exportentra "winnow/export/entra"
	exportokta "winnow/export/okta"
	exportping "winnow/export/ping"
	exportscim "winnow/export/scim"
	"winnow/ingest/entra"
	"winnow/internal/access"
	"winnow/internal/config"
)

// editSinks returns the sinks that write edits, one for each source that can be
// changed, and reports what is wrong with all of them at once.
func (j *job) editSinks() ([]export.Sink, error) {
	var sinks []export.Sink
	var errs []error
	for _, src := range j.site.Sources {
		sink, err := editSink(src)
		if errs = append(errs, err); sink != nil && err == nil {
			sinks = append(sinks, sink)
		}
	}
	if p := j.site.Export.EntraPackages; p.Source != "" {
		src, _ := j.site.Source(access.SourceName(p.Source))
		sink := exportentra.PackageRequest{Source: src.Name, TenantID: src.TenantID, Policies: p.Policies}
		sinks, errs = append(sinks, sink), append(errs, sink.Check())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, usage(err)
	}
	if len(sinks) == 0 {
		return nil, usage(access.WithHint(errors.New("write a plan: no source can be changed"), "a plan needs a source of type okta with org_url, entra with tenant_id, pingone with environment_id, or auth0 or scim with url"))
	}
	return sinks, nil
}

// editSink returns the sink of a source, or nil where the source is of a kind
// that is only read, or does not say of which tenant it is.
func editSink(src config.Source) (export.Sink, error) {
	name := string(src.Name) + "_edit" // tells two sources of one type apart
	switch {
	case src.Type == "okta" && src.OrgURL != "":
		return exportokta.NewEdit(exportokta.EditConfig{Name: name, Source: src.Name, OrgURL: src.OrgURL})
	case src.Type == "entra" && src.TenantID != "":
		graph, err := graphURL(src)
		if err != nil {
			return nil, err
		}
		return exportentra.NewEdit(exportentra.EditConfig{Name: name, Source: src.Name, TenantID: src.TenantID, GraphURL: graph})
	case src.Type == "scim" && src.URL != "":
		return exportscim.New(exportscim.Config{Name: name, Source: src.Name, BaseURL: src.URL})
	case src.Type == "pingone" && src.EnvironmentID != "":
		return exportping.New(exportping.Config{Name: name, Source: src.Name, EnvironmentID: src.EnvironmentID})
	case src.Type == "auth0" && src.URL != "":
		return exportauth0.New(exportauth0.Config{Name: name, Source: src.Name, URL: src.URL})
	}
	return nil, nil
}

// graphURL is the address of a tenant's Graph; empty for that of the public
// cloud.
func graphURL(src config.Source) (string, error) {
	if src.GraphURL != "" || src.Cloud == "" || src.Cloud == "public" {
		return src.GraphURL, nil
	}
	o, err := entraOptions(src)
	if err != nil {
		return "", err
	}
	c, err := entra.Client(o)
	if err != nil {
		return "", err
	}
	return c.Base(), nil
}
