package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"winnow/internal/access"
	"winnow/internal/audit"
)

func auditCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "audit", Short: "check the audit trail, and fix it from outside", Args: cobra.NoArgs,
		Long: `Every job enters what it did into an append-only chain in the data folder: with which configuration, on what data and
evidence, which drafts, files and decisions. verify finds any edit, deletion and reordering. Someone who may write to the
data folder could work the whole chain out anew; head prints the one word that shows that too, once it is kept in a
ticket or a file elsewhere, and anchor adds it to such a file.`,
		RunE: func(*cobra.Command, []string) error {
			return usage(access.WithHint(errors.New("choose what to do"), "winnow audit verify, winnow audit head or winnow audit anchor"))
		},
	}
	cmd.AddCommand(auditVerifyCommand(a), auditHeadCommand(a), auditAnchorCommand(a))
	return cmd
}

func auditHeadCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "head", Short: "print the newest entry's number and hash, for a ticket", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return ran("audit head", a.auditHead())
		},
	}
}

func (a *app) auditHead() error {
	s, err := a.site()
	if err != nil {
		return err
	}
	l, err := audit.Open(s.auditDir(), a.now)
	if err != nil {
		return err
	}
	h, err := l.Head()
	if err == nil && h.Seq == 0 {
		err = access.WithHint(errors.New("read the head: the audit trail has no entry yet"), "winnow run makes the first ones")
	}
	if err != nil {
		return err
	}
	return a.printHead(h)
}

// printHead writes a head for people and scripts alike.
func (a *app) printHead(h audit.Head) (err error) {
	if a.json {
		err = json.NewEncoder(a.stdout).Encode(map[string]any{"head": h.String(), "seq": h.Seq, "hash": h.Hash})
	} else {
		_, err = fmt.Fprintln(a.stdout, h)
	}
	return err
}

func auditAnchorCommand(a *app) *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use: "anchor", Short: "add the head to the file of anchors, which lies elsewhere", Args: cobra.NoArgs,
		Long: `anchor adds the chain's head to the file that audit.anchor of the configuration or --to names, one line each time, and
prints it. Every job does the same at its end when audit.anchor is set. The file is worth as much as the place where it
lies is out of reach of those who may write to the data folder.`,
		RunE: func(*cobra.Command, []string) error {
			return ran("audit anchor", a.auditAnchor(to))
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the file (default: audit.anchor of the configuration)")
	return cmd
}

func (a *app) auditAnchor(to string) error {
	s, err := a.site()
	if err != nil {
		return err
	}
	if to == "" {
		to = s.Audit.Anchor
	}
	if to == "" {
		return usage(access.WithHint(errors.New("anchor the audit trail: there is no file to write to"), "set audit.anchor in the configuration, or give --to"))
	}
	l, err := audit.Open(s.auditDir(), a.now)
	if err != nil {
		return err
	}
	h, err := anchor(l, to, a.now())
	if err != nil {
		return err
	}
	return a.printHead(h)
}

// verifyFlags say what the chain is compared with.
type verifyFlags struct {
	anchor, dir string
	heads       []string
}

func auditVerifyCommand(a *app) *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use: "verify", Short: "find any edit, deletion or reordering of the audit trail", Args: cobra.NoArgs,
		Long: `verify follows the chain from its first entry to its last, compares it with the heads that were put elsewhere, and
what lies beside the chain with what the chain says of it. It names the first entry that is not as it was written, and
the first that no head fixes. It changes nothing; exit status 1 means that something was changed.`,
		RunE: func(*cobra.Command, []string) error {
			return ran("audit verify", a.auditVerify(f))
		},
	}
	cmd.Flags().StringVar(&f.anchor, "anchor", "", "a file of anchors (default: audit.anchor of the configuration, where it exists)")
	cmd.Flags().StringArrayVar(&f.heads, "head", nil, "a head that winnow audit head printed, or its hash alone; may be given again")
	cmd.Flags().StringVar(&f.dir, "dir", "", "a copy of the folder of the audit trail (default: that of the configuration)")
	return cmd
}

