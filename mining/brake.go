package mining

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"winnow/internal/access"
	"winnow/internal/store"
)

// Revokes have jumped when a night advises more than brakeFactor times as many
// as the published snapshot, and more than brakeMargin above it. An identity
// provider that served half of its answers looks like that, and so does an HR
// report from which a department vanished.
const (
	brakeFactor = 3
	brakeMargin = 20
)

// brakeSQL counts the revokes of the published snapshot and of the new one, and
// finds what most of the new ones rest on. A basis stands for the first word of
// a verdict, see marts.verdict.
const brakeSQL = `with told as (
	select source, basis, count(*) as n, 0 as before from snapshot.marts.recommendation where action = 'revoke' group by all
	union all
	select source, basis, 0, count(*) from published.marts.recommendation where action = 'revoke' group by all
),
grown as (select source, basis, sum(n) as n, sum(before) as before from told group by all)
select (select max(as_of) from published.core.run), coalesce(sum(before), 0)::bigint, coalesce(sum(n), 0)::bigint,
	arg_max(source, (n - before, source, basis)), arg_max(basis, (n - before, source, basis)),
	coalesce(max(n - before), 0)::bigint from grown`

// brake refuses to publish a snapshot whose revokes jumped, unless AcceptJump
// says that a person has looked at it. The first snapshot has nothing to jump
// from.
func (b *Build) brake(ctx context.Context) (err error) {
	if b.AcceptJump {
		return nil
	}
	if _, err := os.Stat(b.Out); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err := b.exec(ctx, "attach "+store.Quote(b.Out)+" as published (read_only)"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.exec(context.WithoutCancel(ctx), "detach published")) }()
	var asOf sql.NullTime
	var source, basis sql.NullString
	var before, now, most int64
	err = b.conn.QueryRowContext(ctx, brakeSQL).Scan(&asOf, &before, &now, &source, &basis, &most)
	if err != nil {
		return fmt.Errorf("compare the revokes with those of the published snapshot: %w", err)
	}
	if !jumped(before, now) {
		return nil
	}
	return access.WithHint(fmt.Errorf("hold the new snapshot back: it would advise %d revokes where the published one, as of %s, advises %d; "+
		"%d of the new ones rest on %q in source %s", now, asOf.Time.UTC().Format(time.DateOnly), before, most, basis.String, source.String),
		"nothing was published or exported. Look whether a source served everything; if the jump is right, the same command with --accept-drop publishes it")
}

// jumped reports whether so many revokes after so many want a person's look.
func jumped(before, now int64) bool { return now > brakeFactor*before && now > before+brakeMargin }
