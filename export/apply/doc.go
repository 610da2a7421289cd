// Package apply carries out plans, and takes them back.
//
// A plan that was read (access.ReadPlan) is first looked at as it stands: when
// it expires, for which tenants it is made, who approved it, how much it changes
// (Check). Then the state that it expects is read again, for every operation
// (Engine.Inspect). Only a plan of which every line still holds is sent, wave by
// wave, and each operation's preconditions are read once more just before it.
//
// # What is known of a request
//
// Before a request is sent, a receipt of the intent is on the disk, and after
// its answer a second one. Nothing is sent twice on a guess: where an answer was
// lost, or winnow was killed between the two receipts, the operation is in doubt
// until the platform's state tells. The object that the request makes carries a
// marker (Probe), or the state afterwards differs from the state before
// (Verify, Preconditions). Only when it is clear that nothing was done is the
// request sent again.
//
// # What is taken back
//
// Rollback walks the receipts backwards and sends the inverse of what was done
// by this plan, never of what was so already. What cannot be restored is named
// with its reason.
package apply
