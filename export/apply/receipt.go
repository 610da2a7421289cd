package apply

import (
	"encoding/json"
	"time"
)

// An Act is what a receipt is about.
type Act string

// The acts.
const (
	Applying    Act = "apply"
	RollingBack Act = "rollback"
)

// A State is what is known of an operation.
type State string

// The states. Those of a whole plan have no operation.
const (
	Begun    State = "begun"        // of the plan: a command set to work on it
	Intent   State = "intent"       // the request is about to be sent
	Done     State = "done"         // it was carried out by us; of a rollback: it was restored
	Accepted State = "accepted"     // the platform took the request; its effect was not seen yet
	Already  State = "already"      // the state is as wanted without us: nothing to do, and nothing to take back
	Refused  State = "refused"      // the platform refused it, and nothing changed
	InDoubt  State = "in_doubt"     // the request may have been carried out, or not
	NotDone  State = "not_done"     // it is clear that it was not carried out
	Kept     State = "not_restored" // of a rollback: what was done stays
	Halted   State = "halted"       // of the plan: nothing more of it is sent
	Mended   State = "mended"       // of the file: a line before was torn by a kill
)

// How a state is known.
const (
	ByAnswer = "answer" // the platform's answer
	ByMarker = "marker" // an object that carries the operation's marker
	ByState  = "state"  // the state, which is as it should be after the operation, or still as before
)

// A Receipt is one line of a journal: what was about to be done, or what became
// of it.
type Receipt struct {
	N         int             `json:"n"`              // number of the line, from 1
	Prev      string          `json:"prev,omitempty"` // hash of the receipt before
	At        time.Time       `json:"at"`
	Plan      string          `json:"plan"` // id
	Act       Act             `json:"act"`
	Operation string          `json:"operation,omitempty"` // id
	Note      string          `json:"note,omitempty"`      // the operation's own sentence
	State     State           `json:"state"`
	Method    string          `json:"method,omitempty"`
	Path      string          `json:"path,omitempty"`
	Status    int             `json:"status,omitempty"` // of the answer; 0 for none
	Answer    json.RawMessage `json:"answer,omitempty"` // verbatim, where it is JSON of no more than maxAnswer bytes
	KnownBy   string          `json:"known_by,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	By        []string        `json:"by,omitempty"` // who approved, of a plan
}

// maxAnswer bounds what is kept of an answer, bytes.
const maxAnswer = 256 << 10

// settled reports whether a state needs no further look at the platform.
func (s State) settled() bool { return s != Intent && s != InDoubt && s != Accepted }

// pending reports whether the request is still to be sent.
func (s State) pending() bool { return s == "" || s == NotDone }

// ours reports whether the operation was, or may have been, carried out by us.
func (s State) ours() bool { return s == Done || s == Accepted || s == InDoubt || s == Intent }
