/** Texts of the frame: header, navigation. */
export default {
  home: '回到工作台',
  navigation: '导航',
  openNavigation: '打开导航',
  account: '我的账户',
  settings: '显示设置',
  allCapacities: '自动选择',
  skip: '跳到正文',
  details: '详情',
  rows: '已显示 {n} 条',
  end: '已到末尾，共 {n} 条',
  optional: '{field}（可不填）',
  done: '已办理',
  reveal: {
    show: '查看', hide: '看完了', reason: '查看原因', none: '没有登记', will: '查看会记录是谁、何时、为什么，本人在手机上可以看到。', recorded: '这次查看已记录，本人可以看到。',
    reasons: { visit: '上门', callback: '回访', emergency: '紧急情况', inquiry: '调查核实', roll: '核对名册', application: '审核申请', delivery: '送达文书', authority: '有权机关要求', own_request: '本人要求' },
  },
  person: '我的账户与帮助',
  guide: '入门指引',
  feedback: '对平台的意见',
  palette: {
    title: '搜索与跳转', short: '搜索工单、房屋、页面', hint: '输入工单号、房屋、页面名称，或完整的姓名、手机号', searching: '正在查找…', none: '没有找到', roll: '在名册中查找“{words}”', dark: '换成深色', light: '换成浅色', largeText: '换成大字', normalText: '换成标准字号',
    group: { pages: '页面', orders: '工单', places: '房屋', people: '住户', actions: '操作', roll: '名册' },
  },
  placeKind: { province: '省', city: '市', district: '区县', street: '街道', community: '社区', estate: '小区', service_area: '物业服务区域', building: '楼栋', public_area: '公共区域' },
  keys: { title: '键盘快捷键', page: '本页', everywhere: '所有页面', help: '显示本说明', tab: '到下一个按钮或输入框', close: '关闭', move: '选择', open: '打开' },
  group: { work: '日常工作', places: '房屋与住户', contracts: '合同与服务', surveys: '满意度测评', owners: '业主决定', oversight: '监督审计', people: '人员与组织', system: '平台' },
};
