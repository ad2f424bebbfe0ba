// Package ratelimit slows down abuse: password guessing, floods of SMS codes, scripted writes. It never
// decides anything that must be exact; UNIQUE keys and conditional updates in the database do that.
//
// # Limits
//
// A limit is {burst, count, period}: count tokens flow back evenly over each period into a bucket that
// holds burst. Per bucket one number is kept, the moment at which it would be full again (its TAT,
// theoretical arrival time), in microseconds: the generic cell rate algorithm.
//
// # Batches
//
// A Builder makes a Batch: a list of transactions, each on one bucket. A batch is decided as a whole and
// written as a whole: if one transaction refuses, nobody is charged. The kinds of transaction are
// check-and-spend (must have room, then pays), check-only (must have room, pays nothing), spend-only (pays
// if it has room, never refuses), reset-only (forgets the bucket) and allow-only (the limit is not
// configured). Counting failures after the fact takes check-only before and spend-only behind; two guesses
// made at the same moment can both pass such a check. Where that matters the Reserve methods take the
// token beforehand, atomically, and a success resets the bucket.
//
// # Where the buckets are
//
// With Redis, one Lua script decides each batch, so several processes share exact limits. Without it, or
// while it is away, the buckets of a Memory source count in this process alone: n processes together then
// allow up to n times the limit. A Redis that fails costs a request at most its timeout (≤ 50 ms), and a
// circuit breaker spares most requests even that. What happens meanwhile is a choice per limit: open
// admits, fallback asks the Memory source. Both show in Decision.Ignored and in the metrics. No bucket counts a call
// twice. Of the calls that were on their way when Redis fell silent, some may count there and, decided again, in the
// memory; those that waited to be sent are not sent any more.
//
// # Ballots
//
// Drawings, and what was cast and is no ballot, are counted in this process's memory even where there is a Redis: a
// bucket is a time in microseconds, and of a drawing no more than the day is to be known. Failed casts count by address
// and by round. The address is keyed by a random salt of the hour (Salts), which is never written: with it, what the memory
// holds cannot be read back once the hour after it is over. A new hour's bucket begins with the debt of the hour
// before. A bucket that fills within an hour therefore decides exactly as one that is never renamed: in any hour an
// address fails at most burst + count times per process before it is refused, whether or not the salt changes in it. Several
// processes have salts of their own, and a process that starts anew has new ones: each of them counts for itself.
//
// # Keys
//
// All keys of a batch share a hash tag, {family:context}, so that they lie on one node of a Redis Cluster.
// The context is a property of the deployment or of the place served (a district's code such as 370612), the
// same for all requests of one actor: whoever could choose it would get fresh buckets with each choice.
// Phones, log-in names and addresses enter keys as HMACs only, and so do the households and accounts that draw
// ballots, as an override's key shows them. All residents of a building may share one
// address, so a limit keyed by address alone is either for anonymous reading or a wide guard of capacity.
package ratelimit
