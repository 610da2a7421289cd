// Package workday reads people out of Workday, over its reports as a service:
// custom reports whose columns are their author's, so that the mapping is
// configuration and a row lands as it was served.
//
// The platform's manners, as far as they shape the code:
//
//   - A report has no pages and may be large: it is split as it arrives and is
//     never held. A report that breaks off ends with an error, so that its
//     generation is not believed; what may be tried again is tried before the
//     first byte.
//   - Its root is Report_Entry[]. Fields without a value vanish from JSON, and
//     with them every proof that the report has such a column; CSV has a header.
//   - Groups nest as arrays: Worker_s_Manager_group[0].Manager_ID.
//   - It is computed before its first byte, which can take minutes.
//
// Unverified: the code follows public descriptions and recorded answers, and
// was not run against a Workday tenant.
package workday
