export default {
  tab: '首页',
  title: '首页',
  greeting: '您好',
  noHousehold: '您还没有加入房屋',
  noHouseholdHint: '用社区发的住户码，或扫描上门单上的二维码，就能加入自己的家，报修和参加测评。',
};
