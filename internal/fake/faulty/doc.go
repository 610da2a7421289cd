// Package faulty stands before a fake platform and spoils its answers, in every
// way that the real ones have been seen to fail: refusals with and without
// sense in their headers, server errors, connections that are cut, web pages in
// place of JSON, links that lead elsewhere or nowhere, cursors and tokens that
// expire, a clock that is off, rights that are taken away, and lists that are
// suddenly empty.
//
// What goes wrong is drawn from a seed, by path and by how often the path was
// asked, so that a run can be had again.
//
// It is for tests.
package faulty
