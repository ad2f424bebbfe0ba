import type { Translation } from '../i18n/types';

/** What both applications call things of an owners' vote. Each feature's texts take these in under its own name. */
export const zh = {
  matter: {
    m1: '制定和修改业主大会议事规则', m2: '制定和修改管理规约', m3: '选举业主委员会或者更换其成员', m4: '选聘和解聘物业服务人', m5: '使用维修资金', m6: '筹集维修资金',
    m7: '改建、重建建筑物及其附属设施', m8: '改变共有部分用途或者利用共有部分经营', m9: '有关共有和共同管理权利的其他重大事项', m279: '住宅改为经营性用房（有利害关系的业主）',
  },
  law: { half: '参与者过半数同意', threeQuarters: '参与者四分之三以上同意', all: '有利害关系的业主全部同意' },
  interested: '有利害关系的业主是本栋楼的业主（最高人民法院建筑物区分所有权司法解释第十一条）：谁来投请选“一栋楼”。这一项单独表决。',
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
  stopped: {
    kept: '这台设备存不下东西：空间满了，或者浏览器不让保存（无痕浏览）。请腾出空间或换一个浏览器再试。',
    wrongFile: '这不是这次表决、这个席位的监票文件。', dealing: '{n} 号监票人分发的份额不对，不能确认。请告诉组织者。', part: '{n} 号监票人交出的部分不对，已停止。请告诉组织者。', differs: '公布的密钥与这台设备算出的不一致，已停止。请马上告诉另两位监票人。',
    unkept: '这个浏览器存不下监票文件，什么也没有交出。请换一个浏览器。', unsealed: '公开账本还没有登记好，什么也没有交出。请过几秒再试。', ledger: '服务器给的内容与公开账本不一致，已停止，什么也没有交出。请马上告诉另两位监票人和街道。',
    changed: '公开账本换了签名钥匙，或与先前看到的接不上，已停止，什么也没有交出。请先向另两位监票人和街道问清楚。', box: '服务器给的选票张数或面积与截止时登记的不一致，已停止，什么也没有交出。请马上告诉另两位监票人和街道。',
    ballot: '名册第 {n} 行的选票不是公开账本里登记的那一张，已停止，什么也没有交出。请马上告诉另两位监票人和街道。', scan: '名册第 {n} 行的照片不是公开账本里登记的那一张，已停止，什么也没有打开。请马上告诉另两位监票人和提出的机关。',
    hidden: '公开账本第 {n} 号条目属于这次表决，服务器却没有列出来，已停止，什么也没有交出。请马上告诉另两位监票人和街道。',
    unasked: '公开账本里没有人请求打开名册第 {n} 行的选票，已停止，什么也没有打开。请马上告诉另两位监票人和街道。',
  },
  few: '公布票数会让人看出或算出有的业主怎么投，所以只公布各条件达没达到；准确票数只有监票人知道。', rest: '其余合计',
  passed: '通过', failed: '没有通过',
  waits: {
    key_missing: '还没有开票密钥：三位监票人要先一起生成。', objections_open: '名册还有没答复的异议。', roll_late: '名册公示的时间还不够长。', window_short: '剩下的投票时间太短：请取消后重新发起。',
  },
  figure: {
    support_percent: '联名提议需要的业主（%）', notice_days: '例会提前公告（日）', notice_extra_days: '临时会议提前公告（日）', roll_days: '名册公示（日）', window_min_days: '投票时间最短（日）', window_max_days: '投票时间最长（日）',
    extension_max_days: '延期最长（日）', proxy_cap: '一人最多代理（户）', undeliverable_days: '无法送达时张贴（日）', publish_days: '截止后公布期限（日）', posting_days: '结果公示（工作日）', fewest_shown: '票数公布最少人数', reserved_online: '电子投票须用市里系统',
  },
  standing: { statute: '国家法规', local_regulation: '地方规定', default: '平台默认' },
};

