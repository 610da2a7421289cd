package main

import (
	"cmp"
	"context"
	"fmt"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/recommend"
	"winnow/recommend/ollama"
)

// checkModel looks at the server that runs the language model, at the model, and
// at how fast it is. It is never more than a warning: without a model the
// template writes the sentences.
func (a *app) checkModel(ctx context.Context, s *site) (out []symptom) {
	if s.LLM.Provider != "ollama" {
		return nil
	}
	say := func(check string, level ingest.Level, found, wayOut string) {
		out = append(out, symptom{Area: "language model", Check: check, Level: level, Found: found, WayOut: wayOut})
	}
	catalogue, err := recommend.Load(s.Language)
	if err == nil {
		err = ollama.Speaks(catalogue)
	}
	if err != nil {
		say("language", ingest.Failure, err.Error(), access.HintOf(err))
		return out
	}
	model := access.CleanName(s.LLM.Model, access.NameLimit)
	h, err := ollama.Probe(ctx, modelSettings(s.Config))
	if h.Server != "" {
		say("server", ingest.OK, s.LLM.Host+" answers, version "+h.Server, "")
		say("model", ingest.OK, fmt.Sprintf("%s is there, digest %.12s", model, h.Digest), "")
	}
	if err != nil {
		say("answer", ingest.Warning, err.Error(), cmp.Or(access.HintOf(err), "start the server, or correct llm.host; until then the template writes the sentences"))
		return out
	}
	level, wayOut := ingest.OK, ""
	if h.Draft > float64(s.LLM.CallSeconds) {
		level, wayOut = ingest.Warning, "raise llm.call_seconds, choose a smaller model, or give the server more processors"
	}
	say("speed", level, fmt.Sprintf("the first answer took %.1f s, then %.0f tokens a second: about %.0f s for a draft, and a draft serves every recommendation of its pattern",
		h.Load, h.Speed, h.Draft), wayOut)
	return out
}
