// Package bamboohr reads people out of BambooHR: everyone, as a report, and the
// histories of their jobs and employment.
//
// The platform's manners, as far as they shape the code:
//
//   - The directory lists active people only. A custom report lists everyone,
//     in one answer. Its fields are those of the mapping, and nothing else is
//     asked for. A field that the key may not see is left out without a word,
//     so the answer's list of fields is held against the question.
//   - The list of changed employees is not used: a generation of inventory is
//     believed whole, and the report is one request.
//   - The supervisor is a text, "Last, First"; supervisorEId is an id. Whether
//     it is a record id or an employee number differs between descriptions; the
//     models find out.
//   - Employee numbers are optional. Who has none is known by the record's id.
//   - Dates that are not there are 0000-00-00.
//   - Histories and absences hold comments, reasons and kinds that nobody here
//     needs: of their rows only the members that are mapped land.
//   - The text of an error stands in a header. 429 and 503 tell when to return.
//
// Unverified: the requests are held against the published specification, and
// the code was not run against an account. The report is marked deprecated
// there, without a date; its successor, the datasets, has other field names and
// no list of them in the specification.
package bamboohr
