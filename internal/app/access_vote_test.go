package app_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/vote"
)

// Owners' votes of the access matrix: of each estate a vote in every state that an operation needs.

// voteOf is the state of the vote for an operation; published where it is not named.
var voteOf = map[string]string{
	"editVote": "draft", "cancelVote": "draft", "supportVote": "draft", "getVoteSupport": "draft", "announceVote": "draft", "addVoteDocument": "draft", "listVoteDocuments": "draft", "getVoteDocument": "draft",
	"postVoteRoll": "announced", "objectToVoteRoll": "posted", "listVoteRollObjections": "posted", "answerVoteRollObjection": "posted",
	"listVoteTellers": "posted", "takeTellerSeat": "posted", "vacateTellerSeat": "posted", "dealVoteKey": "posted", "confirmVoteKey": "posted",
	"getVoteRoll": "open", "authoriseVoteDeveloper": "open", "recordVoteDelivery": "open", "listOwnVoteHeads": "open", "acknowledgeVote": "open", "castVote": "open", "enterPaperVote": "open", "grantVoteProxy": "open", "extendVote": "open",
	"endVoteProxy": "delegated", "takeVoteProxy": "delegated", "getVoteBox": "closed", "sendVotePart": "closed", "handInVoteCount": "closed", "enterOfficialVoteResult": "closed",
	"publishVote": "counted", "getExactVoteTotals": "counted", "listVoteOrders": "ordered", "appealVoteOrder": "ordered", "liftVoteOrder": "ordered", "ruleOnVoteAppeal": "appealed",
}

func (s *sampler) vote() string {
	if state, ok := voteOf[s.op.ID]; ok {
		return "voteId." + state
	}
	return "voteId.published"
}

// asking is a vote on one question.
func asking(th things) form {
	return form{"scope": "service_area", "placeId": th["serviceAreaId"], "kind": "regular", "title": "业主大会", "reason": "须由业主共同决定。", "items": []form{
		{"matter": 4, "title": "选聘物业服务人", "content": "续聘现物业服务企业。", "options": []form{{"text": "同意"}}, "most": 1}}}
}

// votesHeld holds votes in each estate in the month before: open ones, and some that were counted.
func (s *streets) votesHeld(all []*estate, watch *clock.Fake) {
	opens, closes := watch.Now().AddDate(0, 0, 16), watch.Now().AddDate(0, 0, 22)
	secrets := map[string][teller.Tellers]*teller.Secret{}
	for _, e := range all {
		s.unsold(e)
		for _, name := range []string{"closed", "counted", "published", "ordered", "appealed"} {
			s.announcedVote(e, name, opens, closes)
			secrets[e.name+name] = s.votesKey(e, name)
		}
		for _, name := range []string{"open", "delegated"} {
			s.announcedVote(e, name, opens, opens.AddDate(0, 0, 55))
			s.votesKey(e, name)
		}
	}
	watch.Set(opens.Add(time.Minute))
	s.votesAdvance(watch)
	for _, e := range all {
		for _, of := range []struct {
			by *caller
			th things
		}{{e.owner, e.things}, {e.neighbour, e.neighbours}} {
			of.th["head"] = fmt.Sprint(of.by.get("/votes/" + e.things["voteId.published"] + "/own-heads").at("items.0.head"))
			s.castsVote(of.by, e.things["voteId.published"], of.th["head"])
			of.th["proxyCode"] = of.by.made("/votes/"+e.things["voteId.delegated"]+"/heads/"+of.th["head"]+"/proxy", nil).text("code")
		}
	}
	watch.Set(closes)
	s.votesAdvance(watch)
	for _, e := range all {
		for _, name := range []string{"counted", "published", "ordered", "appealed"} {
			s.countsVote(e, name, secrets[e.name+name])
		}
		for _, name := range []string{"published", "ordered", "appealed"} {
			s.onVote(e.committee, e.things["voteId."+name], "publish", nil)
		}
		s.votesAfterwards(e)
	}
	s.votesAdvance(watch)
}

