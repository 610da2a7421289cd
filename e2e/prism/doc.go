// Package prism holds the shapes that the live fakes of Okta and Graph answer
// with against the vendors' own specifications. The judge is prism, which others
// wrote: it stands between winnow's clients and the fakes, lets everything
// through, and notes what the specification does not allow, in what is asked as
// in what is answered.
//
// The tests are built with the tag prism and started by `make conformance-prism`.
// They install prism with npm into a cache (see run.sh), cut the specifications
// to the paths that are used into files of the test's own, and are skipped where
// npm or the specifications are absent.
package prism
