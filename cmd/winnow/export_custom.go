package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

	"winnow/export/files"
	"winnow/internal/access"
)

// principalsSQL gives the account of each person in the source in which the
// reviews take place; of several the first that a person can sign in with.
const principalsSQL = `select l.identity_id, arg_min(a.account_id, (a.status <> 'active', a.account_id)) from core.account as a
	join core.account_link as l using (account_id) where a.source = ? and a.kind in ('user', 'guest') and a.status <> 'deprovisioned' group by all order by all`

// custom writes the files for reviews of systems that Entra has no connection
// to: the firm revokes whose waiting time is over, as lines of their managers.
func (j *job) custom(ctx context.Context, db *sql.DB, dir string) error {
	conf := j.site.Export.CustomData
	if conf.Source == "" {
		return nil
	}
	principals := map[string]string{}
	_, err := collect(ctx, db, principalsSQL, func(rows *sql.Rows, _ *struct{}) error {
		var person, account string
		err := rows.Scan(&person, &account)
		principals[person], _ = access.NativeID(access.SourceName(conf.Source), account)
		return err
	}, conf.Source)
	if err != nil {
		return fmt.Errorf("read who is known where custom data is reviewed: %w", err)
	}
	var systems []files.Custom
	lines, unknown := 0, 0
	for _, name := range conf.Of {
		recs, err := recommendations(ctx, db, `action = 'revoke' and confidence in ('high', 'medium') and export_from <= as_of and source = ?
			and recommendation_id not in (select recommendation_id from marts.left_out) and recommendation_id not in (`+decidedSQL+")", name)
		if err != nil {
			return err
		}
		c := files.Custom{Source: access.SourceName(name)}
		for _, r := range recs {
			if principals[r.IdentityID] == "" {
				unknown++
				continue
			}
			c.Lines = append(c.Lines, files.CustomLine{Principal: principals[r.IdentityID], Recommendation: r})
		}
		lines += len(c.Lines)
		systems = append(systems, c)
	}
	_, refused, err := files.WriteCustom(dir, systems)
	if err != nil {
		return err
	}
	told := fmt.Sprintf("%s lines of custom data in %s", thousands(int64(lines-len(refused))), filepath.Join(dir, files.CustomDir))
	if rest := unknown + len(refused); rest > 0 {
		told += fmt.Sprintf("; %s are about people without an account in %s, or ids that no file can carry", thousands(int64(rest)), conf.Source)
	}
	j.progress.finish("custom data", told, false)
	return nil
}