// unsold is a dwelling that the developer has not sold, with whom its paper names.
func (s *streets) unsold(e *estate) {
	s.t.Helper()
	units := form{"units": []form{{"number": "3101", "use": "residential", "areas": form{"register": 9900}, "delivery": "unsold"}}}
	e.things["unsoldUnitId"] = e.office.made("/buildings/"+e.things["buildingId"]+"/units", units).text("0.id")
	sent := s.resident(e.name+"-developer", "开发商代表")
	e.community.made("/owners", form{"name": "某某置业", "kind": "developer", "evidence": "register", "from": "2024-06-01", "unitIds": []string{e.things["unsoldUnitId"]}, "personId": sent.person})
}

// announcedVote is one whose roll is posted.
func (s *streets) announcedVote(e *estate, name string, opens, closes time.Time) {
	s.t.Helper()
	th := e.things
	th["voteId."+name] = e.committee.made("/votes", asking(th)).text("id")
	s.onVote(e.committee, th["voteId."+name], "announce", form{"opensAt": opens.Format(time.RFC3339), "closesAt": closes.Format(time.RFC3339)})
	s.onVote(e.committee, th["voteId."+name], "roll", nil)
}

// onVote takes a step on a vote as it is.
func (s *streets) onVote(by *caller, vote, step string, body any) answer {
	s.t.Helper()
	path := "/votes/" + vote
	return by.made(path+"/"+step, body, "If-Match", by.get(path).header.Get("ETag"))
}

// votesKey makes the key of a vote: the committee, the community and the street office are its tellers.
func (s *streets) votesKey(e *estate, name string) (secrets [teller.Tellers]*teller.Secret) {
	s.t.Helper()
	which := e.things["voteId."+name]
	path := "/votes/" + which
	tellers := []*caller{e.committee, e.community, e.office}
	var reach teller.Reaches
	for i, by := range tellers {
		var err error
		secrets[i], err = teller.Start(s.id(which), i+1)
		require.NoError(s.t, err)
		reach[i], err = secrets[i].Reach()
		require.NoError(s.t, err)
		by.made(path+"/tellers", form{"reach": reach[i]})
	}
	var dealt [teller.Tellers]teller.Dealing
	for i, by := range tellers {
		var err error
		dealt[i], err = secrets[i].Deal(reach)
		require.NoError(s.t, err)
		by.do("PUT", path+"/teller/dealing", dealt[i]).want(200)
	}
	for i, by := range tellers {
		key, err := secrets[i].Finish(reach, dealt)
		require.NoError(s.t, err)
		by.made(path+"/teller/confirm", form{"keyHash": fmt.Sprintf("%x", key.Hash)})
	}
	return secrets
}

// votesAdvance does the background work of votes that is due.
func (s *streets) votesAdvance(watch clock.Clock) {
	s.t.Helper()
	ctx := context.Background()
	for _, j := range s.Votes.Jobs() {
		l, err := job.Acquire(ctx, s.DB, j.Name, id.New(), clock.Now(watch), time.Millisecond)
		require.NoError(s.t, err)
		_, err = j.Do(ctx, l)
		require.NoError(s.t, err)
		require.NoError(s.t, l.Release(ctx, s.DB, clock.Now(watch)))
	}
}

func (s *streets) sealedVote(by *caller, vote, head string) string {
	s.t.Helper()
	v := by.get("/votes/" + vote)
	public, err := base64.StdEncoding.DecodeString(v.text("keyPublic"))
	require.NoError(s.t, err)
	c := teller.Context{Vote: s.id(vote), Items: 1}
	_, err = fmt.Sscan(head, &c.Head)
	require.NoError(s.t, err)
	var form []byte
	_, err = fmt.Sscanf(v.text("formHash"), "%x", &form)
	require.NoError(s.t, err)
	c.Form = [32]byte(form)
	sealed, err := teller.Seal(public, c, []teller.Choice{teller.Option(0)})
	require.NoError(s.t, err)
	return base64.StdEncoding.EncodeToString(sealed)
}

func (s *streets) castsVote(by *caller, vote, head string) {
	s.t.Helper()
	by.do("PUT", "/votes/"+vote+"/heads/"+head+"/ballot", form{"sealed": s.sealedVote(by, vote, head)}).want(200)
}

