export default {
  title: '受压反映',
  hint: '报事人反映被联系、施压或报复的情况。只有街道能看到，被反映的一方和经办人员看不到。',
  which: '显示哪些', state: { open: '待处理', closed: '已处理' },
  kind: { contacted: '被私下联系', asked_to_withdraw: '被要求撤回', asked_for_rating: '被要求给好评', threatened: '被威胁', leaked: '身份被泄露', retaliated: '遭到报复' },
  order: '工单 {number}', close: '记录处理结果', closeNow: '记录并结案', outcome: '怎么处理的', outcomeHint: '写清做了什么、对谁做的。不要写报事人的姓名。', noted: '已记录', closedBy: '{role} {at} 处理',
  none: { open: '没有待处理的', closed: '没有处理过的' }, noneHint: '报事人在手机上点“有人找我说情或施压”后，会直接到这里。',
};
