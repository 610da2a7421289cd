// Package rest holds the manners that every platform's HTTP API asks for, in
// one place: a credential that never leaves the configured host, patience with
// rate limits, retries of what may be retried, limits on size and time, and
// lists split into their items without touching a byte.
//
// A Client belongs to one tenant and is shared by all streams of that tenant,
// so that a pause which one stream is told to make is kept by the others too.
// All methods may be called from several goroutines.
package rest
