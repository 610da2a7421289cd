package main

import (
	"errors"

	"winnow/export"
	exportentra "winnow/export/entra"
	exportokta "winnow/export/okta"
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
	if err := errors.Join(errs...); err != nil {
		return nil, usage(err)
	}
	if len(sinks) == 0 {
		return nil, usage(access.WithHint(errors.New("write a plan: no source can be changed"), "a plan needs an Okta source with org_url or an Entra source with tenant_id"))
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
