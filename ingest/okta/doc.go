// Package okta reads an Okta org: its System Log and its inventory of users,
// groups, group rules, applications and administrator roles, over the
// management API or from a folder of saved answers.
//
// It needs the read scopes okta.logs.read, okta.users.read, okta.groups.read,
// okta.apps.read and, for administrator roles, okta.roles.read, together with
// an administrator role (read-only administrator) for the service app: a scope
// without the role is refused, or answered with less than there is.
//
// With a licence for Identity Governance it also reads what people hold inside
// apps, and what reviewers decided, with okta.governance.entitlements.read and
// okta.governance.accessCertifications.read. Without, those streams are absent.
//
// The System Log is polled: see systemLog.
package okta
