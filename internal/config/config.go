package config

import (
	"winnow/internal/access"
)

// A Config is the whole configuration with its defaults filled in and its
// paths made absolute. Load is the usual way to one.
type Config struct {
	// DataDir holds the lake, the working store and the published snapshot.
	DataDir string `yaml:"data_dir" kind:"path"`

	// MemoryLimit bounds DuckDB's memory in its own notation, for instance
	// "2GB"; empty leaves the engine's default. Expect up to 40 % more.
	MemoryLimit string `yaml:"memory_limit"`

	// Threads bounds DuckDB's parallelism; 0 means one for each core.
	Threads int `yaml:"threads" min:"0" max:"1024"`

	// Sources are ordered by name.
	Sources Sources `yaml:"sources"`

	// History is a folder of roll-ups by day that were kept elsewhere; empty
	// for none. It is imported before mining: a longer memory makes better
	// verdicts.
	History string `yaml:"history" kind:"path"`

	// Language is that of the sentences, for instance "en".
	Language string `yaml:"language"`

	// Peers is the chain of attributes that makes ever narrower peer groups,
	// widest first.
	Peers []string `yaml:"peers"`

	Policy Policy `yaml:"policy"`
	Idle   Idle   `yaml:"idle"`
	LLM    LLM    `yaml:"llm"`
	Export Export `yaml:"export"`

	// Audit and Apply change no row, and are no part of the digest.
	Audit Audit `yaml:"audit" json:"-"`
	Apply Apply `yaml:"apply" json:"-"`

	digest string // of the configuration as written
}

// A Policy holds the thresholds and the seasons of grace. Days are whole UTC
// days; precisions and shares lie in 0–1.
type Policy struct {
	RevokePrecision  float64  `yaml:"revoke_precision" min:"0.5" max:"0.9999"`     // share of revokes that must be right
	GrantPrecision   float64  `yaml:"grant_precision" min:"0.5" max:"0.9999"`      // share of grants that must be right
	GrantGraceDays   int      `yaml:"grant_grace_days" min:"0" max:"3650"`         // after an assignment began
	ChangeGraceDays  int      `yaml:"change_grace_days" min:"0" max:"3650"`        // after an access was changed
	HireGraceDays    int      `yaml:"hire_grace_days" min:"0" max:"3650"`          // after the first day of work
	MaxInputAgeDays  int      `yaml:"max_input_age_days" min:"1" max:"3650"`       // older input yields no verdict
	ContractEndDays  int      `yaml:"contract_end_days" min:"0" max:"90"`          // how far ahead ends of contracts are planned for; 0 for not at all
	WaitDays         int      `yaml:"wait_days" min:"0" max:"3650"`                // from a new verdict to its export
	MaxInventoryDrop float64  `yaml:"max_inventory_drop" min:"0" max:"1"`          // share that may vanish from one night to the next
	MinPeers         int      `yaml:"min_peers" min:"2" max:"1000"`                // members that a peer group needs to be shown
	Hysteresis       float64  `yaml:"hysteresis" min:"0" max:"0.5"`                // by how much a score must pass its threshold to flip a verdict
	MaxReviewerLines int      `yaml:"max_lines_per_reviewer" min:"0" max:"100000"` // revokes that one reviewer is shown at a time; 0 for no bound
	Shadow           bool     `yaml:"shadow"`                                      // everything is worked out and nothing is exported
	Protect          []string `yaml:"protect"`                                     // logins that never get a revoke; * and ? are wildcards
	SoD              []SoD    `yaml:"sod"`                                         // pairs that nobody should hold together
}

// An Idle steers the judgement of access that lies unused.
type Idle struct {
	Method      string `yaml:"method" oneof:"hazard,recency"`  // the fitted model, or plain days since the last use
	HorizonDays int    `yaml:"horizon_days" min:"1" max:"730"` // the days ahead for which use is foretold; at most a third of the covered days
}

// A SoD is one rule of separation of duties: nobody should hold an entitlement
// of Left together with an entitlement of Right. Both list entitlement ids or
// names, without regard to case; * and ? are wildcards.
type SoD struct {
	Name     string   `yaml:"name"`
	Left     []string `yaml:"left"`
	Right    []string `yaml:"right"`
	Severity string   `yaml:"severity" oneof:"low,medium,high"` // medium when empty
}

