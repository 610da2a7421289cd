package ollama

import (
	"context"
	"time"

	"winnow/recommend"
	"winnow/recommend/guard"
)

// probeTokens is how long an answer is made to measure the model's speed.
const probeTokens = 48

// Health is what a look at the server and the model found.
type Health struct {
	Server string  // version; empty where the server did not answer
	Digest string  // of the model; empty where the server does not have it
	Load   float64 // seconds until the first answer was there, loading the model included
	Speed  float64 // tokens a second while answering
	Draft  float64 // seconds that a draft of eight sentences will take; an estimate
}

// Probe looks at the server and the model and measures its speed with one short
// question. What it found before an error is in the result.
func Probe(ctx context.Context, c Config) (Health, error) {
	c = c.withDefaults()
	cl, err := newClient(c.Host, c.Model)
	if err != nil {
		return Health{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime+c.CallTime)
	defer cancel()
	id, err := cl.look(ctx)
	h := Health{Server: id.version, Digest: id.digest}
	if err != nil {
		return h, err
	}
	begun := time.Now()
	r, err := cl.ask(ctx, question{prompt: "Write a few plain sentences about a quiet office.", context: contextTokens, predict: probeTokens})
	h.Load = time.Since(begun).Seconds()
	if err != nil {
		return h, err
	}
	if r.took > 0 {
		h.Speed = float64(r.tokens) / r.took.Seconds()
	}
	if h.Speed > 0 {
		const sentences, each = 8, 40 // tokens of a sentence and its frame
		h.Draft = sentences * each / h.Speed
	}
	return h, nil
}

// Speaks reports whether a model can draft in a language at all.
func Speaks(c *recommend.Catalogue) error {
	_, err := guard.New(c.Language())
	return err
}
