export default {
  title: '工作台',
  hint: '今天要办的事',
  none: '您还没有岗位',
  noneHint: '请所在单位的管理人员为您登记岗位。居民请使用手机版。',
  go: '常用入口',
  tile: { waiting: '等我处理', overdue: '已超时', soon: '24 小时内到期', fresh: '昨天以来新增', callbacks: '待回访', checks: '待抽查', statements: '待说明', queue: '街道督办' },
  atLeast: '{n}+',
  waiting: { title: '等我处理', none: '没有等您处理的工单', noneHint: '有新的工单轮到您时，这里会立即出现。', all: '全部' },
  overdue: { title: '已超时', none: '没有超时的工单' },
  soon: { title: '即将到期', none: '24 小时内没有到期的工单' },
  since: { title: '昨天以来', reported: '新上报 {n} 件', closed: '办结 {n} 件', moved: '有进展 {n} 件', none: '昨天以来没有变化', partial: '按最近 {n} 件统计' },
};
