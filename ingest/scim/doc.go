// Package scim reads a service provider that speaks SCIM 2.0 (RFC 7643 and RFC
// 7644): its users and its groups with their members, over the protocol or from
// a folder of saved answers.
//
// SCIM has no log: it tells who holds what, never who used it. It reads the
// provider's configuration first and keeps to the page that it allows.
//
// UNVERIFIED: no live provider was at hand. The requests follow the RFCs, and
// `make e2e` tries them on a provider library that others wrote; providers are
// known to leave out totals, members and attributes, and what they leave out is
// missed in silence where the RFCs permit it.
package scim