// countsVote hands in what two tellers counted.
func (s *streets) countsVote(e *estate, name string, secrets [teller.Tellers]*teller.Secret) {
	s.t.Helper()
	path := "/votes/" + e.things["voteId."+name]
	var box vote.Box
	require.NoError(s.t, json.Unmarshal(e.committee.get(path+"/box").body, &box))
	out := teller.NewOutcome(box.Questions)
	if len(box.Ballots) > 0 {
		a, err := secrets[0].Part(box.Key, box.Ballots)
		require.NoError(s.t, err)
		b, err := secrets[1].Part(box.Key, box.Ballots)
		require.NoError(s.t, err)
		out, _, err = teller.Count(box.Key, teller.Context{Vote: s.id(e.things["voteId."+name]), Form: box.Form}, box.Questions, box.Ballots, a, b)
		require.NoError(s.t, err)
	}
	for _, by := range []*caller{e.committee, e.community} {
		by.do("PUT", path+"/teller/count", form{"outcome": out, "spoiled": []int{}}).want(200)
	}
}

// votesAfterwards are an order, one with an appeal, and the opening of a ballot. The installation orders, so that a person of the street office
// can rule.
func (s *streets) votesAfterwards(e *estate) {
	s.t.Helper()
	th, ctx := e.things, context.Background()
	for _, name := range []string{"ordered", "appealed"} {
		which := s.id(th["voteId."+name])
		seen, err := s.Votes.Show(ctx, authz.System("test"), which)
		require.NoError(s.t, err)
		_, err = s.Votes.Order(ctx, authz.System("test"), which, vote.Taken{Version: seen.Version}, vote.Decided{Kind: vote.Correct, Reasons: "公示的名册有遗漏，责令补正后重新公示结果。"})
		require.NoError(s.t, err)
		th["voteOrderId."+name] = e.committee.get("/votes/" + which.String() + "/orders").text("items.0.id")
	}
	e.committee.made("/votes/"+th["voteId.appealed"]+"/orders/"+th["voteOrderId.appealed"]+"/appeal", form{"appeal": "名册并无遗漏，请求复核。"}, "If-Match", `"1"`)
	th["voteOpeningId"] = e.office.made("/votes/"+th["voteId.published"]+"/heads/"+th["head"]+"/openings", form{"basis": "court", "reason": "人民法院调查令（2026）鲁0612民初1号。"}).text("id")
}

// votesNow are votes that are still to be announced, posted and joined as a teller.
func (s *streets) votesNow(e *estate) {
	s.t.Helper()
	th := e.things
	th["voteId.draft"] = e.committee.made("/votes", asking(th)).text("id")
	th["voteDocHash"] = e.committee.upload("/votes/"+th["voteId.draft"]+"/documents", "规则.pdf", []byte(paper)).want(201).text("hash")
	e.committee.upload("/votes/"+th["voteId.open"]+"/documents", "授权书.pdf", []byte(paper)).want(201)
	th["voteId.announced"] = e.committee.made("/votes", asking(th)).text("id")
	window := form{"opensAt": today.AddDate(0, 0, 20).Format(time.RFC3339), "closesAt": today.AddDate(0, 0, 30).Format(time.RFC3339)}
	s.onVote(e.committee, th["voteId.announced"], "announce", window)
	s.announcedVote(e, "posted", today.AddDate(0, 0, 20), today.AddDate(0, 0, 30))
	th["voteObjectionId"] = e.owner.made("/votes/"+th["voteId.posted"]+"/roll-objections", form{"content": "名册上的面积有误。"}).text("id")
	for _, by := range []*caller{e.committee, e.community} {
		secret, err := teller.Start(s.id(th["voteId.posted"]), 1)
		require.NoError(s.t, err)
		reach, err := secret.Reach()
		require.NoError(s.t, err)
		th["reach"] = base64.StdEncoding.EncodeToString(reach)
		by.made("/votes/"+th["voteId.posted"]+"/tellers", form{"reach": reach})
	}
	for _, of := range []things{th, e.neighbours} {
		of["sealed"] = s.sealedVote(e.owner, th["voteId.open"], of["head"])
	}
}

// hexHash is 32 bytes in hex.
var hexHash = strings.Repeat("ab", 32)

// nothingCounted is the outcome of a vote without ballots.
var nothingCounted = teller.Outcome{Items: []teller.ItemOutcome{{Options: []tally.Weight{{}}}}}
