// Package ukg reads people out of UKG Pro (formerly UltiPro): employment
// details, persons, and the history of jobs.
//
// The platform's manners, as far as they shape the code:
//
//   - A list is asked for by page and per_page, with no link and no total. It
//     ends at a page that is empty, or shorter than the one before it: the first
//     page may be short because the tenant caps pages below what was asked for.
//   - A tenant that serves the same page again would never end: that is an error.
//   - employeeId is the record, employeeNumber the number; supervisorId is a
//     record. Descriptions spell the ids in two ways, employeeId and employeeID;
//     both are read.
//   - employeeTypeCode, and the codes of departments and places, are the
//     tenant's own: the configuration's values translate the first.
//   - The answers hold numbers of citizens, birthdays, pay and reasons. Of each
//     row only the members that are mapped land.
//   - Every request carries a user, a password and the customer's key.
//
// Unverified: there is no public specification. The code follows published
// client libraries, and was not run against a tenant.
package ukg
