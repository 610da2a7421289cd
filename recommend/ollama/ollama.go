// Package ollama drafts the prose of recommendations with a language model that
// an Ollama server runs. The model is told a pattern (the verdict, and claims
// without a value or a name) and answers by a JSON schema; package guard judges
// the answer; our own code fills the values in afterwards.
//
// One draft serves all recommendations of a pattern and is kept for the nights
// that follow. Whatever goes wrong with the server or the model costs one
// warning and the template's sentences, never the run.
package ollama

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"winnow/internal/access"
	"winnow/recommend"
	"winnow/recommend/guard"
)

// keepAlive is how long the server is asked to keep the model in memory after a
// call.
const keepAlive = 10 * time.Minute

// Config says which model drafts and what it may cost.
type Config struct {
	Host  string // URL of the server
	Model string // name and tag, as the server knows it

	// Names sends the names of groups and apps as quoted data. Personal names,
	// mails and ids are never sent.
	Names bool

	// Free lets the model word its first answer as it likes, with the slots and
	// plain letters only. Otherwise the server is asked to hold it to sentences
	// that the guard's grammar can build, which suits small models.
	Free bool

	CallTime    time.Duration // for one answer; 2 minutes when 0
	TotalTime   time.Duration // for all answers of a night; 30 minutes when 0
	MaxCalls    int           // of a night; 200 when 0
	Concurrency int           // calls at a time; 1 when 0

	// Cache is the file that keeps the drafts; empty for none.
	Cache string

	// Warn is told, once, why the template had to write in the model's place.
	// It may be nil.
	Warn func(error)
}

func (c Config) withDefaults() Config {
	if c.CallTime <= 0 {
		c.CallTime = 2 * time.Minute
	}
	if c.TotalTime <= 0 {
		c.TotalTime = 30 * time.Minute
	}
	if c.MaxCalls <= 0 {
		c.MaxCalls = 200
	}
	if c.Concurrency <= 0 {
		c.Concurrency = 1
	}
	if c.Warn == nil {
		c.Warn = func(error) {}
	}
	return c
}

// What the column guard says of a recommendation whose model was configured.
// Beside these there is "refused:" and the code of the second fault.
const (
	Accepted = "accepted"        // the model's first answer
	Retried  = "retried"         // the model's second answer, after a fault of the first was named
	NoServer = "unasked:server"  // the template's, because the server, the model or the time failed
	NoCalls  = "unasked:calls"   // the template's, because the night's calls were used up
	Unknown  = "unasked:grammar" // the template's, because the guard has no grammar for a claim
)

// Refused is how the column begins where both answers were refused.
const Refused = "refused:"

// A Drafter is a recommend.Drafter that asks a model. It is for one night and
// for one goroutine; Close keeps what it learnt.
type Drafter struct {
	config   Config
	client   *client
	guard    *guard.Guard
	template recommend.Template
	codes    map[access.ClaimCode]recommend.Code
	cache    *cache
	identity identity
	looked   bool
	fuse     fuse
}

// New returns a drafter in the language of the catalogue. It fails for a
// language in which the guard cannot judge, and for an address that is no URL;
// it does not call the server.
func New(c Config, catalogue *recommend.Catalogue) (*Drafter, error) {
	c = c.withDefaults()
	g, err := guard.New(catalogue.Language())
	if err != nil {
		return nil, fmt.Errorf("draft with the model %s: %w", access.CleanName(c.Model, access.NameLimit), err)
	}
	cl, err := newClient(c.Host, c.Model)
	if err != nil {
		return nil, err
	}
	codes, err := recommend.Codes()
	if err != nil {
		return nil, err
	}
	return &Drafter{config: c, client: cl, guard: g, template: recommend.Template{Catalogue: catalogue}, codes: codes,
		cache: openCache(c.Cache), fuse: fuse{calls: c.MaxCalls, time: c.TotalTime}}, nil
}

// Draft yields one draft for each recommendation, in the order given. Its only
// errors are a cancelled context and what the template cannot draft.
func (d *Drafter) Draft(ctx context.Context, recs []access.Recommendation) iter.Seq2[recommend.Draft, error] {
	return func(yield func(recommend.Draft, error) bool) {
		if !d.looked {
			d.look(ctx)
		}
		works, err := d.works(recs)
		if err == nil {
			err = d.answer(ctx, works)
		}
		if err != nil {
			yield(recommend.Draft{}, err)
			return
		}
		for i, rec := range recs {
			draft, err := d.one(rec, works.of[i], works.ids[i])
			if !yield(draft, err) || err != nil {
				return
			}
		}
	}
}

// look asks the server who it is, once a night.
func (d *Drafter) look(ctx context.Context) {
	d.looked = true
	ctx, cancel := context.WithTimeout(ctx, connectTime+d.config.CallTime/4)
	defer cancel()
	id, err := d.client.look(ctx)
	if err != nil {
		d.blow(err)
		return
	}
	d.identity = id
}

// blow ends the asking for this night and says why, once.
func (d *Drafter) blow(err error) {
	if d.fuse.blow() {
		hint := access.HintOf(err)
		if hint == "" {
			hint = "winnow doctor looks at the server and the model; with llm.provider: none no model is asked"
		}
		d.config.Warn(access.WithHint(fmt.Errorf("%w; the template writes the sentences that the model did not", err), hint))
	}
}

// one binds what was drafted for the pattern to a recommendation, or takes the
// template's sentences.
func (d *Drafter) one(rec access.Recommendation, w *work, ids []string) (recommend.Draft, error) {
	if w.Guard == Accepted || w.Guard == Retried {
		sentences, err := recommend.Bind(w.Sentences, ids)
		return recommend.Draft{RecommendationID: rec.RecommendationID, Sentences: sentences, DraftedBy: d.name(), Guard: w.Guard}, err
	}
	draft, err := d.template.One(rec)
	draft.Guard = w.Guard
	if err != nil {
		err = fmt.Errorf("draft recommendation %s: %w", rec.RecommendationID, err)
	}
	return draft, err
}

// name says which model drafted, and what it was told.
func (d *Drafter) name() string {
	digest := d.identity.digest
	return "ollama:" + access.CleanName(d.config.Model, access.NameLimit) + "@" + digest[:min(12, len(digest))] + "/prompt@" + promptVersion
}

// Calls returns how often the model was asked so far.
func (d *Drafter) Calls() int { return d.fuse.spent() }

// Close keeps the drafts for the nights that follow, and tells of calls that
// failed where nothing has been told yet.
func (d *Drafter) Close() error {
	if err := d.fuse.fault(); err != nil {
		d.blow(err)
	}
	if err := d.cache.save(); err != nil {
		return fmt.Errorf("keep the model's drafts: %w", err)
	}
	return nil
}

var errCalls = errors.New("the calls of this night are used up")
