/** Texts of the frame: tabs, header, states. */
export default {
  home: '回到首页',
  tabs: '主要页面',
};
