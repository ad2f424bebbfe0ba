export default {
  title: '我的账户',
  userNameIs: '用户名：{name}',
  noUserName: '还没有用户名，可用手机号登录',
  tab: { 'sign-in': '登录与显示', notifications: '短信与提醒', data: '我的信息', tokens: '访问令牌', feedback: '对平台的意见' },
  saved: '已保存',
  changed: '设置已在别处改动，请刷新核对后再保存。',
  logIn: '登录方式', userName: '用户名', userNameHint: '字母开头，可用字母、数字、点和短横，3 至 40 个字符。', setPassword: '设置密码', passwordHint: '设置新密码后，其他设备上的登录和访问令牌都会失效。',
  logIns: '登录设备', logInsHint: '不认识的设备请立即退出，并设置新密码。', device: '浏览器', here: '这台设备', since: '{at} 登录', seen: '最近使用 {at}', end: '退出', endOne: '退出 {device}', endOthers: '退出其他所有设备',
  display: '显示',
  sms: { title: '哪些事发短信', hint: '消息都会在“消息”里；这里选择哪些同时发短信。', duties: '岗位工作', account: '我的账号', contracts: '物业合同', orders: '我报的事', households: '房屋成员', off: '不发', emergency: '只发紧急的', all: '都发' },
  when: { title: '什么时候', digest: '未读提醒短信', off: '不发', daily: '每天', weekly: '每周一', quiet: '免打扰时间', quietTo: '免打扰结束时间', quietHint: '紧急情况除外。开始与结束相同表示不设免打扰。' },
  token: {
    title: '访问令牌', hint: '供其他程序以您的名义调用接口。只给所需的权限，用完即停。', make: '新建令牌', empty: '没有访问令牌', emptyHint: '对接本单位的其他系统时才需要。',
    name: '用途', nameExample: '如：物业收费系统读取工单', scopes: '权限', scopesHint: '只能选您自己现有的权限；您的权限收回后，令牌也随之失去。', noScope: '请至少选一项', lifetime: '有效期', days: '{n} 天',
    until: '{on} 到期', ended: '已于 {on} 到期', used: '最近使用 {at}', unused: '从未使用', end: '停用', endOne: '停用令牌“{name}”', endWill: '使用它的程序会立即无法访问，不能恢复。',
    secret: '令牌“{name}”已建立', secretHint: '只显示这一次。请现在复制到要用它的程序里，不要发给任何人。', copy: '复制', copied: '已复制', kept: '我已保存好',
  },
  consent: {
    title: '授权与同意', hint: '随时可以撤回，立即生效，不用说明理由。', sensitive: '涉及敏感个人信息，需要您单独同意。', given: '已于 {on} 同意', give: '同意', withdraw: '撤回同意',
    helper: '请人代办', service_need: '服务需要备注', identity_party: '让被反映方知道我是谁', party_label: '显示党员身份', sms_survey: '短信邀请参加测评',
  },
  read: { title: '谁查看过我的信息', hint: '每次有人查看您的姓名、电话等明文信息都会记在这里。', empty: '没有人查看过' },
  data: {
    copy: '我的数据副本', copyHint: '平台保存的与您有关的全部信息，一个 JSON 文件。', download: '下载',
    erase: '删除我的个人信息并注销', eraseHint: '姓名、电话等个人信息会被删除，账号注销，不能恢复。办理过的事作为记录保留，但不再和您有关。担任岗位期间不能注销，请先办理离任。', eraseOpen: '我要注销', eraseNow: '永久删除并注销', word: '请输入大写字母 {word} 确认',
  },
  feedback: {
    title: '对平台的意见', hint: '说的是这个平台本身，由平台运维答复。小区里的事请登记工单。', kindLabel: '类型', text: '说说情况', waits: '等待答复',
    kind: { suggestion: '建议', complaint: '投诉', malfunction: '出错了', accessibility: '看不清、用不了' },
  },
};
