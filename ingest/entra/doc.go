// Package entra reads Microsoft Entra ID over Microsoft Graph: the sign-in log
// and the audit log by time, the directory as whole lists.
//
// The platform's manners, as far as they shape the code:
//
//   - v1.0 lists interactive sign-ins only; most use of applications is
//     non-interactive and needs the beta endpoint.
//   - Reports allow five requests in ten seconds for one app and tenant, and
//     keep 30 days with a P1 or P2 licence, 7 without.
//   - Events arrive minutes to hours late, so every pull reads the last day
//     again; events are known by their id.
//   - A list may have an empty page in its middle. Only a missing
//     @odata.nextLink ends it.
package entra
