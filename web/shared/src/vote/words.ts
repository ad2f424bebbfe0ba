import type { Translation } from '../i18n/types';

/** What both applications call things of an owners' vote. Each feature's texts take these in under its own name. */
export const zh = {
  matter: {
    m1: '制定和修改业主大会议事规则', m2: '制定和修改管理规约', m3: '选举业主委员会或者更换其成员', m4: '选聘和解聘物业服务人', m5: '使用维修资金', m6: '筹集维修资金',
    m7: '改建、重建建筑物及其附属设施', m8: '改变共有部分用途或者利用共有部分经营', m9: '有关共有和共同管理权利的其他重大事项', m279: '住宅改为经营性用房（有利害关系的业主）',
  },
  law: { half: '参与者过半数同意', threeQuarters: '参与者四分之三以上同意', all: '有利害关系的业主全部同意' },
  state: {
    proposed: '提议中', announced: '已公告', roll_posted: '名册公示中', open: '投票中', extended: '投票中（已延期）', closed: '已截止，计票中', counted: '已计票，待公布', published: '结果公示中', effective: '已生效',
    ordered: '被责令改正', revoked: '已被撤销', cancelled: '已取消',
  },
  scope: { estate: '整个小区', service_area: '整个物业区域', building: '一栋楼', entrance: '一个单元' },
  side: { owner: '业主', committee: '业主委员会', community: '社区', street_office: '街道办事处' },
  authority: { street_office: '街道办事处', housing_department: '住房主管部门' },
  against: '反对', noneOf: '都不选', abstain: '弃权',
  test: {
    quorumArea: '参与的面积够三分之二', quorumHeads: '参与的人数够三分之二', favourArea: '同意的面积够多', favourHeads: '同意的人数够多',
    yes: '达到', no: '没有达到',
  },
  passed: '通过', failed: '没有通过',
  waits: {
    key_missing: '还没有开票密钥：三位监票人要先一起生成。', objections_open: '名册还有没答复的异议。', roll_late: '名册公示的时间还不够长。', window_short: '剩下的投票时间太短：请取消后重新发起。',
  },
  figure: {
    support_percent: '联名提议需要的业主（%）', notice_days: '例会提前公告（日）', notice_extra_days: '临时会议提前公告（日）', roll_days: '名册公示（日）', window_min_days: '投票时间最短（日）', window_max_days: '投票时间最长（日）',
    extension_max_days: '延期最长（日）', proxy_cap: '一人最多代理（户）', undeliverable_days: '无法送达时张贴（日）', publish_days: '截止后公布期限（日）', posting_days: '结果公示（工作日）', reserved_online: '电子投票须用市里系统',
  },
  standing: { statute: '国家法规', local_regulation: '地方规定', default: '平台默认' },
};

export const en = {
  matter: {
    m1: 'Rules of the owners’ assembly', m2: 'Management covenant', m3: 'Electing the owners’ committee or replacing members', m4: 'Choosing or dismissing the property service provider', m5: 'Using the maintenance fund', m6: 'Raising the maintenance fund',
    m7: 'Altering or rebuilding buildings and what belongs to them', m8: 'Changing the purpose of common parts, or running a business with them', m9: 'Other matters of common ownership', m279: 'A dwelling turned into business premises (interested owners)',
  },
  law: { half: 'more than half of those who take part', threeQuarters: 'three quarters of those who take part', all: 'every interested owner' },
  state: {
    proposed: 'Proposed', announced: 'Announced', roll_posted: 'Roll posted', open: 'Open', extended: 'Open (prolonged)', closed: 'Closed, being counted', counted: 'Counted, not published yet', published: 'Result posted', effective: 'In effect',
    ordered: 'To be corrected', revoked: 'Revoked', cancelled: 'Cancelled',
  },
  scope: { estate: 'The whole estate', service_area: 'The whole service area', building: 'One building', entrance: 'One entrance' },
  side: { owner: 'Owner', committee: 'Owners’ committee', community: 'Community', street_office: 'Street office' },
  authority: { street_office: 'Street office', housing_department: 'Housing department' },
  against: 'Against', noneOf: 'None of them', abstain: 'Abstain',
  test: {
    quorumArea: 'Two thirds of the area took part', quorumHeads: 'Two thirds of the owners took part', favourArea: 'Enough area in favour', favourHeads: 'Enough owners in favour',
    yes: 'Met', no: 'Not met',
  },
  passed: 'Passed', failed: 'Did not pass',
  waits: {
    key_missing: 'There is no key yet: the three tellers make it together first.', objections_open: 'An objection to the roll is not answered yet.', roll_late: 'The roll has not been posted for long enough.', window_short: 'Too little time for voting is left: cancel it and begin anew.',
  },
  figure: {
    support_percent: 'Owners behind a proposal (%)', notice_days: 'Notice, regular meeting (days)', notice_extra_days: 'Notice, extraordinary meeting (days)', roll_days: 'Roll posted (days)', window_min_days: 'Voting at least (days)', window_max_days: 'Voting at most (days)',
    extension_max_days: 'Prolonged at most (days)', proxy_cap: 'Owners a delegate may stand for', undeliverable_days: 'Posting for whom nobody finds (days)', publish_days: 'Published within (days)', posting_days: 'Result posted (working days)', reserved_online: 'Electronic votes belong to the municipal system',
  },
  standing: { statute: 'National law', local_regulation: 'Local rule', default: 'Platform default' },
} satisfies Translation<typeof zh>;

export type MatterKey = keyof typeof zh.matter;

/** The key of a matter's name. */
export const matterKey = (matter: number): MatterKey => `m${matter}` as MatterKey;

/** Which majority the law asks for a matter (Civil Code 278 and 279). */
export const majority = (matter: number): keyof typeof zh.law => (matter === 279 ? 'all' : matter >= 6 && matter <= 8 ? 'threeQuarters' : 'half');
