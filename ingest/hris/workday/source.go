package workday

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"time"

	"winnow/ingest"
	"winnow/ingest/hris"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// A Config says how to reach a tenant. Either Username and Password of an
// integration system user are set, or AccessToken.
type Config struct {
	URL         string // of the services host, such as https://wd2-impl-services1.workday.com
	Tenant      string
	Username    string
	Password    string
	AccessToken string

	// Reports maps a stream to the report that lists it: owner/report, with a
	// query of prompts after it where there are any.
	Reports map[access.StreamName]string

	CSV     bool              // ask for CSV, not JSON
	Columns map[string]string // see hris.NewColumns

	MaxRow int          // bytes of one row; 0 means 16 MiB
	REST   rest.Options // overrides the manners, for tests and proxies
}

// The longest silence of a tenant that computes a report, the longest time that
// a report may take, and its largest size in bytes.
const (
	silence  = 15 * time.Minute
	duration = 2 * time.Hour
	maxBody  = 8 << 30
	maxRow   = 16 << 20
)

// A Source is one tenant's reports. It implements ingest.Source.
type Source struct {
	client  *rest.Client
	columns *hris.Columns
	refs    map[access.StreamName]string
	csv     bool
	maxRow  int
}

// New returns the source of a tenant. It talks to nobody. It reports every
// report that cannot be asked for and every mapping that names no field.
func New(c Config) (*Source, error) {
	if c.Tenant == "" {
		return nil, errors.New("open the workday tenant: it has no name")
	}
	refs, err := c.refs()
	if err != nil {
		return nil, err
	}
	columns, err := hris.NewColumns(hris.Layout{}, c.Columns)
	if err != nil {
		return nil, err
	}
	auth := hris.Basic(c.Username, c.Password)
	if c.AccessToken != "" {
		auth = hris.Bearer(c.AccessToken)
	}
	client, err := rest.New(c.URL, auth, c.options())
	if err != nil {
		return nil, fmt.Errorf("open the workday tenant: %w", err)
	}
	s := &Source{client: client, columns: columns, refs: refs, csv: c.CSV, maxRow: c.MaxRow}
	if s.maxRow == 0 {
		s.maxRow = maxRow
	}
	return s, nil
}

// options adds what is particular to the platform.
func (c Config) options() rest.Options {
	o := c.REST
	if o.IdleTimeout == 0 {
		o.IdleTimeout = silence
	}
	if o.TotalTimeout == 0 {
		o.TotalTimeout = duration
	}
	if o.MaxBody == 0 {
		o.MaxBody = maxBody
	}
	o.ParseError = parseError
	return o
}

// Streams lists the streams that have a report. Only workers must have one.
func (s *Source) Streams() []ingest.Stream {
	return slices.DeleteFunc(s.columns.Streams(hris.Streams()...), func(st ingest.Stream) bool { return s.refs[st.Name] == "" })
}

// Records yields the rows of a stream's report as they arrive. A row that
// cannot be read is an *access.Fault; every other error ends the stream: a
// refusal, a report without the columns that it must have, or one that breaks
// off.
func (s *Source) Records(ctx context.Context, stream access.StreamName, _ access.Cursor, _ ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		ref := s.refs[stream]
		if ref == "" {
			yield(access.Record{}, &ingest.Absent{Reason: "no report lists " + string(stream),
				Hint: "name one in the source's reports"})
			return
		}
		header := http.Header{}
		if s.csv {
			header.Set("Accept", "text/csv")
		}
		answer, err := s.client.Open(ctx, ref, header)
		if err != nil {
			yield(access.Record{}, hint(err))
			return
		}
		defer answer.Close() //nolint:errcheck // it was read to its end, or is given up
		rows := s.entries
		if s.csv {
			rows = s.table
		}
		for rec, err := range rows(ctx, stream, answer) {
			if !yield(rec, err) {
				return
			}
		}
	}
}

// refs writes the reference of each report.
func (c Config) refs() (map[access.StreamName]string, error) {
	refs := map[access.StreamName]string{}
	var errs []error
	for _, stream := range slices.Sorted(maps.Keys(c.Reports)) {
		if !slices.Contains(hris.Streams(), stream) {
			errs = append(errs, access.WithHint(fmt.Errorf("choose workday reports: there is no stream %q", stream),
				fmt.Sprintf("the streams are %v", hris.Streams())))
			continue
		}
		ref, err := reference(c.Tenant, c.Reports[stream], c.CSV)
		if err != nil {
			errs = append(errs, fmt.Errorf("choose the workday report of %s: %w", stream, err))
		}
		refs[stream] = ref
	}
	if c.Reports[hris.Workers] == "" {
		errs = append(errs, access.WithHint(errors.New("choose workday reports: none lists the workers"),
			"reports: {workers: owner/report}"))
	}
	return refs, errors.Join(errs...)
}
