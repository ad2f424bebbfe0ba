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
  group: { work: '日常工作', places: '房屋与住户', contracts: '合同与服务', surveys: '满意度测评', owners: '业主决定', oversight: '监督审计', people: '人员与组织', system: '平台' },
};
