package mining

import "context"

// RunFor is Run for a few tables and what they read, where a test asks for no
// more.
func (b *Build) RunFor(ctx context.Context, tables ...string) error {
	if err := b.open(ctx); err != nil {
		return err
	}
	if _, err := b.enc.Encode(ctx); err != nil {
		return err
	}
	if _, err := b.enc.RollUp(ctx); err != nil {
		return err
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	ordered, reading, err := Graph(ctx, b.conn)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for len(tables) > 0 {
		if t := tables[0]; !wanted[t] {
			wanted[t] = true
			tables = append(tables, reading[t]...)
		}
		tables = tables[1:]
	}
	for _, m := range ordered {
		if wanted[m.Table()] {
			if err := b.build(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}
