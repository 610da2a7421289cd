package bamboohr

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"time"

	"winnow/ingest"
	"winnow/ingest/hris"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// How far before and after the as-of instant absences are asked for.
const (
	yearsBack  = 2
	yearsAhead = 1
)

// A Source is one account. It implements ingest.Source.
type Source struct {
	client  *rest.Client
	columns *hris.Columns
	version string
}

// New returns the source of an account. It talks to nobody. Errors: the URL is
// none, or a mapping names no field.
func New(c Config) (*Source, error) {
	columns, err := hris.NewColumns(Layout(), c.Columns)
	if err != nil {
		return nil, err
	}
	client, err := rest.New(c.URL, c.authorizer(), c.options())
	if err != nil {
		return nil, fmt.Errorf("open the bamboohr account: %w", err)
	}
	return &Source{client: client, columns: columns, version: c.version()}, nil
}

// Streams lists what the account serves. Only the report of workers must be
// there: the others need rights that not every key has.
func (s *Source) Streams() []ingest.Stream {
	return s.columns.Streams(hris.Workers, hris.Positions, hris.Statuses, hris.Leaves)
}

// Records yields the rows of a stream as the account serves them. Absences are
// those around the end of the window. A refusal of an optional stream is an
// *ingest.Absent.
func (s *Source) Records(ctx context.Context, stream access.StreamName, _ access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		page, key, err := s.ask(ctx, stream, w)
		if err == nil && stream == hris.Workers {
			err = s.complete(page)
		}
		if err != nil {
			yield(access.Record{}, optional(stream, err))
			return
		}
		n := 0
		for item, err := range rest.Items(page.Body, key) {
			if err != nil {
				yield(access.Record{}, fmt.Errorf("read %s: %w", page.URL, err))
				return
			}
			n++
			if !yield(s.columns.Land(stream, access.Record{Body: item, Origin: access.Origin{Place: page.URL, Line: n}})) {
				return
			}
		}
	}
}

// ask sends the request of a stream and names the member of its answer that
// holds the rows.
func (s *Source) ask(ctx context.Context, stream access.StreamName, w ingest.Window) (*rest.Page, string, error) {
	switch stream {
	case hris.Workers:
		page, err := s.report(ctx)
		return page, "employees", err
	case hris.Positions:
		page, err := s.client.Get(ctx, s.version+"/employees/all/tables/jobInfo", nil)
		return page, "", err
	case hris.Statuses:
		page, err := s.client.Get(ctx, s.version+"/employees/all/tables/employmentStatus", nil)
		return page, "", err
	case hris.Leaves:
		page, err := s.client.Get(ctx, s.version+"/time_off/requests?"+absences(w.Until), nil)
		return page, "", err
	}
	return nil, "", &ingest.Absent{Reason: fmt.Sprintf("bamboohr serves no stream %s", stream), Hint: "it exists in files only"}
}

// absences is the query for approved time off around an instant, without the
// notes that people write.
func absences(at time.Time) string {
	at = at.UTC()
	return url.Values{
		"start": {at.AddDate(-yearsBack, 0, 0).Format(time.DateOnly)}, "end": {at.AddDate(yearsAhead, 0, 0).Format(time.DateOnly)},
		"status": {"approved"}, "excludeNote": {"1"},
	}.Encode()
}

// optional makes the refusal of a stream that may be absent an *ingest.Absent.
func optional(stream access.StreamName, err error) error {
	status := rest.StatusOf(err)
	if stream == hris.Workers || status != http.StatusForbidden && status != http.StatusNotFound {
		return hint(err)
	}
	return &ingest.Absent{Reason: err.Error(), Hint: access.HintOf(hint(err))}
}
