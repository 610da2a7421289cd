// Package access holds winnow's nouns: the words that every other package
// shares. It imports the standard library only and performs no I/O.
//
// The names follow the field: identity, account, entitlement and assignment as
// in NIST RBAC (INCITS 359) and SCIM (RFC 7643), evidence and recommendation as
// in identity governance.
package access
