package config

import (
	"slices"
	"strings"

	"winnow/internal/access"
)

// Sources is the list of sources, ordered by name; in the file it is a map.
type Sources []Source

// A Source is one identity provider, HR system or folder of files. A field
// with a "for" tag belongs to the types that the tag names and is a fault in
// any other.
type Source struct {
	Name access.SourceName `yaml:"-"`
	Type string            `yaml:"type" oneof:"okta,entra,workday,bamboohr,ukg,hris,file"`

	// Dir is a folder of saved answers, read by the same code in place of the
	// network.
	Dir string `yaml:"dir" kind:"path"`

	// Okta: a service app (ClientID, PrivateKey, KeyID), or an API token.
	OrgURL     string `yaml:"org_url" for:"okta" kind:"url"`
	APIToken   Secret `yaml:"api_token" for:"okta"`
	PrivateKey Secret `yaml:"private_key" for:"okta"` // PEM
	KeyID      string `yaml:"key_id" for:"okta"`
	ClientID   string `yaml:"client_id" for:"okta,entra"`

	// Entra: an app registration, or an access token that was made elsewhere.
	TenantID     string `yaml:"tenant_id" for:"entra"`
	ClientSecret Secret `yaml:"client_secret" for:"entra"`
	AccessToken  Secret `yaml:"access_token" for:"entra,workday,bamboohr"`
	GraphURL     string `yaml:"graph_url" for:"entra" kind:"url"`     // https://graph.microsoft.com unless given
	AuthorityURL string `yaml:"authority_url" for:"entra" kind:"url"` // https://login.microsoftonline.com unless given

	// HR systems: the address, and a user with a password (Workday, UKG Pro), a
	// key (BambooHR; UKG Pro's customer key beside the user), or an access token.
	URL      string `yaml:"url" for:"workday,bamboohr,ukg" kind:"url"`
	Username string `yaml:"username" for:"workday,ukg"`
	Password Secret `yaml:"password" for:"workday,ukg"`
	APIKey   Secret `yaml:"api_key" for:"bamboohr,ukg"`

	// Workday: the tenant, the reports by stream as owner/report with a query
	// of prompts after it where there are any, and the form to ask for.
	Tenant  string            `yaml:"tenant" for:"workday"`
	Reports map[string]string `yaml:"reports" for:"workday"`
	Format  string            `yaml:"format" for:"workday" oneof:"json,csv"` // json unless given

	// Columns says under which name the customer's report keeps one of our
	// fields; a key is a field, or a stream and a field: events.at.
	Columns map[string]string `yaml:"columns" for:"workday,bamboohr,ukg,hris,file"`

	// Values translates the values of a field, theirs to ours; the keys are
	// those of Columns.
	Values map[string]map[string]string `yaml:"values" for:"file,workday,bamboohr,ukg,hris"`

	// Files maps a stream to its file in Dir, where the name is not the
	// stream's own.
	Files map[string]string `yaml:"files" for:"file,workday,bamboohr,ukg,hris"`
}

// belongs reports whether a field with the given "for" tag may stand in a
// source of the given type. An unknown type is a fault of its own, so that it
// does not make every key a fault.
func belongs(tag, typ string) bool {
	return tag == "" || !slices.Contains(sourceTypes, typ) || slices.Contains(strings.Split(tag, ","), typ)
}

var sourceTypes = []string{"okta", "entra", "workday", "bamboohr", "ukg", "hris", "file"}
