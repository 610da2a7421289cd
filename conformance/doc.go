// Package conformance is a module of its own, in which the vendors' SDKs judge
// the live fakes of winnow: they sign in to them, page through them and read
// their refusals, and must find what our own clients find; and they write what
// provisioning and access reviews will write, which they and our own clients
// must then read alike in inventory and log. A misreading that fake and client
// share shows here, and nowhere else.
//
// Nothing of it enters the product, whose modules never learn of the SDKs. It
// costs minutes of processor time and gigabytes of memory to build; run it with
// `make conformance` from the root.
//
// The vendors' specifications judge the fakes, too: see e2e/prism.
package conformance
