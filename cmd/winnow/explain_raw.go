package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/trace"
)

// How many raw records of each kind are shown: enough to check a claim by eye.
const (
	mostUses   = 2
	mostGrants = 2
)

// records adds the raw records: the newest uses, the newest grants and
// revokes, and the inventory line that says that the access is held.
func (x *explainer) records(ctx context.Context, e *explanation) error {
	if err := x.useRecords(ctx, e); err != nil {
		return err
	}
	if err := x.grantRecords(ctx, e); err != nil {
		return err
	}
	return x.heldRecords(ctx, e)
}

func (x *explainer) useRecords(ctx context.Context, e *explanation) error {
	for _, u := range e.UseDays {
		if len(e.Records) >= mostUses {
			break
		}
		owner, account, ok := strings.Cut(u.AccountID, ":")
		if !ok {
			continue
		}
		source := access.SourceName(owner)
		names, err := x.aliases(ctx, source, u.EntitlementID)
		if err != nil {
			return err
		}
		events, err := trace.Uses(ctx, x.files, x.lake, source, access.Day(u.Day), account, names, mostUses-len(e.Records))
		if err != nil {
			return err
		}
		if len(events) == 0 {
			e.Notes = append(e.Notes, "the events of "+u.Day+" are no longer kept; their roll-up by day is")
		}
		for _, event := range events {
			what := fmt.Sprintf("use at %s (%s)", event.At.Format("2006-01-02 15:04:05"), event.Outcome)
			ids := []string{event.ID}
			if strings.HasPrefix(event.ID, "md5:") { // the platform gave no id: look for what the event is about
				ids = []string{account, event.Entitlement}
			}
			if err := x.add(ctx, e, what, 1, trace.Want{StreamID: lake.StreamID{Source: source, Stream: event.Stream}, Day: event.Day, IDs: ids}); err != nil {
				return err
			}
		}
	}
	return nil
}

// aliases lists the native ids under which the source's log names the
// entitlement.
func (x *explainer) aliases(ctx context.Context, source access.SourceName, entitlement string) ([]string, error) {
	names, err := collect(ctx, x.snapshot, `select native from core.use_alias where source = ? and entitlement_id = ? order by native`,
		func(rows *sql.Rows, s *string) error { return rows.Scan(s) }, string(source), entitlement)
	if err != nil {
		return nil, fmt.Errorf("read the names of %s in the log: %w", entitlement, err)
	}
	return names, nil
}

// A grantEvent is one row of core.assignment_event.
type grantEvent struct{ id, day, at, action, source string }

func (x *explainer) grantRecords(ctx context.Context, e *explanation) error {
	grants, err := collect(ctx, x.snapshot, `select event_id, occurred_at::date::varchar, occurred_at::varchar, action, source
		from core.assignment_event as a join core.account_link as l using (account_id)
		where l.identity_id = ? and a.entitlement_id = ? order by occurred_at desc, event_id limit ?`,
		func(rows *sql.Rows, g *grantEvent) error {
			return rows.Scan(&g.id, &g.day, &g.at, &g.action, &g.source)
		},
		e.Recommendation.IdentityID, e.Recommendation.EntitlementID, mostGrants)
	if err != nil {
		return fmt.Errorf("read the grants: %w", err)
	}
	streams, err := x.lake.Streams()
	if err != nil {
		return err
	}
	for _, g := range grants {
		for _, id := range streams {
			if string(id.Source) != g.source {
				continue
			}
			err := x.add(ctx, e, g.action+" at "+g.at, 1, trace.Want{StreamID: id, Day: access.Day(g.day), IDs: []string{g.id}})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// heldRecords looks in the newest inventories for a line that names both the
// account and the entitlement, or the group that gives it.
func (x *explainer) heldRecords(ctx context.Context, e *explanation) error {
	r := e.Recommendation
	account, okAccount := access.NativeID(r.Source, r.AccountID)
	entitlement, ok := access.NativeID(r.Source, r.EntitlementID)
	if !okAccount || !ok {
		return nil
	}
	targets := []string{entitlement}
	paths, err := r.Paths()
	if err != nil {
		return err
	}
	for _, p := range paths {
		if via, ok := access.NativeID(r.Source, p.ViaID); ok {
			targets = append(targets, via)
		}
	}
	streams, err := x.lake.Streams()
	if err != nil {
		return err
	}
	for _, id := range streams {
		if id.Source != r.Source {
			continue
		}
		for _, target := range targets {
			// An app role is <service principal>/<role> with us and two keys with the platform.
			ids := append([]string{account}, strings.Split(target, "/")...)
			if err := x.add(ctx, e, "inventory "+string(id.Stream), 1, trace.Want{StreamID: id, IDs: ids}); err != nil {
				return err
			}
		}
	}
	return nil
}

// add appends the landed lines that are wanted.
func (x *explainer) add(ctx context.Context, e *explanation, what string, most int, w trace.Want) error {
	w.Most = most
	found, err := trace.Records(ctx, x.lake, w)
	if err != nil {
		return err
	}
	for _, f := range found {
		e.Records = append(e.Records, rawRecord{What: what, Segment: f.Segment, Line: f.Line, SHA256: f.SHA256, Body: string(f.Body)})
	}
	return nil
}
