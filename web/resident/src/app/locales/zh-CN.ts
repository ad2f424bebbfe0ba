/** Texts of the frame: tabs, header, states. */
export default {
  home: '回到首页',
  tabs: '主要页面',
  emergency: { title: '有生命危险，先打电话', fire: '火警', ambulance: '急救', police: '报警' },
  myHome: '我的房屋',
  helps: '替{name}代办',
  switchHome: '切换房屋',
  ownLogIn: { hint: '您是从其他应用进入的，可以查看、报修和留言。确认、评价、测评、异议，加入或退出房屋，以及个人数据和同意事项，要先用手机验证码登录。', do: '用验证码登录' },
};