// An LLM chooses who drafts the prose. The verdict is never its business.
type LLM struct {
	Provider string `yaml:"provider" oneof:"none,ollama"`
	Host     string `yaml:"host" kind:"url"`            // where the model answers
	Model    string `yaml:"model"`                      // name and tag, as the provider knows it
	Names    string `yaml:"names" oneof:"slots,quoted"` // quoted shows the model the names of groups and apps, as data
	Wording  string `yaml:"wording" oneof:"held,free"`  // held: the server holds the model to sentences that will be accepted; free: only the answer to a refusal is held

	CallSeconds  int `yaml:"call_seconds" min:"1" max:"3600"`  // for one answer
	TotalMinutes int `yaml:"total_minutes" min:"1" max:"1440"` // for all answers of a night
	MaxCalls     int `yaml:"max_calls" min:"1" max:"100000"`   // of a night
	Concurrency  int `yaml:"concurrency" min:"1" max:"16"`     // calls at a time
}

// An Export says where the recommendations of a run are written.
type Export struct {
	Files        string `yaml:"files" kind:"path"` // folder; empty for none
	OktaCampaign Review `yaml:"okta_campaign"`     // plans access-review campaigns of Okta Identity Governance
	EntraReview  Review `yaml:"entra_review"`      // plans access reviews of Microsoft Entra

	EntraPackages Packages   `yaml:"entra_packages"` // asks for access packages that people lack
	CustomData    CustomData `yaml:"custom_data"`    // files for Entra's reviews of systems that Entra has no connection to

	Scope  Scope    `yaml:"scope"`   // the pilot's people: nothing is exported about anybody else; empty for everybody
	ByRule []ByRule `yaml:"by_rule"` // classes of revokes of low risk that need no person's approval; none by default
}

// An Audit says where the heads of the audit trail are put, so that nobody who
// may write to the data folder can change unnoticed what came before.
type Audit struct {
	Anchor string `yaml:"anchor" kind:"path"` // file that grows by a line a run, on a share that only lets files grow; empty for none
}

// A Review says how revokes become reviews on a platform. It is off while
// Source is empty. Its requests are planned in a file, never sent by a run.
type Review struct {
	Source       string `yaml:"source"`                                // name of the source whose access is reviewed
	Reviewer     string `yaml:"reviewer" oneof:"manager,owner,user"`   // who decides
	User         string `yaml:"user"`                                  // reviewer user: the platform's id
	Fallback     string `yaml:"fallback"`                              // reviewer manager or owner: the platform's id of who decides where there is none
	Alternate    string `yaml:"alternate"`                             // the platform's id of who decides where the fallback, or the one user, is concerned; such access is left out without one
	Expression   string `yaml:"expression"`                            // Okta, reviewer manager: expression that finds the reviewer
	LeadHours    int    `yaml:"lead_hours" min:"24" max:"720"`         // from the as-of instant to the start: time to approve the plan
	DurationDays int    `yaml:"duration_days" min:"1" max:"180"`       // how long reviewers have
	Lines        int    `yaml:"lines_per_reviewer" min:"1" max:"5000"` // most lines that one reviewer has in one review; 100 when left out
	Prefix       string `yaml:"prefix"`                                // how names of reviews begin
	RecordByRule bool   `yaml:"record_by_rule"`                        // Entra: what a rule of by_rule approves is recorded as denied in the open reviews
	EvidenceURL  string `yaml:"evidence_url"`                          // where the pages of the export's folder reviews are published, for reviewers only
}

// Defaults returns the configuration that an empty file stands for.
func Defaults() Config {
	return Config{
		DataDir: "data", Language: "en",
		Peers: []string{"department", "title", "location"},
		Policy: Policy{
			RevokePrecision: 0.95, GrantPrecision: 0.9,
			GrantGraceDays: 90, ChangeGraceDays: 14, HireGraceDays: 90,
			MaxInputAgeDays: 5, WaitDays: 7, MaxInventoryDrop: 0.2, MinPeers: 5, Hysteresis: 0.02, ContractEndDays: 3,
		},
		Idle: Idle{Method: "hazard", HorizonDays: 90},
		Apply: Apply{
			Approvals: 1, ExpireHours: 72, Canary: 5, CanaryHours: 24, HaltAfter: 1, MaxRefused: 3,
			Caps: Caps{Person: 5, App: 50, Manager: 25, Day: 200, Share: 0.02},
		},
		LLM: LLM{Provider: "none", Host: "http://127.0.0.1:11434", Names: "slots", Wording: "held", CallSeconds: 120, TotalMinutes: 30, MaxCalls: 200, Concurrency: 1},
	}
}

// Source returns the source of that name.
func (c *Config) Source(name access.SourceName) (Source, bool) {
	for _, s := range c.Sources {
		if s.Name == name {
			return s, true
		}
	}
	return Source{}, false
}
