package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"winnow/internal/access"
)

//go:embed winnow.example.yaml
var exampleConfig []byte

func initCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "init", Short: "write a commented configuration to begin with", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			f, err := os.OpenFile(a.config, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if errors.Is(err, fs.ErrExist) {
				return usage(access.WithHint(fmt.Errorf("write %s: it is there already", a.config),
					"nothing was changed; --config names another place"))
			}
			if err != nil {
				return fmt.Errorf("write the configuration: %w", err)
			}
			_, err = f.Write(exampleConfig)
			if err := errors.Join(err, f.Close()); err != nil {
				return fmt.Errorf("write the configuration: %w", err)
			}
			if a.json {
				return nil
			}
			_, err = fmt.Fprintf(a.stdout, "wrote %s: fill in your sources, then try winnow pull\n", a.config)
			return err
		},
	}
}
