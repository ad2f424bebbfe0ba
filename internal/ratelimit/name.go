package ratelimit

import "strings"

// Name says which limit is meant. Its number is part of every bucket key, in Redis and in the override
// table, so a number is never given to another limit; its word may be changed freely.
//
// To add a limit: a constant here with the next number, its row in specs below, its entry in
// configs/ratelimits.yaml, a method of Builder, and its message in httpapi/messages/ratelimit.yaml.
type Name int

// The limits. What each one counts is in its comment; how much it allows is in configs/ratelimits.yaml.
const (
	// LoginFailuresPerAccount counts wrong passwords against one log-in name, from wherever they come.
	LoginFailuresPerAccount Name = 1
	// LoginFailuresPerAccountAddress counts wrong passwords against one log-in name from one address.
	LoginFailuresPerAccountAddress Name = 2
	// SMSCodesPerPhone spaces the one-time codes sent to one phone.
	SMSCodesPerPhone Name = 3
	// SMSCodesPerPhoneDay counts the one-time codes sent to one phone in a day.
	SMSCodesPerPhoneDay Name = 4
	// OTPFailuresPerPhone counts wrong one-time codes entered for one phone.
	OTPFailuresPerPhone Name = 5
	// AnonymousCodesPerAddress guards capacity: code requests of everybody behind one address.
	AnonymousCodesPerAddress Name = 6
	// AnonymousLoginsPerAddress guards capacity: log-in attempts of everybody behind one address.
	AnonymousLoginsPerAddress Name = 7
	// AnonymousReadsPerAddress counts reads of public pages by callers who are not logged in.
	AnonymousReadsPerAddress Name = 8
	// WorkOrdersPerAccountHour counts work orders that one resident reports in an hour.
	WorkOrdersPerAccountHour Name = 9
	// WorkOrdersPerAccountDay counts work orders that one resident reports in a day.
	WorkOrdersPerAccountDay Name = 10
	// AttachmentMiBPerAccount counts the MiB of attachments one account uploads; each begun MiB counts.
	AttachmentMiBPerAccount Name = 11
	// MessagesPerOrderAccount counts the messages of one account in one work order.
	MessagesPerOrderAccount Name = 12
	// JoinTriesPerAccount counts the wrong household codes one account enters.
	JoinTriesPerAccount Name = 13
	// JoinTriesPerEstate counts the wrong household codes entered for one estate, by anybody.
	JoinTriesPerEstate Name = 14
	// ExportsPerAccount counts the files one account exports.
	ExportsPerAccount Name = 15
	// ImportsPerOrganisation counts the files imported for one organisation, dry runs included.
	ImportsPerOrganisation Name = 16
	// WritesPerAccount counts every writing call of one account.
	WritesPerAccount Name = 17
	// RevealsPerAccount counts the hidden reporters' identities that one account uncovers (R6.6).
	RevealsPerAccount Name = 18
	// DeskOrdersPerAccountHour counts work orders that one front-desk account takes down for callers.
	DeskOrdersPerAccountHour Name = 19
	// BallotDrawsPerHousehold counts the ballots that one household asks to be signed, repetitions included.
	BallotDrawsPerHousehold Name = 20
	// BallotDrawsPerAccount counts the ballots that one account asks to be signed, for whichever household.
	BallotDrawsPerAccount Name = 21
	// BallotDrawsPerRound guards capacity: the ballots that a whole round asks to be signed.
	BallotDrawsPerRound Name = 22
	// BallotFailuresPerAddress counts what was cast from one address and is no ballot; a ballot is never counted.
	BallotFailuresPerAddress Name = 23
	// BallotFailuresPerRound counts the same of a round, from wherever it comes.
	BallotFailuresPerRound Name = 24
	// DoorSearchesPerAccount counts what one account asks to find the door it applies for.
	DoorSearchesPerAccount Name = 25
	// BallotEnvelopesPerAccount counts the envelopes that one account hands out to dwellings, refused ones included: who tries again and
	// again would learn which dwellings have drawn.
	BallotEnvelopesPerAccount Name = 26
)

// form is how one part of a bucket's key is written.
type form int

const (
	identifier form = iota // an id.ID as canonical text
	handle                 // a phone or log-in name, kept as a keyed hash only
	address                // an IP address, kept as a keyed hash only; IPv6 by /64
	veiled                 // an id.ID, kept as a keyed hash only: the bucket's time must not tell who drew a ballot when
	passing                // an IP address under a salt of the hour: nobody can write its key later, so it has no overrides
)

// String names the form, for who writes an exception to a limit.
func (f form) String() string {
	return [...]string{identifier: "id", handle: "handle", address: "address", veiled: "id", passing: "none"}[f]
}

// spec is what the program knows of a limit, as against what the operator sets.
type spec struct {
	word    string // in the configuration and in messages
	family  string // limits decided together share a family, which is in the hash tag
	subject []form // the parts of the bucket's key, in order
	maxCost int64  // the most one call may cost: no burst may be smaller
}

