export default {
  title: '查看上报进度',
  gone: '链接无效或已过期',
  goneHint: '请检查链接是否完整。链接有效期为一年。',
  next: '下一环节应在 {at} 前完成',
  done: '{at} 完成',
  by: '应在 {at} 前',
};
