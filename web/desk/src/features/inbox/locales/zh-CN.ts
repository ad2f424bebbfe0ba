export default {
  title: '消息',
  hint: '与您的岗位、单位和账号有关的事，保留 180 天。',
  bell: '消息，{n} 条未读',
  bellNone: '消息，没有未读',
  which: '显示哪些', all: '全部', unreadOnly: '未读', unread: '未读：', urgent: '紧急', readAll: '全部已读', leads: '打开',
  empty: '没有消息', emptyHint: '工单有进展、测评开始、岗位有变化时会在这里告诉您。', noneUnread: '没有未读消息',
};
