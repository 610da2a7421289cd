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
	Type string            `yaml:"type" oneof:"okta,entra,pingone,auth0,scim,workday,bamboohr,ukg,hris,file"`

	// Dir is a folder of saved answers, read by the same code in place of the
	// network.
	Dir string `yaml:"dir" kind:"path"`

	// Okta: a service app (ClientID, PrivateKey, KeyID), or an API token.
	OrgURL     string `yaml:"org_url" for:"okta" kind:"url"`
	APIToken   Secret `yaml:"api_token" for:"okta"`
	PrivateKey Secret `yaml:"private_key" for:"okta"` // PEM
	KeyID      string `yaml:"key_id" for:"okta"`
	ClientID   string `yaml:"client_id" for:"okta,entra,pingone,auth0"`

	// Entra: an app registration with a secret, a certificate (PEM or PFX with
	// its key) or a workload's identity, or an access token that was made
	// elsewhere.
	TenantID            string `yaml:"tenant_id" for:"entra"`
	Certificate         Secret `yaml:"certificate" for:"entra"`
	CertificatePassword Secret `yaml:"certificate_password" for:"entra"`
	WorkloadIdentity    bool   `yaml:"workload_identity" for:"entra"`
	TokenFile           string `yaml:"token_file" for:"entra" kind:"path"` // the cluster's environment names it unless given

	ClientSecret Secret `yaml:"client_secret" for:"entra,pingone,auth0"`
	AccessToken  Secret `yaml:"access_token" for:"entra,auth0,scim,workday,bamboohr"`
	Cloud        string `yaml:"cloud" for:"entra" oneof:"public,usgov,usgovdod,china"` // public unless given
	GraphURL     string `yaml:"graph_url" for:"entra" kind:"url"`                      // that of the cloud unless given
	AuthorityURL string `yaml:"authority_url" for:"entra" kind:"url"`                  // that of the cloud unless given

	// ExportsDir is a folder of Log Analytics or storage exports of the same
	// tenant, read beside it: history that the tenant no longer keeps.
	ExportsDir string `yaml:"exports_dir" for:"entra" kind:"path"`

	// IgnoreActors are ids whose doing is no use, beside ClientID: clients that
	// put right what was recommended.
	IgnoreActors []string `yaml:"ignore_actors" for:"okta,entra"`

	// PingOne: a worker application (ClientID, ClientSecret) of an environment.
	EnvironmentID string `yaml:"environment_id" for:"pingone"`
	Region        string `yaml:"region" for:"pingone" oneof:"na,ca,eu,ap,au,sg"`
	AuthURL       string `yaml:"auth_url" for:"pingone" kind:"url"` // the region's own unless given, as for URL

	// Auth0: a machine-to-machine application (ClientID, ClientSecret), or
	// AccessToken. SCIM: AccessToken, or Username and Password.
	Audience string `yaml:"audience" for:"auth0"` // of the Management API, behind a custom domain

	// PingOne, Auth0, SCIM: the address of the API. HR systems: the address, and a user with a password (Workday, UKG Pro), a
	// key (BambooHR; UKG Pro's customer key beside the user), or an access token.
	URL      string `yaml:"url" for:"pingone,auth0,scim,workday,bamboohr,ukg" kind:"url"`
	Username string `yaml:"username" for:"scim,workday,ukg"`
	Password Secret `yaml:"password" for:"scim,workday,ukg"`
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

var sourceTypes = []string{"okta", "entra", "pingone", "auth0", "scim", "workday", "bamboohr", "ukg", "hris", "file"}
