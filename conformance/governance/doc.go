// Package governance holds the fake org's Identity Governance against the
// vendor's SDK for it, which goes with the configuration of Okta's SDK v5 only.
package governance
