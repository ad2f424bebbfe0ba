package app

import "github.com/redproperty/redproperty/internal/platform"

// facts are what a client is told at its start, from the settings and the rules.
func (a *App) facts() platform.Facts {
	place, err := a.Rules.Localities.Find(a.Config.Locality)
	if err != nil {
		panic(err) // openRules has found it
	}
	f := platform.Facts{Version: a.version, Locality: platform.Locality{Code: place.Code, ZH: place.Zh, EN: place.En}, Languages: platform.Languages(), LoginCodes: "sms",
		Operator: a.Config.Platform.Operator, Contact: a.Config.Platform.Contact, FilingNumber: a.Config.Platform.FilingNumber}
	if a.Config.SMS.Mode == "log" {
		f.LoginCodes = "log"
	}
	for _, n := range a.Rules.Categories.EmergencyNumbers() {
		f.Emergency = append(f.Emergency, platform.Number{Code: n.Code, Number: n.Number, ZH: n.Zh, EN: n.En})
	}
	return f
}

// ShowAccounts tells clients that everything is invented, and lists the demonstration's log-ins on its page where only this machine reaches
// it or the settings ask for it.
func (a *App) ShowAccounts(l Accounts) {
	a.Platform.Demonstrate()
	if !a.Config.HTTP.Local() && !a.Config.Demo.ShowAccounts {
		return
	}
	list := make([]platform.DemoAccount, len(l.Rows))
	for i, r := range l.Rows {
		list[i] = platform.DemoAccount{UserName: r.UserName, Password: r.Password, Who: r.Who, Role: r.Role}
	}
	a.Platform.ShowAccounts(list, a.Config.Demo.ShowAccounts)
}
