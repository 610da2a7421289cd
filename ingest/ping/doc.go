// Package ping reads a PingOne environment: its audit activities and its
// inventory of users, groups, memberships and applications, over the platform
// API or from a folder of saved answers.
//
// It needs a worker application with the client-credentials grant and a role
// that may read identities and configuration (Identity Data Read Only and
// Configuration Read Only).
//
// UNVERIFIED: no environment was at hand. The requests, the paging and the
// types of sign-on events follow published documents and recorded activities;
// fields that no record shows are read where they are and missed in silence
// where they are not. Expect a surprise in the first pull, and report it.
package ping
