package ollama

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"winnow/internal/access"
	"winnow/recommend"
	"winnow/recommend/guard"
)

// A work is one pattern that has to be drafted, or has been.
type work struct {
	entry
	pattern recommend.Pattern
	names   map[string]string // by slot; of the first recommendation of the pattern
	recs    int               // that share it
}

// works are the patterns of some recommendations.
type works struct {
	of   []*work    // by recommendation
	ids  [][]string // by recommendation: those that the pattern's claims have in it
	list []*work    // each once, the most common first
}

// works finds the patterns and what is already drafted of them.
func (d *Drafter) works(recs []access.Recommendation) (works, error) {
	out := works{of: make([]*work, len(recs)), ids: make([][]string, len(recs))}
	seen := map[string]*work{}
	for i, rec := range recs {
		p, ids, err := d.template.Catalogue.Brief(rec).Pattern()
		if err != nil {
			return works{}, fmt.Errorf("draft recommendation %s: %w", rec.RecommendationID, err)
		}
		same := fmt.Sprint(p)
		w := seen[same]
		if w == nil {
			key, err := p.Key(d.versions()...)
			if err != nil {
				return works{}, fmt.Errorf("draft recommendation %s: %w", rec.RecommendationID, err)
			}
			w = &work{entry: entry{Key: key}, pattern: p, names: d.namesOf(rec, p)}
			seen[same] = w
			out.list = append(out.list, w)
		}
		w.recs++
		out.of[i], out.ids[i] = w, ids
	}
	slices.SortFunc(out.list, func(a, b *work) int { return cmp.Or(b.recs-a.recs, strings.Compare(a.Key, b.Key)) })
	return out, nil
}

// versions are what shapes a draft beside its pattern.
func (d *Drafter) versions() []string {
	names := "slots"
	if d.config.Names {
		names = "quoted"
	}
	return []string{"catalogue " + d.template.Catalogue.Version(), "grammar " + d.guard.Version(), "prompt " + promptVersion, "model " + d.config.Model + " " + d.identity.digest, "names " + names, fmt.Sprint("free ", d.config.Free)}
}

// answer drafts what is not drafted yet, a few patterns at a time.
func (d *Drafter) answer(ctx context.Context, works works) error {
	var group errgroup.Group
	group.SetLimit(d.config.Concurrency)
	for _, w := range works.list {
		if e, ok := d.cache.get(w.Key); ok && d.sound(w.pattern, e) {
			w.entry = e
			continue
		}
		if !d.guard.Knows(w.pattern) {
			w.Guard = Unknown
			continue
		}
		group.Go(func() error {
			d.draft(ctx, w)
			return nil
		})
	}
	_ = group.Wait() // its functions return none
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("draft with the model: %w", err)
	}
	return nil
}

// sound judges a kept draft again: a file can be changed, and what it holds is
// printed.
func (d *Drafter) sound(p recommend.Pattern, e entry) bool {
	if strings.HasPrefix(e.Guard, Refused) {
		return len(e.Sentences) == 0
	}
	if e.Guard != Accepted && e.Guard != Retried {
		return false
	}
	_, fault := d.guard.Judge(p, e.Sentences)
	return fault == nil
}

// draft asks for one pattern, and once more when the answer is refused.
func (d *Drafter) draft(ctx context.Context, w *work) {
	examples, err := d.template.Tell(w.pattern)
	if err != nil {
		w.Guard = Unknown
		return
	}
	var fault *guard.Fault
	for try := range 2 {
		if why := d.fuse.take(); why != "" {
			w.Guard = why
			if why == NoCalls {
				d.blow(access.WithHint(errCalls, "llm.max_calls allows more; what was drafted is kept, so the next night goes on from here"))
			}
			return
		}
		text, err := d.ask(ctx, w, examples, fault)
		if err != nil {
			w.Guard = NoServer
			return
		}
		if w.Sentences, fault = d.guard.Check(w.pattern, []byte(text)); fault == nil {
			w.Guard = []string{Accepted, Retried}[try]
			break
		}
		w.Guard = Refused + string(fault.Code)
	}
	d.cache.put(w.entry)
}

// ask puts the question of a pattern. The second time it names the fault.
func (d *Drafter) ask(ctx context.Context, w *work, examples []recommend.Sentence, fault *guard.Fault) (string, error) {
	text := prompt(w.pattern, examples, d.codes, w.names)
	if fault != nil {
		text += again(fault)
	}
	format, err := schema(d.guard, w.pattern, !d.config.Free || fault != nil)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, min(d.config.CallTime, d.fuse.left()))
	defer cancel()
	answer, err := d.client.ask(ctx, question{prompt: text, format: format, context: contextTokens, predict: predict(w.pattern)})
	if errors.Is(err, context.Canceled) {
		return "", err // the run was interrupted; the server is not at fault
	}
	if failed := d.fuse.note(err); err != nil && (failed || d.fuse.left() <= 0) {
		d.blow(err)
	}
	return answer.text, err
}

// contextTokens holds the longest prompt, which is about 1,500 tokens, and its
// answer.
const contextTokens = 4096

// predict is how many tokens an answer may have: a sentence of the catalogue has
// about forty, and its frame twenty.
func predict(p recommend.Pattern) int { return 110 * len(guard.IDs(p)) }