func (a *app) auditVerify(f verifyFlags) error {
	lost := ""
	if f.dir == "" {
		s, err := a.site()
		if err != nil {
			return err
		}
		f.dir = s.auditDir()
		if f.anchor == "" && len(f.heads) == 0 {
			f.anchor, lost = s.anchors()
		}
	}
	heads, err := f.read()
	if err != nil {
		return err
	}
	r, err := audit.Verify(f.dir, heads...)
	if err != nil {
		return err
	}
	if err := a.printVerified(r, len(heads)); err != nil {
		return err
	}
	if r.Fault == nil {
		return missesAnchors(r, lost)
	}
	return access.WithHint(fmt.Errorf("verify the audit trail: %w", r.Fault),
		"compare the folder with a backup. Only a line that is cut short at the very end can stem from a kill: the next job mends it and enters that")
}

// anchors is the configured file of anchors, or where it should be and is not.
func (s *site) anchors() (path, lost string) {
	if s.Audit.Anchor == "" {
		return "", ""
	}
	if _, err := os.Stat(s.Audit.Anchor); errors.Is(err, fs.ErrNotExist) {
		return "", s.Audit.Anchor
	}
	return s.Audit.Anchor, ""
}

// missesAnchors faults a trail whose heads were put into a file that is gone:
// whoever works a chain out anew would take that file away as well.
func missesAnchors(r audit.Report, lost string) error {
	if lost == "" || r.Claimed == 0 {
		return nil
	}
	return access.WithHint(fmt.Errorf("verify the audit trail: entry %d says that its head was put elsewhere, and %s is not there", r.Claimed, lost),
		"bring the file of anchors back (audit.anchor of the configuration), or compare with a head that was kept: winnow audit verify --head HEAD")
}

// read gathers the heads of the flags.
func (f verifyFlags) read() (heads []audit.Head, err error) {
	if f.anchor != "" {
		if heads, err = audit.ReadAnchors(f.anchor); err != nil {
			return nil, err
		}
	}
	for _, text := range f.heads {
		h, err := audit.ParseHead(text)
		if err != nil {
			return nil, usage(err)
		}
		heads = append(heads, h)
	}
	return heads, nil
}

// printVerified tells what was found, whole or not.
func (a *app) printVerified(r audit.Report, heads int) error {
	if a.json {
		return json.NewEncoder(a.stdout).Encode(r)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s entries follow from one another", thousands(r.Entries))
	if r.Entries > 0 {
		fmt.Fprintf(&b, "; head %s", r.Head)
	}
	b.WriteString("\n")
	switch {
	case heads > 0 && r.Anchored > 0:
		fmt.Fprintf(&b, "up to entry %s they are as they were anchored\n", thousands(r.Anchored))
	case heads > 0:
		b.WriteString("none of them is as it was anchored\n")
	case r.Claimed > 0:
		fmt.Fprintf(&b, "no anchor was given; entry %s says that its head was put elsewhere: compare with it\n", thousands(r.Claimed))
	}
	if r.Loose != nil {
		fmt.Fprintf(&b, "first entry that is not anchored: %s, entry %s\n", r.Loose.Place, thousands(r.Loose.Seq))
	}
	if r.Mends > 0 {
		fmt.Fprintf(&b, "%d lines were torn by a kill and mended\n", r.Mends)
	}
	if n := r.Bodies; n.Whole+n.Forgotten > 0 {
		fmt.Fprintf(&b, "%s bodies are as they were kept, %s were forgotten\n", thousands(int64(n.Whole)), thousands(int64(n.Forgotten)))
	}
	if r.Drafts > 0 {
		fmt.Fprintf(&b, "%s drafts are as they were kept\n", thousands(int64(r.Drafts)))
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}
