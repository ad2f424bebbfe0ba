package ballot

import "github.com/redproperty/redproperty/internal/id"

// Commitment fixes what a ballot said without telling it: answers as their canonical JSON, free text only as its hash.
// The client draws the salt, sends it with the answers and keeps it with the receipt.
func Commitment(round id.ID, token, salt Hash, scored []byte, text Hash) Hash {
	return digest(labelAnswers, round[:], token[:], salt[:], scored, text[:])
}

// TextHash fixes free text. Its salt is another one than that of the commitment, since scored answers are published
// with theirs and text never is: without a salt of its own, text that is easily guessed could be found.
func TextHash(salt Hash, text string) Hash { return digest(labelText, salt[:], []byte(text)) }

// AttributesHash fixes how a response came in (channel, lot of paper), under a salt that the server draws: an exclusion
// by such an attribute can be shown to be right for each response it names, and for no other is the attribute public.
func AttributesHash(salt Hash, channel, lot string) Hash {
	return digest(labelAttributes, salt[:], []byte(channel), []byte(lot))
}
