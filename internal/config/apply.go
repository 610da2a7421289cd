package config

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"

	"winnow/internal/access"
)

// An Apply says who approves plans, and how much one may change at once. Nothing
// of it changes a row.
type Apply struct {
	Approvers   []Approver `yaml:"approvers"`                        // without any, no plan can be applied
	Approvals   int        `yaml:"approvals" min:"1" max:"10"`       // that every change needs; what is privileged or irreversible needs two signatures at least
	ExpireHours int        `yaml:"expire_hours" min:"1" max:"720"`   // from a plan's as-of instant to its end
	Canary      int        `yaml:"canary" min:"0" max:"100000"`      // people in the first wave; 0 for one wave
	CanaryHours int        `yaml:"canary_hours" min:"0" max:"720"`   // from the first wave to the second
	HaltAfter   int        `yaml:"halt_after" min:"1" max:"100000"`  // people who want their access back, at which nothing more is sent
	MaxRefused  int        `yaml:"max_refused" min:"1" max:"100000"` // requests that the platform may refuse in one go
	StopFile    string     `yaml:"stop_file" kind:"path"`            // while it exists nothing is sent; STOP in data_dir unless given
	Caps        Caps       `yaml:"caps"`
}

// An Approver may approve plans by signing them.
type Approver struct {
	Name      string `yaml:"name"`
	PublicKey string `yaml:"public_key"` // ed25519, 32 bytes in base64: winnow approve --new-key prints it
	Identity  string `yaml:"identity"`   // their identity_id: nobody approves a change of their own access
}

// Key returns the public key; it was looked at when the file was loaded.
func (a Approver) Key() ed25519.PublicKey {
	key, err := base64.StdEncoding.DecodeString(a.PublicKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil
	}
	return key
}

// Caps limit the changes of access on one day, all plans together; 0 for no
// limit. What goes with an access counts like it.
type Caps struct {
	Person  int     `yaml:"person" min:"0" max:"100000"`  // of one person
	App     int     `yaml:"app" min:"0" max:"1000000"`    // to one app or group
	Manager int     `yaml:"manager" min:"0" max:"100000"` // of one manager's people
	Day     int     `yaml:"day" min:"0" max:"1000000"`    // altogether
	Share   float64 `yaml:"share" min:"0" max:"1"`        // of all people
}

// Access returns the caps as a plan holds them.
func (c Caps) Access() access.Caps {
	return access.Caps{Person: c.Person, App: c.App, Manager: c.Manager, Day: c.Day, Share: c.Share}
}

// checkApply refuses approvers who cannot be told apart.
func (f *faults) checkApply(c Apply) {
	for i, a := range c.Approvers {
		path := fmt.Sprintf("apply.approvers.%d", i+1)
		if a.Name == "" {
			f.add(path, "", "has no name", "approvals are told by it")
		} else if slices.ContainsFunc(c.Approvers[:i], func(o Approver) bool { return o.Name == a.Name }) {
			f.add(path+".name", a.Name, "is given twice", "")
		}
		if a.Key() == nil {
			f.add(path+".public_key", a.PublicKey, "is no ed25519 key of 32 bytes in base64", "winnow approve --new-key FILE makes a key and prints this")
		} else if slices.ContainsFunc(c.Approvers[:i], func(o Approver) bool { return o.Key().Equal(a.Key()) }) {
			f.add(path+".public_key", a.PublicKey, "is given twice", "two approvals by one key are one")
		}
	}
}
