package mining

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
)

// config loads the run's settings as tables of the schema config.
func (b *Build) config(ctx context.Context) error {
	for _, name := range sortedKeys(configTables) {
		var buf bytes.Buffer
		if rows, ok := b.Settings[name]; ok {
			text, err := json.Marshal(rows)
			if err != nil {
				return fmt.Errorf("encode the settings %s: %w", name, err)
			}
			if string(text) != "null" {
				buf.Write(text)
			}
		}
		if err := b.loader().load(ctx, "config."+name, configTables[name], buf.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
