package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"winnow/export/apply"
	"winnow/internal/access"
	"winnow/internal/config"
)

func approveCommand(a *app) *cobra.Command {
	var key, newKey string
	cmd := &cobra.Command{
		Use: "approve PLAN --key FILE", Short: "sign a plan that you have read", Args: cobra.MaximumNArgs(1),
		Long: `approve signs the id of a plan with your key, whose public half stands in the configuration (apply.approvers), and adds
the signature to the file beside the plan: change.json gets change.approvals.ndjson. The plan's bytes stay as they are; a
plan that was changed by hand is refused, and so is a signature of another plan.

It shows what it signs. It talks to no platform and needs no data folder, so that approvers can sign on machines of their own.

  winnow approve --new-key ada.pem             makes a key (ed25519, PKCS #8) and prints the public half
  winnow approve change.json --key ada.pem     signs`,
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case newKey != "" && len(args) == 0 && key == "":
				return a.newKey(newKey)
			case newKey != "" || len(args) != 1 || key == "":
				return usage(errors.New("give a plan and --key FILE, or --new-key FILE alone"))
			}
			return a.approve(args[0], key)
		},
	}
	cmd.Flags().StringVar(&key, "key", "", "your private key, ed25519 in PEM (PKCS #8)")
	cmd.Flags().StringVar(&newKey, "new-key", "", "make a key and write it to this file")
	return cmd
}

// newKey makes a key that only its owner can read, and prints the public half.
func (a *app) newKey(path string) error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return usage(fmt.Errorf("write the key: %w", err))
	}
	err = pem.Encode(f, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the key: %w", err)
	}
	_, err = fmt.Fprintln(a.stdout, base64.StdEncoding.EncodeToString(public))
	return err
}

// readKey reads an approver's private key.
func readKey(path string) (ed25519.PrivateKey, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usage(fmt.Errorf("read the key: %w", err))
	}
	noKey := usage(access.WithHint(fmt.Errorf("read the key %s: it is no ed25519 key in PEM (PKCS #8)", path),
		"winnow approve --new-key FILE makes one, and so does openssl genpkey -algorithm ed25519"))
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, noKey
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, noKey // the parser's words could repeat a part of the key
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, noKey
	}
	return key, nil
}

// approve signs a plan and adds the signature to the file beside it.
func (a *app) approve(path, keyFile string) error {
	s, err := a.site()
	if err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return usage(fmt.Errorf("read the plan: %w", err))
	}
	f, err := apply.Read(data)
	if err != nil {
		return usage(err)
	}
	key, err := readKey(keyFile)
	if err != nil {
		return err
	}
	public, _ := key.Public().(ed25519.PublicKey)
	i := slices.IndexFunc(s.Apply.Approvers, func(p config.Approver) bool { return p.Key().Equal(public) })
	if i < 0 {
		return usage(access.WithHint(errors.New("approve the plan: the configuration knows no approver with this key"),
			"apply.approvers of the configuration needs an entry with public_key: "+base64.StdEncoding.EncodeToString(public)))
	}
	approval := apply.Sign(&f.Plan, s.Apply.Approvers[i].Name, key, a.now())
	if err := appendApproval(approvalsOf(path), approval); err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.stdout).Encode(approval)
	}
	_, err = io.WriteString(a.stdout, planText(&f.Plan)+fmt.Sprintf("\napproved by %s: plan %s\n", access.Printable(approval.Approver), f.ID))
	return err
}

// appendApproval adds a line, whose place on the disk is certain afterwards.
func appendApproval(path string, approval apply.Approval) error {
	line, err := approval.Line()
	if err != nil {
		return fmt.Errorf("write the approval: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the approval: %w", err)
	}
	_, err = f.Write(line)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the approval: %w", err)
	}
	return nil
}
