package apply

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"winnow/internal/access"
)

// An Approver is a person whose signature counts.
type Approver struct {
	Name     string            // as the approvals name them
	Key      ed25519.PublicKey // of 32 bytes
	Identity string            // identity_id; whoever approves does not approve changes of their own access; empty when unknown
}

// An Approval is the signature of a plan's ID by an approver. It is one line of
// the file that lies beside the plan, so that the plan's bytes stay as they are.
type Approval struct {
	Plan      string    `json:"plan"`     // id of the plan
	Approver  string    `json:"approver"` // name
	At        time.Time `json:"at"`
	Signature string    `json:"signature"` // base64 of ed25519 over message
}

// message is what is signed: no other use of the key signs the same bytes.
func (a Approval) message() []byte {
	return fmt.Appendf(nil, "winnow approval 1\nplan %s\napprover %q\nat %s\n", a.Plan, a.Approver, a.At.UTC().Format(time.RFC3339))
}

// Sign approves a plan.
func Sign(p *access.Plan, approver string, key ed25519.PrivateKey, at time.Time) Approval {
	a := Approval{Plan: p.ID, Approver: approver, At: at.UTC().Truncate(time.Second)}
	a.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(key, a.message()))
	return a
}

// valid reports whether the signature is by that approver's key.
func (a Approval) valid(key ed25519.PublicKey) bool {
	sig, err := base64.StdEncoding.DecodeString(a.Signature)
	return err == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, a.message(), sig)
}

// Line is the approval as a line of its file.
func (a Approval) Line() ([]byte, error) {
	b, err := json.Marshal(a)
	return append(b, '\n'), err
}

// ReadApprovals reads the lines of a file of approvals. Those of other plans are
// left out; whether the others are valid is told by Check.
func ReadApprovals(data []byte, plan string) ([]Approval, error) {
	var out []Approval
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var a Approval
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&a); err != nil {
			return nil, fmt.Errorf("read the approvals: line %d: %w", n, err)
		}
		if a.Plan == plan {
			out = append(out, a)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the approvals: %w", err)
	}
	return out, nil
}

// counted returns the approvers whose approvals are valid, each once, ordered by
// name, and what is wrong with the other approvals.
func counted(plan string, approvals []Approval, approvers []Approver, now time.Time) (valid []Approver, faults []string) {
	for _, a := range approvals {
		i := slices.IndexFunc(approvers, func(p Approver) bool { return p.Name == a.Approver })
		switch name := quote(a.Approver); {
		case a.Plan != plan:
			faults = append(faults, fmt.Sprintf("the approval by %s is of another plan", name))
		case i < 0:
			faults = append(faults, fmt.Sprintf("an approval is by %s, whom the configuration does not know", name))
		case !a.valid(approvers[i].Key):
			faults = append(faults, fmt.Sprintf("the approval by %s is not signed with their key", name))
		case a.At.After(now.Add(5 * time.Minute)):
			faults = append(faults, fmt.Sprintf("the approval by %s is of %s, which is to come", name, a.At.Format(time.RFC3339)))
		default:
			known := slices.ContainsFunc(valid, func(p Approver) bool { return p.Name == a.Approver || p.Key.Equal(approvers[i].Key) })
			if !known {
				valid = append(valid, approvers[i])
			}
		}
	}
	slices.SortFunc(valid, func(a, b Approver) int { return strings.Compare(a.Name, b.Name) })
	return valid, faults
}
