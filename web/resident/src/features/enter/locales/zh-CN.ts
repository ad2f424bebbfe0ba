export default {
  title: '进入红色物业',
  under: '正在进入',
  underHint: '正在核对您从其他应用带来的登录凭证，请稍候。',
  failed: '没能进入',
  missing: '没有收到登录凭证',
  missingHint: '请回到原来的应用，再点一次进入；或者用手机验证码登录。',
  other: '这台手机已经有人登录',
  otherHint: '您是从其他应用过来的。要换成那边的账号，还是继续用现在的登录？',
  change: '换成那边的账号',
  stay: '继续用现在的登录',
  byCode: '用验证码登录',
};
