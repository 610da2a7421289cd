package main

import (
	"errors"
	"slices"

	"winnow/ingest"
	"winnow/ingest/hris"
	"winnow/ingest/hris/bamboohr"
	"winnow/ingest/hris/ukg"
	"winnow/ingest/hris/workday"
	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/internal/store"
)

// isHR reports whether sources of the type hold people. The HR systems differ
// in where they keep our fields only, so that one set of models reads all.
func isHR(typ string) bool {
	return slices.Contains([]string{"workday", "bamboohr", "ukg", "hris"}, typ)
}

// layoutOf is what systems of the type call our fields.
func layoutOf(typ string) hris.Layout {
	switch typ {
	case "bamboohr":
		return bamboohr.Layout()
	case "ukg":
		return ukg.Layout()
	}
	return hris.Layout{}
}

// openHR returns the reader of an HR system, or of a folder of its answers.
func openHR(c config.Source) (src ingest.Source, err error) {
	if _, err := hris.Translate(c.Name, c.Values); err != nil {
		return nil, usage(err)
	}
	if c.Dir != "" {
		return openHRFolder(c)
	}
	password, errPassword := c.Password.Reveal()
	key, errKey := c.APIKey.Reveal()
	token, errToken := c.AccessToken.Reveal()
	if err := errors.Join(errPassword, errKey, errToken); err != nil {
		return nil, err
	}
	switch c.Type {
	case "workday":
		src, err = workday.New(workday.Config{URL: c.URL, Tenant: c.Tenant, Username: c.Username, Password: password,
			AccessToken: token, Reports: streamFiles(c.Reports), CSV: c.Format == "csv", Columns: c.Columns})
	case "bamboohr":
		src, err = bamboohr.New(bamboohr.Config{URL: c.URL, APIKey: key, AccessToken: token, Columns: c.Columns})
	case "ukg":
		src, err = ukg.New(ukg.Config{URL: c.URL, Username: c.Username, Password: password, APIKey: key, Columns: c.Columns})
	default:
		err = errors.New("plain HR files need a dir")
	}
	if err != nil {
		return nil, usage(err)
	}
	return src, nil
}

func openHRFolder(c config.Source) (ingest.Source, error) {
	opt := hris.Options{Dir: c.Dir, Files: streamFiles(c.Files), Columns: c.Columns, Layout: layoutOf(c.Type), ReadParquet: store.ParquetRows}
	if c.Type == "bamboohr" {
		opt.Exchange = bamboohr.Exchange
	}
	src, err := hris.New(opt)
	if err != nil {
		return nil, usage(err)
	}
	return src, nil
}

// hrMaps says under which columns the HR sources keep our fields, and what
// their own values mean: the rows of column_map and value_map.
func hrMaps(c *config.Config) ([]hris.Mapping, []hris.Translation, error) {
	columns, values := []hris.Mapping{}, []hris.Translation{}
	for _, src := range c.Sources {
		if !isHR(src.Type) {
			continue
		}
		of, errColumns := hris.NewColumns(layoutOf(src.Type), src.Columns)
		means, errValues := hris.Translate(src.Name, src.Values)
		if err := errors.Join(errColumns, errValues); err != nil {
			return nil, nil, usage(err)
		}
		columns, values = append(columns, of.Map(src.Name)...), append(values, means...)
	}
	return columns, values, nil
}

func streamFiles(files map[string]string) map[access.StreamName]string {
	out := map[access.StreamName]string{}
	for stream, name := range files {
		out[access.StreamName(stream)] = name
	}
	return out
}
