export default {
  title: '用户意见',
  hint: '用户对平台本身的投诉和建议，不显示是谁写的。小区里的事不在这里办理。',
  which: '显示哪些', waiting: '待答复', answered: '已答复', write: '答复', answer: '答复内容', once: '只能答复一次，写的人会收到。请不要打听是谁。', sent: '已答复', answeredAt: '{at} 答复',
  none: '没有待答复的意见', noneAnswered: '还没有答复过的意见', noneHint: '用户在“对平台的意见”里写的会出现在这里。', forgotten: '内容已按保存期限清除',
};
