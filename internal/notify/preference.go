package notify

import (
	"maps"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/fault"
)

// Group is a sort of topics that a person switches together.
type Group string

// The groups.
const (
	Orders     Group = "orders"     // what I reported
	Duties     Group = "duties"     // what I have to do in a post
	Households Group = "households" // who lives with me, who wants to
	Contracts  Group = "contracts"  // contracts and who handles where I live or serve
	Account    Group = "account"    // my posts and capacities
)

// Choice is which messages of a group also come by SMS. The inbox always has all of them.
type Choice string

// The choices.
const (
	ByNone      Choice = "off"
	ByEmergency Choice = "emergency"
	ByAll       Choice = "all"
)

// Preferences are how a person wants to be told. Version 0 stands for the defaults.
type Preferences struct {
	SMS     map[Group]Choice
	Digest  Cadence
	Quiet   calendar.Quiet
	Version int64
}

// defaultSMS: residents are told by SMS what waits for them; staff, who have the desk open all day, only
// in emergencies.
var defaultSMS = map[Group]Choice{Orders: ByAll, Households: ByAll, Duties: ByEmergency, Contracts: ByNone, Account: ByNone}

func defaults(quiet calendar.Quiet) Preferences {
	return Preferences{SMS: maps.Clone(defaultSMS), Digest: Daily, Quiet: quiet}
}

// wants tells whether a message goes by SMS.
func (p Preferences) wants(g Group, u Urgency) bool {
	switch p.SMS[g] {
	case ByAll:
		return true
	case ByEmergency:
		return u == Emergency
	}
	return false
}

// check refuses groups, choices and times that do not exist, and fills groups left out with the default.
func (p *Preferences) check() error {
	var wrong fault.Collect
	for g, c := range p.SMS {
		if _, ok := defaultSMS[g]; !ok || (c != ByNone && c != ByEmergency && c != ByAll) {
			wrong.Add("body.sms", "notify.sms_choice")
			break
		}
	}
	full := maps.Clone(defaultSMS)
	maps.Copy(full, p.SMS)
	p.SMS = full
	if p.Digest != Never && p.Digest != Daily && p.Digest != Weekly {
		wrong.Add("body.digest", "notify.digest")
	}
	if p.Quiet.Check() != nil {
		wrong.Add("body.quietFrom", "notify.quiet")
	}
	return wrong.Err()
}
