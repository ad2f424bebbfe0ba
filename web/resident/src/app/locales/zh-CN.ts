/** Texts of the frame: tabs, header, states. */
export default {
  home: '回到首页',
  tabs: '主要页面',
  emergency: { title: '有生命危险，先打电话', fire: '火警', ambulance: '急救', police: '报警' },
  readReason: { visit: '上门处理', callback: '回访', emergency: '紧急情况', inquiry: '核实情况', authority: '依法查询', roll: '核对名册', application: '审核申请', delivery: '送达文书', own_request: '本人要求', export: '本人导出' },
  myHome: '我的房屋',
  switchHome: '切换房屋',
};
