export default {
  tab: '我的',
  title: '我的',
  display: '显示',
  userName: '用户名：{name}',
  saved: '已保存',
  changed: '设置已在别处改动，请核对后再保存。',
  row: {
    household: '我的房屋', inbox: '消息', notifications: '短信与提醒', logIns: '登录设备', password: '设置密码', consents: '授权与同意', reads: '谁查看过我的信息', data: '我的数据', feedback: '对平台的意见',
  },
  inbox: { empty: '没有消息', emptyHint: '工单有进展、测评开始、房屋成员有变化时会在这里告诉您，保留 180 天。', readAll: '全部已读', unread: '未读：' },
  logIns: { hint: '不认识的设备请立即退出，并设置新密码。', device: '浏览器', here: '这台设备', seen: '最近使用 {at}', end: '退出', endOthers: '退出其他所有设备' },
  consents: {
    hint: '同意与否不影响报事和测评。随时可以撤回，立即生效，不用说明理由。', sensitive: '涉及敏感个人信息，需要您单独同意。', given: '已于 {on} 同意', give: '同意', withdraw: '撤回同意',
    helper: '请人代办', service_need: '服务需要备注', identity_party: '让被反映方知道我是谁', party_label: '显示党员身份', sms_survey: '短信邀请参加测评',
  },
  reads: { hint: '每次有人查看您的姓名、电话等明文信息都会记在这里。', empty: '没有人查看过' },
  data: {
    copy: '我的数据副本', copyHint: '平台保存的与您有关的全部信息，一个 JSON 文件。', download: '下载',
    erase: '删除我的个人信息并注销', eraseHint: '姓名、电话等个人信息会被删除，账号注销，不能恢复。报过的事作为小区的记录保留，但不再和您有关。', eraseOpen: '我要注销', eraseNow: '永久删除并注销', erasing: '注销', word: '请输入“{word}”两个字确认',
  },
  notifications: {
    sms: '哪些事发短信', hint: '消息都会在“消息”里；这里选择哪些同时发短信。', orders: '我报的事', households: '房屋成员', contracts: '物业合同', account: '我的账号', duties: '岗位工作', off: '不发', emergency: '只发紧急的', all: '都发',
    when: '什么时候', digest: '未读提醒短信', never: '不发', daily: '每天', weekly: '每周一', quiet: '免打扰时间', quietTo: '免打扰结束时间', quietHint: '紧急情况除外。',
  },
  feedback: {
    hint: '说的是这个平台本身。小区里的事请用“报事报修”。', kind: '类型', suggestion: '建议', complaint: '投诉', malfunction: '出错了', accessibility: '看不清、用不了', text: '说说情况', waits: '等待答复',
  },
};
