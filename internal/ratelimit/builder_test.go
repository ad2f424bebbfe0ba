package ratelimit

import (
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/id"
)

func shipped(t testing.TB) Defaults {
	t.Helper()
	file, err := os.ReadFile("../../configs/ratelimits.yaml")
	require.NoError(t, err)
	defaults, err := ParseDefaults(file)
	require.NoError(t, err)
	return defaults
}

func shippedBuilder(t testing.TB) *Builder {
	t.Helper()
	b, err := NewBuilder(BuilderConfig{Defaults: shipped(t), Key: testKey})
	require.NoError(t, err)
	return b
}

// step is what the tables expect of one transaction.
type step struct {
	name Name
	kind Kind
	cost int64
}

func TestUses(t *testing.T) {
	b := shippedBuilder(t)
	a, o := id.New(), id.New()
	const c, phone = "370612", "13800000001"
	guard := step{AnonymousLoginsPerAddress, CheckAndSpend, 1}
	login := func(k Kind) []step {
		return []step{{LoginFailuresPerAccount, k, 1}, {LoginFailuresPerAccountAddress, k, 1}}
	}
	codes := []step{{SMSCodesPerPhone, CheckAndSpend, 1}, {SMSCodesPerPhoneDay, CheckAndSpend, 1}}
	uses := []struct {
		use   string
		build func() (Batch, error)
		tag   string
		want  []step
	}{
		{"LoginAttempt", func() (Batch, error) { return b.LoginAttempt(c, phone, home) }, "{login:370612}", append(login(CheckOnly), guard)},
		{"LoginReserve", func() (Batch, error) { return b.LoginReserve(c, phone, home) }, "{login:370612}", append(login(CheckAndSpend), guard)},
		{"LoginFailed", func() (Batch, error) { return b.LoginFailed(c, phone, home) }, "{login:370612}", login(SpendOnly)},
		{"LoginSucceeded", func() (Batch, error) { return b.LoginSucceeded(c, phone, home) }, "{login:370612}", login(ResetOnly)},
		{"CodeRequest", func() (Batch, error) { return b.CodeRequest(c, phone, home) }, "{code:370612}", append(codes[:2:2], step{AnonymousCodesPerAddress, CheckAndSpend, 1})},
		{"CodeForMember", func() (Batch, error) { return b.CodeForMember(c, phone) }, "{code:370612}", codes},
		{"OTPAttempt", func() (Batch, error) { return b.OTPAttempt(c, phone) }, "{otp:370612}", []step{{OTPFailuresPerPhone, CheckOnly, 1}}},
		{"OTPReserve", func() (Batch, error) { return b.OTPReserve(c, phone) }, "{otp:370612}", []step{{OTPFailuresPerPhone, CheckAndSpend, 1}}},
		{"OTPFailed", func() (Batch, error) { return b.OTPFailed(c, phone) }, "{otp:370612}", []step{{OTPFailuresPerPhone, SpendOnly, 1}}},
		{"OTPSucceeded", func() (Batch, error) { return b.OTPSucceeded(c, phone) }, "{otp:370612}", []step{{OTPFailuresPerPhone, ResetOnly, 1}}},
		{"AnonymousRead", func() (Batch, error) { return b.AnonymousRead(c, home) }, "{read:370612}", []step{{AnonymousReadsPerAddress, CheckAndSpend, 1}}},
		{"WorkOrder", func() (Batch, error) { return b.WorkOrder(c, a) }, "{order:370612}", []step{{WorkOrdersPerAccountHour, CheckAndSpend, 1}, {WorkOrdersPerAccountDay, CheckAndSpend, 1}}},
		{"DeskOrder", func() (Batch, error) { return b.DeskOrder(c, a) }, "{order:370612}", []step{{DeskOrdersPerAccountHour, CheckAndSpend, 1}}},
		{"Attachment", func() (Batch, error) { return b.Attachment(c, a, 5<<20+1) }, "{file:370612}", []step{{AttachmentMiBPerAccount, CheckAndSpend, 6}}},
		{"Message", func() (Batch, error) { return b.Message(c, a, o) }, "{message:370612}", []step{{MessagesPerOrderAccount, CheckAndSpend, 1}}},
		{"JoinTry", func() (Batch, error) { return b.JoinTry(c, a, o) }, "{join:370612}", []step{{JoinTriesPerAccount, CheckAndSpend, 1}, {JoinTriesPerEstate, CheckAndSpend, 1}}},
		{"Export", func() (Batch, error) { return b.Export(c, a) }, "{export:370612}", []step{{ExportsPerAccount, CheckAndSpend, 1}}},
		{"Import", func() (Batch, error) { return b.Import(c, o) }, "{import:370612}", []step{{ImportsPerOrganisation, CheckAndSpend, 1}}},
		{"Write", func() (Batch, error) { return b.Write(c, a) }, "{write:370612}", []step{{WritesPerAccount, CheckAndSpend, 1}}},
		{"Reveal", func() (Batch, error) { return b.Reveal(c, a) }, "{reveal:370612}", []step{{RevealsPerAccount, CheckAndSpend, 1}}},
		{"DoorSearch", func() (Batch, error) { return b.DoorSearch(c, a) }, "{door:370612}", []step{{DoorSearchesPerAccount, CheckAndSpend, 1}}},
		{"BallotDraw", func() (Batch, error) { return b.BallotDraw(c, id.New(), o, a) }, "{draw:370612}", []step{{BallotDrawsPerHousehold, CheckAndSpend, 1}, {BallotDrawsPerAccount, CheckAndSpend, 1}, {BallotDrawsPerRound, CheckAndSpend, 1}}},
		{"BallotEnvelope", func() (Batch, error) { return b.BallotEnvelope(c, id.New(), o, a) }, "{draw:370612}", []step{{BallotDrawsPerHousehold, CheckAndSpend, 1}, {BallotEnvelopesPerAccount, CheckAndSpend, 1}, {BallotDrawsPerRound, CheckAndSpend, 1}}},
		{"BallotSuspect", func() (Batch, error) { return b.BallotSuspect(c, o, home, Salts{}) }, "{cast:370612}", []step{{BallotFailuresPerAddress, CheckOnly, 1}, {BallotFailuresPerRound, CheckOnly, 1}}},
		{"BallotFailed", func() (Batch, error) { return b.BallotFailed(c, o, home, Salts{}) }, "{cast:370612}", []step{{BallotFailuresPerAddress, CheckAndSpend, 1}, {BallotFailuresPerRound, SpendOnly, 1}}},
	}
	used := map[Name]bool{}
	for _, u := range uses {
		t.Run(u.use, func(t *testing.T) {
			batch, err := u.build()
			require.NoError(t, err)
			require.Equal(t, u.tag, batch.Tag())
			var got []step
			for _, tx := range batch.txns {
				used[tx.name] = true
				got = append(got, step{tx.name, tx.kind, tx.cost})
				require.True(t, strings.HasPrefix(tx.key, u.tag+":"), tx.key)
				require.NotContains(t, tx.key, phone)
				require.NotContains(t, tx.key, home.String())
				subject := strings.SplitN(tx.key, ":", 4)[3]
				require.Equal(t, tx.name != BallotFailuresPerAddress, tx.name.validKey(subject), tx.key)
			}
			require.Equal(t, u.want, got)
		})
	}
	for _, n := range Names() {
		require.True(t, used[n], "no use of %s", n)
	}
}

