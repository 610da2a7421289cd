package audit

import "fmt"

// A Fault is the first entry at which the chain is not as it was written.
type Fault struct {
	Place
	Seq    int64  `json:"seq"` // the number that the entry has or should have
	Reason string `json:"reason"`
}

func (f *Fault) Error() string { return fmt.Sprintf("%s, entry %d: %s", f.Place, f.Seq, f.Reason) }

// A Report is what a verification found.
type Report struct {
	Entries  int64      `json:"entries"` // that follow from one another
	Head     Head       `json:"head"`
	Mends    int        `json:"mends"`           // lines that a kill tore and that were mended
	Anchored int64      `json:"anchored"`        // entries up to this one are fixed by the heads given
	Loose    *Fault     `json:"loose,omitempty"` // the first entry that no head given fixes
	Claimed  int64      `json:"claimed"`         // the newest entry of kind anchor: a head of it was put elsewhere
	Bodies   BodyReport `json:"bodies"`          // what lies beside the chain
	Drafts   int        `json:"drafts"`          // drafts that lie beside the chain as they were kept
	Fault    *Fault     `json:"fault,omitempty"` // none where everything is as it was written
}

// Verify follows the whole chain in dir and compares it with heads that were
// put elsewhere. What it finds is in the report; an error means that it could
// not look.
func Verify(dir string, heads ...Head) (Report, error) {
	release, err := shared(dir)
	if err != nil {
		return Report{}, err
	}
	defer release()
	v := verification{heads: heads, forgotten: map[string]bool{}, known: map[string]bool{}, seen: make([]bool, len(heads))}
	w, err := follow(dir, v.entry)
	if err != nil {
		return Report{}, err
	}
	r := Report{Entries: w.last.Seq, Head: Head{w.last.Seq, w.last.Hash}, Mends: w.mends, Claimed: v.claimed, Fault: w.bad}
	v.settle(&r, w)
	if r.Fault != nil {
		return r, nil
	}
	if r.Bodies, r.Fault, err = v.bodies(dir); err == nil && r.Fault == nil {
		r.Drafts, r.Fault = v.drafts(dir)
	}
	return r, err
}

// A verification gathers what entries say while the chain is followed.
type verification struct {
	heads     []Head
	anchored  int64
	mismatch  *Fault
	loose     *Fault // first entry after the newest fixed one
	claimed   int64
	refs      []bodyRef
	forgotten map[string]bool // pseudonyms
	seen      []bool          // heads that were met
	worded    []draftRef
	known     map[string]bool // hashes of drafts
}

// A bodyRef is an entry that has a body.
type bodyRef struct {
	Place
	seq       int64
	who, body string
}

// entry compares one entry with the heads.
func (v *verification) entry(e Entry, at Place) {
	met := false
	for i, h := range v.heads {
		switch {
		case h.Hash == e.Hash && (h.Seq == e.Seq || h.Seq == 0):
			met, v.seen[i] = true, true
		case h.Seq == e.Seq:
			v.seen[i] = true
			if v.mismatch == nil {
				v.mismatch = &Fault{at, e.Seq, fmt.Sprintf("is not the one that was anchored: an entry after %d was changed, and the hashes were worked out anew", v.anchored)}
			}
		}
	}
	switch {
	case met && v.mismatch == nil:
		v.anchored, v.loose = e.Seq, nil
	case v.loose == nil:
		v.loose = &Fault{at, e.Seq, "is the first that no head given here fixes"}
	}
	switch e.Kind {
	case Anchor:
		v.claimed = e.Seq
	case Forget:
		v.forgotten[e.Who] = true
	default: // the others say nothing of the chain
	}
	v.names(e, at)
	if e.Body != "" {
		v.refs = append(v.refs, bodyRef{at, e.Seq, e.Who, e.Body})
	}
}

// settle draws the conclusions once the chain was followed.
func (v *verification) settle(r *Report, w *walk) {
	r.Anchored, r.Loose = v.anchored, v.loose
	if v.mismatch != nil {
		r.Fault = v.mismatch
		return
	}
	for i, h := range v.heads {
		if r.Fault != nil || v.seen[i] {
			continue
		}
		r.Fault = &Fault{w.at, w.last.Seq + 1, fmt.Sprintf("is missing: entry %d was anchored, and the chain ends before it", h.Seq)}
		if h.Seq == 0 {
			r.Fault.Reason = "is missing, or one before it was changed: no entry has the anchored hash " + h.Hash
		}
	}
}
