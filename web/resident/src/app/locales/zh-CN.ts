/** Texts of the frame: tabs, header, states. */
export default {
  home: '回到首页',
  tabs: '主要页面',
  emergency: { title: '有生命危险，先打电话', fire: '火警', ambulance: '急救', police: '报警' },
  myHome: '我的房屋',
  switchHome: '切换房屋',
};
