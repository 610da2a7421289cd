// Package audit keeps the audit trail: an append-only chain of entries that
// says what winnow did, on what ground, and who decided.
//
// The chain is JSON lines, one file a month (2026-11.ndjson) in one folder. Each
// entry holds the hash of the one before it and its own, over its exact bytes;
// the chain goes on from month to month. An entry holds numbers, hashes, words
// of a narrow alphabet and pseudonyms, and nothing about a person: what was said
// or decided, the body, lies beside the chain, sealed with a key of that person's
// own, and the entry holds a commitment to it that cannot be guessed at without
// a random salt that lies in the body. Forgetting a person deletes bodies and
// key; the chain stays as it is.
//
// # What it shows, and against whom
//
// Against mistakes, failing disks, and hands that edit a file: any edit,
// deletion, insertion or reordering breaks a hash, and Verify names the first
// entry that does not follow from the one before it.
//
// Against someone who may write to the folder and works out all later hashes
// anew, or cuts off the end, a chain alone shows nothing: it holds no secret, and
// one beside it would be read by the same hands. Heads do: a head (number and
// hash of the newest entry) that was put elsewhere, where those hands do not
// reach, fixes every entry up to it. What came after the newest head is not
// fixed, and Verify says from where on.
//
// Against someone who reads the folder: the chain names nobody. With the keys,
// which lie in the folder key, bodies can be read and entries be joined to
// people; keep key and body out of what is handed to others. A backup keeps
// what was forgotten as long as it keeps both.
//
// Not shown: what winnow did without an entry because it was killed just before
// writing it (what concerns a person's access is entered before it is done),
// and whatever a program other than winnow does.
//
// # A kill in mid-write
//
// Entries are appended with one write and synced. A torn last line is left
// where it is: the next writer ends it and appends an entry of kind mend with
// the number and the hash of the torn bytes, so that nothing is ever removed
// from a file and what happened stays visible. Verify counts mended lines and
// reports one that is not yet mended.
package audit
