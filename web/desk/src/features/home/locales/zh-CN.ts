export default { title: '工作台', hint: '今天要办的事', none: '您还没有岗位', noneHint: '请所在单位的管理人员为您登记岗位。居民请使用手机版。' };