export const en = {
  matter: {
    m1: 'Rules of the owners’ assembly', m2: 'Management covenant', m3: 'Electing the owners’ committee or replacing members', m4: 'Choosing or dismissing the property service provider', m5: 'Using the maintenance fund', m6: 'Raising the maintenance fund',
    m7: 'Altering or rebuilding buildings and what belongs to them', m8: 'Changing the purpose of common parts, or running a business with them', m9: 'Other matters of common ownership', m279: 'A dwelling turned into business premises (interested owners)',
  },
  law: { half: 'more than half of those who take part', threeQuarters: 'three quarters of those who take part', all: 'every interested owner' },
  interested: 'Interested are the owners of the same building (Supreme People’s Court, interpretation on divided ownership of buildings, article 11): choose “One building” as who votes. It is voted on alone.',
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
  stopped: {
    kept: 'This device keeps nothing: its storage is full, or the browser forbids it (private browsing). Make room or take another browser and try again.',
    wrongFile: 'This file is not of this vote and seat.', dealing: 'A share that teller {n} dealt is wrong and cannot be confirmed. Tell the organiser.', part: 'The part that teller {n} handed over is wrong. Stopped; tell the organiser.', differs: 'The published key is not the one that this device computed. Stopped; tell the two other tellers at once.',
    unkept: 'This browser cannot keep the teller’s file; nothing was handed over. Use another browser.', unsealed: 'The public ledger does not hold it yet; nothing was handed over. Try again in some seconds.', ledger: 'What the server gave is not what the public ledger has. Stopped, nothing was handed over; tell the two other tellers and the street office at once.',
    changed: 'The public ledger has another key, or does not go on from what this device saw. Stopped, nothing was handed over; first ask the two other tellers and the street office.', box: 'The server gave other ballots, or other areas, than the ones with which the vote was closed. Stopped, nothing was handed over; tell the two other tellers and the street office at once.',
    ballot: 'The ballot of line {n} is not the one that the public ledger has. Stopped, nothing was handed over; tell the two other tellers and the street office at once.', scan: 'The picture of line {n} is not the one that the public ledger names. Stopped, nothing was opened; tell the two other tellers and whoever asked at once.',
    hidden: 'Entry {n} of the public ledger is of this vote, and the server does not list it. Stopped, nothing was handed over; tell the two other tellers and the street office at once.',
    unasked: 'The public ledger knows of nobody who asked to open the ballot of line {n}. Stopped, nothing was opened; tell the two other tellers and the street office at once.',
  },
  few: 'Totals would show how some owners voted. Only whether each condition is met is published; the tellers alone know the totals.', rest: 'All others',
  passed: 'Passed', failed: 'Did not pass',
  waits: {
    key_missing: 'There is no key yet: the three tellers make it together first.', objections_open: 'An objection to the roll is not answered yet.', roll_late: 'The roll has not been posted for long enough.', window_short: 'Too little time for voting is left: cancel it and begin anew.',
  },
  figure: {
    support_percent: 'Owners behind a proposal (%)', notice_days: 'Notice, regular meeting (days)', notice_extra_days: 'Notice, extraordinary meeting (days)', roll_days: 'Roll posted (days)', window_min_days: 'Voting at least (days)', window_max_days: 'Voting at most (days)',
    extension_max_days: 'Prolonged at most (days)', proxy_cap: 'Owners a delegate may stand for', undeliverable_days: 'Posting for whom nobody finds (days)', publish_days: 'Published within (days)', posting_days: 'Result posted (working days)', fewest_shown: 'Owners that a published total must have', reserved_online: 'Electronic votes belong to the municipal system',
  },
  standing: { statute: 'National law', local_regulation: 'Local rule', default: 'Platform default' },
} satisfies Translation<typeof zh>;

export type MatterKey = keyof typeof zh.matter;

/** The key of a matter's name. */
export const matterKey = (matter: number): MatterKey => `m${matter}` as MatterKey;

/** Which majority the law asks for a matter (Civil Code 278 and 279). */
export const majority = (matter: number): keyof typeof zh.law => (matter === 279 ? 'all' : matter >= 6 && matter <= 8 ? 'threeQuarters' : 'half');
