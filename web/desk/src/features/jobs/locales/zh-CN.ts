export default {
  title: '后台任务',
  hint: '程序自己定时做的事。多台服务器时，每项任务同一时刻只由一台执行。',
  running: '任务', fine: '正常', failing: '正在出错', elsewhere: '尚未轮到',
  column: { name: '任务', state: '状态', last: '上次执行', rounds: '执行次数' },
  job: {
    audit_seal: '操作记录写入存证账本', checkpoint_push: '向外部送出检查点', sweep: '清理过期数据', posts_due: '到期岗位离任', outbox: '事件分发为消息', notify_texts: '发送短信', notify_webhooks: '推送到各单位', notify_sweep: '清理过期消息', privacy_expire: '清除离开者的个人信息', workorder_forget: '按保存期限清除工单内容',
    report_seal: '月度办理情况存证', contract_reminders: '合同期限提醒', survey_rounds: '测评轮次开始与截止', survey_seal: '测评每日封存', survey_examine: '测评异常检查', imports: '数据导入', import_sweep: '清理导入文件',
    vote_advance: '业主表决的开始、截止与计票', vote_seal: '业主表决封存', renovation_warnings: '改造项目期限提醒',
    workorder_answers: '提醒报事人确认', workorder_sample: '抽取复核样本', workorder_escalate: '逾期工单升级', workorder_weather: '极端天气顺延时限', workorder_orphans: '清理无主照片',
  },
  channel: { sms: '短信', sms_digest: '未读提醒短信', caller_link: '来电人查询短信', webhook: '单位推送', webhook_digest: '单位推送汇总' },
  error: {
    timeout: '超时', internal: '程序出错，见日志', panic: '程序出错，见日志', unavailable: '对方暂不可用', unreachable: '连不上对方', sms: '短信网关出错', unsealing: '密钥不在，无法解开', address_refused: '地址不允许访问', answer_unreadable: '看不懂对方的回复', channel: '没有这种渠道', kind: '没有这种消息', payload: '内容不完整', unfinished: '未能完成', answered: '对方回复 {code}', robot: '机器人回复 {code}', sms_budget: '本月短信额度已用完',
  },
  dead: {
    title: '投递失败消息', hint: '多次尝试仍失败、已停止重试的事件和消息。内容不在这里显示。', empty: '没有投递失败的消息', emptyHint: '短信网关或单位推送长时间不通时，放弃的消息会列在这里。',
    kind: { event: '事件', delivery: '消息' }, facts: '{at} 产生，试过 {n} 次：{why}', repeat: '再试一次', repeated: '已重新排队', discard: '丢弃',
    will: { event: '这件事不会再通知任何人，不能恢复。事情本身不受影响。', delivery: '这条消息不会再从这个渠道发出，不能恢复。收件人的“消息”里仍能看到。' },
  },
};
