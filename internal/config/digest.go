package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"winnow/internal/access"
)

// Digest identifies what this configuration makes of given data: a SHA-256, in
// hexadecimal, over every setting as written with its defaults, apart from what
// cannot change a row: memory_limit, threads and data_dir, and of the sources
// where their data comes from and as whom it is asked for. A rotated credential
// changes nothing, nor does a folder of saved answers in place of the network.
func (c *Config) Digest() string {
	if c.digest != "" {
		return c.digest
	}
	return c.compute()
}

func (c *Config) compute() string {
	plain := *c
	plain.MemoryLimit, plain.Threads, plain.DataDir = "", 0, ""
	plain.Sources = make(Sources, len(c.Sources))
	for i, s := range c.Sources {
		plain.Sources[i] = s.meaning()
	}
	b, err := json.Marshal(plain) // keys of maps come sorted
	if err != nil {
		panic(fmt.Sprintf("encode a configuration of plain fields: %v", err)) // cannot happen: no field can fail
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// meaning is the source without what says where its data comes from and as whom
// it is asked for. The client's id stays: what it does is no use, see
// IgnoreActors. A field that is not listed here counts as one that changes rows.
func (s Source) meaning() Source {
	s.Dir, s.ExportsDir, s.Files, s.Reports, s.Format = "", "", nil, nil, ""
	s.OrgURL, s.GraphURL, s.AuthorityURL, s.AuthURL, s.URL, s.Cloud, s.Region, s.Audience = "", "", "", "", "", "", "", ""
	s.TenantID, s.EnvironmentID, s.Tenant, s.Username, s.KeyID, s.WorkloadIdentity, s.TokenFile = "", "", "", "", "", false, ""
	none := Secret{}
	s.APIToken, s.PrivateKey, s.ClientSecret, s.AccessToken, s.Password, s.APIKey = none, none, none, none, none, none
	s.Certificate, s.CertificatePassword = none, none
	return s
}

// Ready checks what a pull of the sources needs beyond the file itself: that
// every secret can be read and every folder of saved answers exists. It reports
// all faults at once, so that a night is not lost to each of them in turn. Path
// names the configuration in the message.
func (sources Sources) Ready(path string) error {
	f := &faults{at: map[string]int{}}
	for _, s := range sources {
		at := "sources." + string(s.Name)
		if s.Dir != "" {
			if info, err := os.Stat(s.Dir); err != nil || !info.IsDir() {
				f.add(at+".dir", s.Dir, "is not a folder that can be read", "")
			}
			continue // saved answers need no credentials
		}
		for _, secret := range []struct {
			key string
			ref Secret
		}{
			{"access_token", s.AccessToken}, {"api_key", s.APIKey}, {"api_token", s.APIToken},
			{"certificate", s.Certificate}, {"certificate_password", s.CertificatePassword},
			{"client_secret", s.ClientSecret}, {"password", s.Password}, {"private_key", s.PrivateKey},
		} {
			if _, err := secret.ref.Reveal(); err != nil {
				f.addErr(at+"."+secret.key, err)
			}
		}
	}
	if len(f.list) == 0 {
		return nil
	}
	return access.WithHint(&Faults{Path: path, List: f.list}, "nothing was pulled")
}
