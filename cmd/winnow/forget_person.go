package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"winnow/internal/access"
	"winnow/internal/forget"
)

//go:embed forget_person.sql
var forgetPersonSQL string

// known is what the published snapshot knows of a person who is to be forgotten.
type known struct {
	identityID string
	accountIDs []string
	person     forget.Person
	notes      []string
}

// known finds a person in the published snapshot.
func (s *site) known(ctx context.Context, text string) (k known, err error) {
	db, err := s.open(ctx)
	if err != nil {
		return k, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if k.identityID, err = identify(ctx, db, text); err != nil {
		return k, err
	}
	if k.accountIDs, err = texts(ctx, db, "select account_id from core.account_link where identity_id = ? order by 1", k.identityID); err != nil {
		return k, fmt.Errorf("read the person's accounts: %w", err)
	}
	k.person = forget.Person{Accounts: map[access.SourceName][]string{}}
	if k.person.NumberFields, err = s.numberFields(); err != nil {
		return k, err
	}
	shared := 0
	type row struct {
		kind, source, value string
		own                 bool
	}
	rows, err := collect(ctx, db, forgetPersonSQL, func(rows *sql.Rows, r *row) error { return rows.Scan(&r.kind, &r.source, &r.value, &r.own) }, k.identityID)
	if err != nil {
		return k, fmt.Errorf("read how the person is known: %w", err)
	}
	for _, r := range rows {
		source := access.SourceName(r.source)
		switch {
		case !r.own:
			shared++
		case r.kind == "account":
			k.person.Accounts[source] = append(k.person.Accounts[source], r.value)
		case r.kind == "mail":
			k.person.Mails = append(k.person.Mails, r.value)
		case r.kind == "name":
			k.person.Names = append(k.person.Names, r.value)
		default:
			k.person.Numbers = append(k.person.Numbers, r.value)
		}
	}
	if shared > 0 {
		k.notes = append(k.notes, fmt.Sprintf("%d of the logins, mail addresses and numbers are somebody else's too; what names the person by them alone stays", shared))
	}
	return k, nil
}

// identify finds the one person whom a text names.
func identify(ctx context.Context, db *sql.DB, text string) (string, error) {
	ids, err := texts(ctx, db, `select identity_id from core.identity where identity_id = $1 or lower(email) = lower($1) or worker_id = $1
		union select identity_id from core.account join core.account_link using (account_id)
		where account_id = $1 or lower(login) = lower($1) or lower(email) = lower($1) or employee_number = $1 order by 1`, strings.TrimSpace(text))
	switch {
	case err != nil:
		return "", fmt.Errorf("look for the person: %w", err)
	case len(ids) == 0:
		return "", usage(access.WithHint(errors.New("forget a person: the published snapshot knows nobody of that name"),
			"give an identity_id, an employee number, a mail address, a login or an account_id: winnow query \"from core.identity\" lists them"))
	case len(ids) > 1:
		return "", usage(access.WithHint(fmt.Errorf("forget a person: %d are known by that", len(ids)), "give one identity_id: "+strings.Join(ids[:min(len(ids), 10)], ", ")))
	}
	return ids[0], nil
}

// texts reads one column.
func texts(ctx context.Context, db querier, query string, args ...any) ([]string, error) {
	return collect(ctx, db, query, func(rows *sql.Rows, s *string) error { return rows.Scan(s) }, args...)
}

// numberFields are the names of the fields in which reports of HR hold employee
// numbers and the ids of their own records.
func (s *site) numberFields() (map[access.SourceName][]string, error) {
	columns, _, err := hrMaps(s.Config)
	if err != nil {
		return nil, err
	}
	out := map[access.SourceName][]string{}
	for _, c := range columns {
		if c.Field != "employee_id" && c.Field != "record_id" {
			continue
		}
		for path := range strings.Lines(c.Path) {
			path = strings.TrimSpace(path)
			if cut := strings.LastIndexAny(path, "./"); cut >= 0 {
				path = path[cut+1:]
			}
			name, _, _ := strings.Cut(strings.Trim(path, `"`), "[")
			out[c.Source] = append(out[c.Source], name)
		}
	}
	return out, nil
}