// The numbers are in stored keys: this table may only grow.
func TestNumbersStay(t *testing.T) {
	words := []string{"login_failures_per_account", "login_failures_per_account_address", "sms_codes_per_phone",
		"sms_codes_per_phone_day", "otp_failures_per_phone", "anonymous_codes_per_address", "anonymous_logins_per_address",
		"anonymous_reads_per_address", "work_orders_per_account_hour", "work_orders_per_account_day", "attachment_mib_per_account",
		"messages_per_order_account", "join_tries_per_account", "join_tries_per_estate", "exports_per_account",
		"imports_per_organisation", "writes_per_account", "reveals_per_account", "desk_orders_per_account_hour",
		"ballot_draws_per_household", "ballot_draws_per_account", "ballot_draws_per_round", "ballot_failures_per_address", "ballot_failures_per_round",
		"door_searches_per_account", "ballot_envelopes_per_account"}
	require.Len(t, Names(), len(words))
	for i, word := range words {
		n, ok := ParseName(word)
		require.True(t, ok, word)
		require.Equal(t, Name(i+1), n)
		require.Equal(t, word, n.String())
	}
	require.Equal(t, "none", Name(0).String())
	require.Equal(t, "none", Name(len(specs)).String())
	_, ok := ParseName("none")
	require.False(t, ok)
}

