export default {
  title: '街道督办清单',
  hint: '已用时限 200% 仍未推进的工单，是联席会议的议题。时间最久的在前。',
  column: { order: '工单', severity: '紧急程度', stage: '卡在哪一步', level: '已用时限', since: '到此级别' },
  empty: '没有需要街道督办的工单',
  emptyHint: '工单超过时限的两倍仍未推进时，会自动出现在这里。',
  print: '打印议题',
};
