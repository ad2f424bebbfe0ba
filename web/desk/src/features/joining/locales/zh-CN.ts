export default {
  title: '入户办理',
  hint: '入户验证码只由社区发放；申请和异议由住在别处、与物业公司和业委会无关的社区工作人员办理。',
  reason: '原因',
  unitGone: '房屋已变更',
  openUnit: '查看房屋',
  tab: { applications: '入户申请', contests: '成员异议', codes: '入户验证码' },
  field: { unit: '房屋', who: '申请人', appliedAt: '时间', step: '办理', state: '状态', name: '姓名', phone: '手机号', note: '说明', newcomer: '被提异议的人', joinedAt: '加入时间' },
  state: { pending: '待审核', approved: '已同意', declined: '未同意', withdrawn: '已撤回' },
  application: {
    see: '查看材料', seeOf: '查看申请：{where}', approve: '同意', decline: '不同意', willApprove: '同意后，{name}将作为{relation}加入 {where}。已在册的业主和住户会收到通知，14 天内可以提出异议。', willDecline: '申请人会看到原因，可以补充后再申请。',
    empty: '没有这类申请', emptyHint: '居民没有入户验证码时，可以在手机上选好自己的门牌提出申请，由社区在这里审核。',
    reasons: { no_proof: '没有证明材料', wrong_unit: '门牌选错了', not_on_roll: '业主名册上没有', unknown: '无法核实' },
  },
  contest: {
    decide: '处理异议', will: '请先核实{name}是否属于这一户。处理结果会通知双方。', outcome: '处理结果', end: '异议成立，结束其成员身份', keep: '异议不成立，恢复其成员身份', empty: '没有待处理的异议', emptyHint: '住户不认识新加入的人时会提出异议；核实前，新成员不能替这一户办事。',
    reasons: { unknown: '不认识', moved_out: '已搬走', entered_wrong: '登记错了' },
  },
  member: { remove: '结束成员身份', will: '{name}将立即不能再替这一户办事，以前的记录保留。', reasons: { moved_out: '已搬走', sold: '房屋已出售', deceased: '已去世', entered_wrong: '登记错了', unknown: '无法核实' } },
  helper: { title: '为{name}登记代办人', will: '请先把下面的内容读给本人听，本人同意后再登记。本人随时可以停止。', name: '代办人姓名', phone: '代办人手机号', channel: '本人怎样同意', desk: '当面同意', paper: '签了书面同意', add: '登记' },
  code: {
    hint: '每套房屋一个码，60 天内有效，用一次即失效。打印后由社区上门送达，不要交物业公司或业委会转交。', open: '未使用', used: '已使用', expired: '已过期', voided: '已作废', make: '生成并打印', makeFor: '为 {name} 生成入户验证码',
    willMake: '为这栋楼的每套房屋生成一个入户验证码。码只显示这一次，请当场打印。', willReplace: '还有 {n} 个未使用的码，生成后全部作废，已送出的上门单就不能用了。新的码只显示这一次，请当场打印。', willOne: '为这套房屋生成一个入户验证码，之前未用的码作废。码只显示这一次，请当场打印或抄写。',
    sheet: '上门单（{n} 户）', print: '打印', once: '关闭后这些码不能再查看，只能重新生成。', closeTitle: '还没有打印', closeWarn: '关闭后这些码不能再查看，只能重新生成。确定关闭吗？', qrOf: '{name}的二维码',
    howTo: '扫码，或在手机页面输入这个入户验证码，即可加入本户。只能用一次，{on} 前有效。', keep: '本码由社区发放，请勿转交他人；物业公司、业主委员会无权索要。', empty: '还没有楼栋', emptyHint: '先登记楼栋和房屋，再为每套房屋生成入户验证码。',
  },
};