// Each limit is configured, and what can be guessed or costs money does not fall open.
func TestShippedLimits(t *testing.T) {
	defaults := shipped(t)
	for _, n := range Names() {
		l, ok := defaults.Limit(n)
		require.True(t, ok, n)
		require.False(t, l.RecordOnly, n)
		switch specs[n].family {
		case "login", "code", "otp", "join", "export", "reveal", drawFamily, castFamily:
			require.Equal(t, Fallback, l.Failure, n)
		}
	}
	// One address must earn tries more slowly than the name does, or a stranger could lock the owner out.
	one, _ := defaults.Limit(LoginFailuresPerAccountAddress)
	all, _ := defaults.Limit(LoginFailuresPerAccount)
	require.Greater(t, one.pace().emission, all.pace().emission)
	require.Less(t, one.Burst, all.Burst)
	// The same for a member of a household, who could keep the others from drawing.
	member, _ := defaults.Limit(BallotDrawsPerAccount)
	household, _ := defaults.Limit(BallotDrawsPerHousehold)
	require.Greater(t, member.pace().emission, household.pace().emission)
	require.Less(t, member.Burst, household.Burst)
	// A debt is carried over one change of the salt, so it must be paid within the hour.
	failures, _ := defaults.Limit(BallotFailuresPerAddress)
	require.LessOrEqual(t, failures.pace().window, time.Hour.Microseconds())
}

func TestEveryRefusalHasItsMessage(t *testing.T) {
	file, err := os.ReadFile("../httpapi/messages/ratelimit.yaml")
	require.NoError(t, err)
	var messages map[string]map[string]string
	require.NoError(t, yaml.Unmarshal(file, &messages))
	codes := []string{"ratelimit.unknown_limit", "ratelimit.malformed_key", "ratelimit.not_positive", "ratelimit.too_slow", "ratelimit.too_dense",
		"ratelimit.burst_below_cost", "ratelimit.period_fraction", "ratelimit.author_required", "ratelimit.comment_length",
		"ratelimit.override_changed", "ratelimit.override_exists"}
	for _, n := range Names() {
		codes = append(codes, n.Code())
	}
	for _, code := range codes {
		require.NotEmpty(t, messages[code]["en"], code)
		require.NotEmpty(t, messages[code]["zh"], code)
	}
	require.Len(t, messages, len(codes), "a text of no code")
}

func TestBuildErrors(t *testing.T) {
	b := shippedBuilder(t)
	account := id.New()
	fail := func(want error) func(Batch, error) {
		return func(batch Batch, err error) {
			t.Helper()
			require.ErrorIs(t, err, want)
			require.Empty(t, batch.Tag())
		}
	}
	for _, context := range []string{"", "A", "a b", "a{b", "a}b", "a:b", "中", strings.Repeat("a", 41)} {
		fail(ErrContext)(b.Write(context, account))
	}
	fail(ErrSubject)(b.Write("c", id.Nil))
	fail(ErrSubject)(b.OTPAttempt("c", " "))
	fail(ErrSubject)(b.AnonymousRead("c", netip.Addr{}))
	fail(ErrSubject)(b.LoginAttempt("c", "zhang", netip.Addr{}))
	fail(ErrSubject)(b.BallotDraw("c", account, id.Nil, account))
	fail(ErrSubject)(b.BallotFailed("c", account, netip.Addr{}, Salts{}))
	fail(ErrContext)(b.BallotSuspect("", account, home, Salts{}))
	fail(ErrCost)(b.Attachment("c", account, -1))
	fail(ErrCost)(b.Attachment("c", account, MaxAttachmentMiB<<20+1))
	fail(ErrTag)(b.draft("c").add(WritesPerAccount, CheckAndSpend, 1, idPart(account)).add(ExportsPerAccount, CheckAndSpend, 1, idPart(account)).batch())
	fail(ErrDuplicate)(b.draft("c").add(WritesPerAccount, CheckAndSpend, 1, idPart(account)).add(WritesPerAccount, SpendOnly, 1, idPart(account)).batch())
	fail(ErrNoBatch)(b.draft("c").batch())
	_, err := NewBuilder(BuilderConfig{Key: testKey[:MinKeyBytes-1]})
	require.Error(t, err)
}

