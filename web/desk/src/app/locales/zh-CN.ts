/** Texts of the frame: header, navigation. */
export default {
  home: '回到工作台',
  navigation: '导航',
  openNavigation: '打开导航',
  account: '账户',
  settings: '显示设置',
  allCapacities: '自动选择',
  skip: '跳到正文',
  details: '详情',
  rows: '已显示 {n} 条',
  end: '已到末尾，共 {n} 条',
  done: '已办理',
  reveal: {
    show: '查看', hide: '看完了', reason: '查看原因', none: '没有登记', will: '查看会记录是谁、何时、为什么，本人在手机上可以看到。', recorded: '这次查看已记录，本人可以看到。',
    reasons: { visit: '上门', callback: '回访', emergency: '紧急情况', inquiry: '调查核实', roll: '核对名册', application: '审核申请', delivery: '送达文书', authority: '有权机关要求', own_request: '本人要求' },
  },
  group: { work: '日常工作', places: '房屋与住户', contracts: '合同与服务', surveys: '满意度测评', owners: '业主决定', oversight: '监督审计', people: '人员与组织', system: '平台' },
};
