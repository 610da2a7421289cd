// Package entra is a live fake of Microsoft Graph and of the token endpoint
// before it. It serves a folder of saved answers (<stream>.ndjson, plain or
// packed), as the platform would: page by page, behind a bearer token, with the
// platform's filters, limits and refusals.
//
// What a pull over HTTP lands equals the lines of the folder byte for byte:
// items are served verbatim, and $select and $expand are taken to have shaped
// them when they were saved.
//
// With Options.Writable the tenant also takes the writes of provisioning and of
// access reviews, and tells each in directoryAudits. It keeps the platform's
// traps: a member is removed by …/members/{id}/$ref, and the same request
// without /$ref deletes the member itself. Inferred, as no document at hand
// says it: with what code the members of dynamic groups are refused, and the
// names of the audits of access reviews.
package entra