func TestMerge(t *testing.T) {
	b := shippedBuilder(t)
	account, other := id.New(), id.New()
	resident, err := b.WorkOrder("c", account)
	require.NoError(t, err)
	desk, err := b.DeskOrder("c", other)
	require.NoError(t, err)
	both, err := Merge(resident, desk)
	require.NoError(t, err)
	require.Len(t, both.txns, 3)
	require.Len(t, resident.txns, 2)

	elsewhere, err := b.DeskOrder("d", other)
	require.NoError(t, err)
	for want, parts := range map[error][]Batch{ErrTag: {resident, elsewhere}, ErrDuplicate: {resident, resident}, ErrNoBatch: {resident, {}}} {
		_, err = Merge(parts...)
		require.ErrorIs(t, err, want)
	}
	_, err = Merge()
	require.ErrorIs(t, err, ErrNoBatch)
}

func TestAddresses(t *testing.T) {
	k := keyer{secret: testKey}
	same := func(a, b string) bool {
		return k.address(netip.MustParseAddr(a)).text == k.address(netip.MustParseAddr(b)).text
	}
	require.True(t, same("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"))
	require.False(t, same("2001:db8:1:2::1", "2001:db8:1:3::1"))
	require.True(t, same("203.0.113.7", "::ffff:203.0.113.7"))
	require.False(t, same("203.0.113.7", "203.0.113.8"))
	require.True(t, same("fe80::1%eth0", "fe80::2%eth1"))
}

func TestHandles(t *testing.T) {
	k := keyer{secret: testKey}
	require.Equal(t, k.handle("zhang"), k.handle(" ZHANG\t"))
	require.Equal(t, k.handle("13800000001"), k.handle("１３８００００００01"))
	require.NotEqual(t, k.handle("13800000001"), k.handle("13800000002"))
	require.NotEqual(t, k.handle("203.0.113.7/32"), k.address(home), "a name cannot pose as an address")
	require.NotEqual(t, k.handle("zhang"), keyer{secret: []byte("another key of thirty-two bytes!")}.handle("zhang"))
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "handle")
		p := k.handle(s)
		require.True(t, p.err != nil || handle.valid(p.text))
	})
}

func TestOverrideKeyMatchesUse(t *testing.T) {
	b := shippedBuilder(t)
	account, order := id.New(), id.New()
	for _, c := range []struct {
		name    Name
		subject []string
		use     func() (Batch, error)
	}{
		{LoginFailuresPerAccountAddress, []string{"Zhang", "203.0.113.7"}, func() (Batch, error) { return b.LoginFailed("c", "zhang", home) }},
		{MessagesPerOrderAccount, []string{order.String(), account.String()}, func() (Batch, error) { return b.Message("c", account, order) }},
		{WritesPerAccount, []string{account.String()}, func() (Batch, error) { return b.Write("c", account) }},
		{BallotDrawsPerRound, []string{order.String()}, func() (Batch, error) { return b.BallotDraw("c", order, account, account) }},
	} {
		key, err := b.OverrideKey(c.name, c.subject...)
		require.NoError(t, err)
		batch, err := c.use()
		require.NoError(t, err)
		last := batch.txns[len(batch.txns)-1]
		require.Equal(t, bucketKey(batch.Tag(), c.name, key), last.key)
		require.True(t, c.name.validKey(key))
	}
	for _, c := range []struct {
		name    Name
		subject []string
	}{
		{0, []string{"a"}}, {WritesPerAccount, nil}, {WritesPerAccount, []string{"not an id"}}, {WritesPerAccount, []string{id.Nil.String()}},
		{AnonymousReadsPerAddress, []string{"not an address"}}, {BallotFailuresPerAddress, []string{"203.0.113.7"}}, {BallotDrawsPerAccount, []string{"no id"}}, {OTPFailuresPerPhone, []string{""}},
	} {
		_, err := b.OverrideKey(c.name, c.subject...)
		require.ErrorIs(t, err, ErrSubject)
	}
}
