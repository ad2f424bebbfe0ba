package httpapi

import "github.com/danielgtaylor/huma/v2"

// tags are the groups of operations in the API's description, in its order. An operation of another group
// does not register.
var tags = []*huma.Tag{
	{Name: "Log-in", Description: "Opening and closing sessions: password, one-time code. 登录"},
	{Name: "Account", Description: "One's own account: capacities, password, sessions, API tokens. 账号"},
	{Name: "Privacy", Description: "One's own data: what is held and why, consents, who read it, export, erasure. 个人信息"},
	{Name: "Inbox", Description: "Messages to the person logged in, and how they wish to be told. 消息"},
	{Name: "Places", Description: "Divisions, estates, service areas, buildings, public areas; search. 区划与小区"},
	{Name: "Units", Description: "Dwellings and other units, and their reviewed corrections. 房屋"},
	{Name: "Roll of owners", Description: "Owners and occupants on the roll, masked, with recorded reveals. 业主名册"},
	{Name: "Households", Description: "Joining codes, applications, members, helpers, contests. 住户"},
	{Name: "Organisations", Description: "Organisations and their public cards. 组织"},
	{Name: "Posts", Description: "Who holds which post since when; declared interests. 任职"},
	{Name: "Cross-appointments", Description: "双向进入、交叉任职"},
	{Name: "Contracts", Description: "Property service contracts: drafts, signing, filing, notices, deadlines. 物业服务合同"},
	{Name: "Arrangements", Description: "Who manages a service area and by what right, at every moment. 管理安排"},
	{Name: "Hand-over", Description: "The checklist of an outgoing company, and taking over. 交接"},
	{Name: "Work orders", Description: "Reporting, reading and listing work orders; categories; the change stream. 工单"},
	{Name: "Work order steps", Description: "Every step of an order, and which are possible now. 工单办理"},
	{Name: "Work order ratings", Description: "A household's rating of a closure, call-backs, sampled checks. 评价与回访"},
	{Name: "Work order relay and identity", Description: "Messages through the platform; openings of the reporter's identity. 转达与身份"},
	{Name: "Work order escalation", Description: "Orders that climbed the ladder, and weather windows. 升级督办"},
	{Name: "Work orders without an account", Description: "Following and answering by a link; hazards reported without a name. 免登录"},
	{Name: "Conduct cases", Description: "Cases about somebody's conduct: statements, pressure on the reporter. 行为投诉"},
	{Name: "Surveys", Description: "Questionnaires, and rounds from the draft to the published score. 满意度测评"},
	{Name: "Ballots", Description: "One ballot for each dwelling, drawn by name and cast without one. 选票"},
	{Name: "Survey paper", Description: "Paper envelopes, the entry of what comes back, and interviewers who help households. 纸质问卷与协助作答"},
	{Name: "Survey audits", Description: "Objections to scores, the street's audit of them, and what a contract makes of them. 异议与审计"},
	{Name: "Survey figures", Description: "Sample sizes, the change since the last round, scores across estates and over four quarters. 测评汇总"},
	{Name: "Public surveys", Description: "What anybody may see and check of a round, and the anonymous casting. 测评公开"},
	{Name: "Owners' votes", Description: "Owners' decisions by Civil Code 278: proposed, announced, held over a posted roll, published with all tests. 业主共同决定"},
	{Name: "Owners' ballots", Description: "Ballots by name with sealed choices: web, paper, proxy. 表决票"},
	{Name: "Tellers", Description: "Three tellers of different sides make the key of a vote and count it, two of them together. 监票人"},
	{Name: "Company credit", Description: "Items on a property company's record, grades by the authority's rules, what is published of them. 企业信用"},
	{Name: "Renovations", Description: "Renovation of old communities: wishes, plan, consent, works, acceptance. 老旧小区改造"},
	{Name: "Renovation works", Description: "Contractor, supervisors, milestones, progress, findings, diary, acceptance. 改造施工与验收"},
	{Name: "Maintenance fund", Description: "Requests for maintenance money, by the owners' decision or in an emergency. 住宅专项维修资金"},
	{Name: "News", Description: "What happens at an estate, for who lives there. 小区动态"},
	{Name: "Reports", Description: "Monthly rates, published months and their revisions. 审计报表"},
	{Name: "Imports", Description: "Tables brought in from files, with their progress and reports. 导入"},
	{Name: "Webhooks", Description: "Signed webhooks and group robots of an organisation. 消息推送"},
	{Name: "Ledger", Description: "The public transparency log: checkpoints and proofs. 存证日志"},
	{Name: "Audit", Description: "The trail of changes, for auditors. 操作审计"},
	{Name: "Platform", Description: "The platform about itself: what a client is to know at its start, the demonstration's log-ins, complaints and suggestions about the platform. 平台信息与意见"},
	{Name: "System", Description: "For the platform's operator: jobs, limits, dead letters. 运维"},
}

func knownTag(name string) bool {
	for _, t := range tags {
		if t.Name == name {
			return true
		}
	}
	return false
}