// The families of ballots are decided in the process's memory even where there is a Redis. The addresses of casting are
// keyed by a salt that no other process knows, and nothing of an anonymous ballot is to be found outside this process. A
// bucket of drawing would tell the microsecond in which a household drew, while the database tells the day.
const (
	castFamily = "cast"
	drawFamily = "draw"
)

// specs is indexed by Name; entry 0 is nobody's.
var specs = [...]spec{
	LoginFailuresPerAccount:        {"login_failures_per_account", "login", []form{handle}, 1},
	LoginFailuresPerAccountAddress: {"login_failures_per_account_address", "login", []form{handle, address}, 1},
	SMSCodesPerPhone:               {"sms_codes_per_phone", "code", []form{handle}, 1},
	SMSCodesPerPhoneDay:            {"sms_codes_per_phone_day", "code", []form{handle}, 1},
	OTPFailuresPerPhone:            {"otp_failures_per_phone", "otp", []form{handle}, 1},
	AnonymousCodesPerAddress:       {"anonymous_codes_per_address", "code", []form{address}, 1},
	AnonymousLoginsPerAddress:      {"anonymous_logins_per_address", "login", []form{address}, 1},
	AnonymousReadsPerAddress:       {"anonymous_reads_per_address", "read", []form{address}, 1},
	WorkOrdersPerAccountHour:       {"work_orders_per_account_hour", "order", []form{identifier}, 1},
	WorkOrdersPerAccountDay:        {"work_orders_per_account_day", "order", []form{identifier}, 1},
	AttachmentMiBPerAccount:        {"attachment_mib_per_account", "file", []form{identifier}, MaxAttachmentMiB},
	MessagesPerOrderAccount:        {"messages_per_order_account", "message", []form{identifier, identifier}, 1},
	JoinTriesPerAccount:            {"join_tries_per_account", "join", []form{identifier}, 1},
	JoinTriesPerEstate:             {"join_tries_per_estate", "join", []form{identifier}, 1},
	ExportsPerAccount:              {"exports_per_account", "export", []form{identifier}, 1},
	ImportsPerOrganisation:         {"imports_per_organisation", "import", []form{identifier}, 1},
	WritesPerAccount:               {"writes_per_account", "write", []form{identifier}, 1},
	RevealsPerAccount:              {"reveals_per_account", "reveal", []form{identifier}, 1},
	DeskOrdersPerAccountHour:       {"desk_orders_per_account_hour", "order", []form{identifier}, 1},
	BallotDrawsPerHousehold:        {"ballot_draws_per_household", drawFamily, []form{veiled}, 1},
	BallotDrawsPerAccount:          {"ballot_draws_per_account", drawFamily, []form{veiled}, 1},
	BallotDrawsPerRound:            {"ballot_draws_per_round", drawFamily, []form{identifier}, 1},
	BallotFailuresPerAddress:       {"ballot_failures_per_address", castFamily, []form{passing}, 1},
	BallotFailuresPerRound:         {"ballot_failures_per_round", castFamily, []form{identifier}, 1},
	DoorSearchesPerAccount:         {"door_searches_per_account", "door", []form{identifier}, 1},
	BallotEnvelopesPerAccount:      {"ballot_envelopes_per_account", drawFamily, []form{veiled}, 1},
}

// Names lists every limit in the order of the numbers.
func Names() []Name {
	all := make([]Name, 0, len(specs)-1)
	for n := 1; n < len(specs); n++ {
		all = append(all, Name(n))
	}
	return all
}

// ParseName finds a limit by its word.
func ParseName(word string) (Name, bool) {
	for _, n := range Names() {
		if specs[n].word == word {
			return n, true
		}
	}
	return 0, false
}

// Known tells whether the number belongs to a limit of this program.
func (n Name) Known() bool { return n > 0 && int(n) < len(specs) }

// String returns the limit's word, "none" for the zero Name and for numbers of no limit.
func (n Name) String() string {
	if !n.Known() {
		return "none"
	}
	return specs[n].word
}

// Code is the fault code of a refusal by this limit.
func (n Name) Code() string { return "ratelimit." + n.String() }

// Personal tells whether the bucket keys of the limit are keyed hashes of personal data.
func (n Name) Personal() bool {
	if !n.Known() {
		return false
	}
	for _, f := range specs[n].subject {
		if f != identifier {
			return true
		}
	}
	return false
}

// Subject tells what an exception to the limit names, in order: "id", "handle" (a phone or log-in name) or "address"; nothing for
// a limit that takes no exceptions.
func (n Name) Subject() []string {
	out := []string{}
	if !n.Known() {
		return out
	}
	for _, f := range specs[n].subject {
		if f == passing {
			return []string{}
		}
		out = append(out, f.String())
	}
	return out
}

// validKey tells whether key has the form of the limit's bucket keys, without tag and number.
func (n Name) validKey(key string) bool {
	if !n.Known() {
		return false
	}
	parts := strings.Split(key, partSeparator)
	if len(parts) != len(specs[n].subject) {
		return false
	}
	for i, f := range specs[n].subject {
		if !f.valid(parts[i]) {
			return false
		}
	}
	return true
}
