export default { tab: '我的', title: '我的' };
