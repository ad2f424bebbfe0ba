export default {
  tab: '回访',
  title: '回访与核查',
  view: { callbacks: '电话回访', checks: '抽查', applications: '住户申请' },
  empty: { callbacks: '没有要回访的', checks: '没有要抽查的', applications: '没有待审的申请' },
  emptyHint: { callbacks: '住户评价低，或没有电话无法自己评价的，会出现在这里。', checks: '每月从公共区域已办结的事里随机抽取，到现场看是不是真的办好了。', applications: '住户申请加入房屋后，会出现在这里。' },
  reason: { low_rating: '评价较低', no_answer: '没有答复' },
  due: '{at} 前回访',
  late: '已逾期',
  open: '查看工单',
  callback: {
    title: '回访结果', do: '记录回访', outcome: '打通了吗', answered: '接通了', unreachable: '打不通', declined: '不愿意谈', note: '了解到的情况（可不填）', noteHint: '只有社区和街道能看到', rate: '替他记下评价', rateHint: '对方还没有评价过、愿意说的，才记。记录会写明由您代记。', save: '保存',
  },
  check: { title: '抽查结果', do: '记录抽查', month: '{month} 办结', found: '办好了吗', passed: '确实办好了', failed: '没有办好', failedHint: '工单会重新打开，派回处理单位。', note: '看到的情况（可不填）', save: '保存', photo: '可以在工单里拍照。' },
  application: {
    relation: { owner: '业主', occupant: '使用人' }, at: '{at} 申请', show: '查看姓名电话并记录', shown: '已记录这次查看', note: '申请说明：', approve: '同意', decline: '不同意', approveTitle: '同意加入？', approveHint: '对方会成为这一户的{relation}，已有成员会收到通知。', declineTitle: '不同意加入', declineHint: '对方能看到理由，可以重新申请。', reason: '理由', why: { no_proof: '没有证明', wrong_unit: '房号不对', not_on_roll: '不在名册上', unknown: '其他情况' }, decided: '已处理', changed: '这份申请刚有变化，已更新。',
  },
  saved: '已记录',
  kept: '已存在手机里，有信号后自动发送',
};
