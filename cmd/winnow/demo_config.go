package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"winnow/internal/acme"
)

// writeDemoConfig writes the configuration of an invented company. Reviews
// whose manager is unknown go to the first person that each platform lists.
func writeDemoConfig(dir string) error {
	text := demoConfig
	for platform, slot := range map[string]string{acme.Okta: "{okta reviewer}", acme.Entra: "{entra reviewer}"} {
		id, err := firstUser(filepath.Join(dir, platform, "users.ndjson.gz"))
		if err != nil {
			return fmt.Errorf("choose a reviewer for the demo: %w", err)
		}
		text = bytes.ReplaceAll(text, []byte(slot), []byte(id))
	}
	if err := os.WriteFile(filepath.Join(dir, "winnow.yaml"), text, 0o600); err != nil {
		return fmt.Errorf("write the demo's configuration: %w", err)
	}
	return nil
}

// firstUser reads the id of the first record of a packed file.
func firstUser(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return "", err
	}
	line, err := bufio.NewReader(z).ReadBytes('\n')
	if err != nil {
		return "", err
	}
	var user struct {
		ID string `json:"id"`
	}
	return user.ID, json.Unmarshal(line, &user)
}
