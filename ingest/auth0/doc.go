// Package auth0 reads an Auth0 tenant: its log by checkpoint, and its inventory
// of users, roles, who holds them, and applications, over the Management API or
// from a folder of saved answers.
//
// It needs a machine-to-machine application with the scopes read:logs,
// read:users, read:roles, read:role_members and read:clients. Secrets of
// applications and tokens of users are not asked for.
//
// UNVERIFIED: no tenant was at hand. The requests and the paging follow
// published documents, recorded exchanges and recorded events.
package auth0
