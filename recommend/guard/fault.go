package guard

import "fmt"

// A Code names what is wrong with an answer. It stands on the recommendation
// whose draft was refused.
type Code string

// The faults.
const (
	BrokenJSON   Code = "broken_json"   // not the object that was asked for, or not UTF-8
	Overlong     Code = "overlong"      // the answer or a sentence is too long
	UnknownID    Code = "unknown_id"    // a sentence is bound to nothing that was asked for
	MissingID    Code = "missing_id"    // a claim, the verdict or the way back has no sentence
	Duplicate    Code = "duplicate"     // two sentences for one claim
	Order        Code = "order"         // the sentences do not stand in an order that may be read
	Character    Code = "character"     // a digit, markup, a hidden or a foreign character
	Punctuation  Code = "punctuation"   // marks or capitals where a sentence has none
	ForeignSlot  Code = "foreign_slot"  // a slot of another claim, or none at all
	RepeatedSlot Code = "repeated_slot" // one figure told twice
	MissingSlot  Code = "missing_slot"  // the figure that the claim is about is left out
	Word         Code = "word"          // a word that the claim's lexicon does not hold
	Phrase       Code = "phrase"        // words of the lexicon in an order that does not say the claim
)

// advice says to a model, in words without values, what to do about a fault.
var advice = map[Code]string{
	BrokenJSON:   "Answer with the JSON object that was asked for and nothing else.",
	Overlong:     "Write one short sentence for each id.",
	UnknownID:    "Use only the ids that are given.",
	MissingID:    "Write one sentence for every id.",
	Duplicate:    "Write only one sentence for each id.",
	Order:        "Keep the order in which the ids are given.",
	Character:    "Use plain English letters and the slots; no digits, no marks, no links.",
	Punctuation:  "Write one plain sentence that ends with a full stop.",
	ForeignSlot:  "Use only the slots that are listed for the id of the sentence.",
	RepeatedSlot: "Use each slot once.",
	MissingSlot:  "Use every slot that is listed for the id.",
	Word:         "Add nothing: no cause, judgement, negation or quantity that the example does not have.",
	Phrase:       "Stay close to the example sentence.",
}

// A Fault is the first thing that is wrong with an answer.
type Fault struct {
	Code Code
	ID   string // the sentence at fault, as it was asked for; empty where it is the answer as a whole
}

// Error names the fault and the sentence.
func (f *Fault) Error() string {
	if f.ID == "" {
		return "refuse the answer: " + string(f.Code)
	}
	return fmt.Sprintf("refuse the sentence of %s: %s", f.ID, f.Code)
}

// Advice tells a model what to do better. It repeats nothing that a model wrote.
func (f *Fault) Advice() string {
	if f.ID == "" {
		return advice[f.Code]
	}
	return fmt.Sprintf("The sentence of %s was refused. %s", f.ID, advice[f.Code])
}
