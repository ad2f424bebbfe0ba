export default {
  title: '公开账目',
  noHome: '请先加入您的房屋',
  noHomeHint: '加入以后，这里公开本小区的合同、承诺、每月服务情况和测评结果。',
  join: '加入房屋',
  who: {
    title: '谁在管理', handler: '管理单位', ownersRep: '业主一方', since: '{at} 起', until: '到 {at} 为止', basis: '依据',
    kind: { contract: '按合同服务', continuation: '合同期满，继续服务', custody: '社区托管', emergency: '应急服务', self_managed: '业主自管', none: '暂无人管理' },
  },
  contract: {
    title: '物业服务合同', none: '现在没有生效的合同。', number: '合同编号', term: '期限', open: '不定期', feeMethod: '收费方式', method: { lump_sum: '包干制', commission: '酬金制', trust: '信托制' },
    kind: { early_stage: '前期物业合同', ordinary: '物业服务合同' }, fees: '收费标准', perArea: '{price} 每平方米每月', perUnit: '{price} 每月', unit: { residential: '住宅', commercial: '商铺', parking: '车位', other: '其他' },
    items: '服务内容与标准', promises: '公开承诺', promisesHint: '公开作出的承诺是合同的一部分。', subcontractors: '分包', signed: '{at} 签订', filed: '{at} 备案',
  },
  sla: {
    title: '承诺的时间', every: '所有报修', group: '{name}（整类）', both: '{category}（{severity}）', severity: { emergency: '紧急情况', urgent: '急修', normal: '一般报修', complex: '较大维修', complaint: '投诉', inquiry: '咨询' },
    accept: '{span}内受理', arrive: '{span}内到场', control: '{span}内控制住', fix: '{span}内修好', working: '按工作时间算', also: '；',
  },
  month: {
    title: '{month}服务情况', none: '还没有公布过月度情况。', orders: '报来 {reported} 件，办结 {closed} 件，月底未办结 {open} 件。', response: '按时受理', arrive: '按时到场', control: '按时控制', fix: '按时修好',
    of: '{n}/{all}', noLimit: '没有约定时限的不算在内。', half: '一半的事在 {span}内办结。', withheld: '评价的住户太少，为避免被认出来，不公布评价。', opinion: '住户评价', earlier: '更早的月份',
  },
  surveys: { title: '满意度测评', none: '还没有公布过测评结果。', one: '{at} 公布' },
  score: {
    title: '测评结果',
    of: '满分 100',
    interval: '95% 的把握：真实得分在 {low} 到 {high} 之间。',
    asked: '{sampled} 户中 {answers} 户作答，作答率 {rate}。',
    roll: '名册共 {dwellings} 户。', leftOut: '{n} 户因家中成人都在被评企业任职，没有列入。', notCast: '{n} 户领了选票没有投。', channels: '网上 {web} 份，纸质 {paper} 份，有人协助 {assisted} 份。',
    label: { complete: '所有住户都已作答。', all_drawn_answered: '抽到的住户都已作答。', if_nonrespondents_alike: '前提是没有作答的住户与作答的想法相近。', no_answers: '没有收到答卷。' },
    bounds: '如果没有作答的都给最低分或最高分，得分会是 {low} 到 {high}。',
    insufficient: '答卷太少，不能得出分数。', withheld: '答卷太少，为避免被认出来，只公布份数。',
    tier: { title: '等级', excellent: '优秀', good: '良好', fair: '一般', weak: '较差', poor: '差', undetermined: '不能确定：误差范围跨了{touched}', insufficient_data: '数据不足' },
    change: { title: '与上次相比', up: '上升了', down: '下降了', no_detectable_change: '看不出变化', difference: '{n} 分（95% 的把握：{low} 到 {high}）', first_round: '这是第一次测评。', other_questionnaire: '问卷或权重不同，不能比较。', insufficient_data: '数据不足，不能比较。', not_trusted: '其中一次的得分未被采信，不能比较。', otherCompany: '两次测评的企业不同。' },
    dimensions: '各方面', weight: '占 {n}', questions: '每一题', ratings: '{n} 人评分', dontKnow: '{n} 人不了解（{share}）', mean: '平均 {n}（95%：{low}–{high}）',
    rating: { r1: '非常不满意', r2: '不满意', r3: '一般', r4: '满意', r5: '非常满意' },
    revision: '第 {n} 次修订后的结果',
  },
  audit: {
    title: '审计与异议', recomputed: '按公开的答卷重新计算，得分一致。', notRecomputed: '重新计算的得分与公布的不一致。', none: '没有审计，也没有异议。',
    audit: '第 {n} 次审计', objection: '第 {n} 号异议', state: { open: '进行中', concluded: '已有结论，待决定', decided: '已决定', signed_off: '已签署' }, outcome: { uphold: '维持原分', revise: '修正得分', reject: '审计不采信：这个得分不能作为依据' },
    by: { company: '物业企业提出', committee: '业主委员会提出', households: '住户联名提出' }, status: { filed: '审理中', upheld: '成立', dismissed: '不成立', withdrawn: '已撤回' }, until: '{at} 前答复', late: '已超过答复期限', excluded: '排除了 {n} 份答卷：{reason}',
  },
  object: {
    title: '对得分有异议', hint: '住户可以联名提出异议，凑够户数就正式受理，由另外的人书面答复。参加的是谁不公开。', gathering: '正在征集：已有 {n} 户参加', mine: '我家也参加', leave: '退出', joined: '已参加', left: '已退出',
    begin: '发起异议', content: '理由', contentHint: '至少 10 个字。只给有关各方看，请不要写姓名。', send: '发起', noHome: '本小区的业主和住户登录以后才能参加，代办人不能替他们参加。',
  },
  verify: {
    title: '自己核对', hint: '公开数据包里有每一份匿名答卷、签名和账本。任何人都可以在自己的电脑上重新计算，不需要联网。', download: '下载数据包', how: '核对方法', command: '在电脑上运行：', receipt: '有回执的住户可以核对自己的答卷', check: '核对回执',
  },
};
