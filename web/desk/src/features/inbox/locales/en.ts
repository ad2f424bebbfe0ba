import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'Inbox',
  hint: 'What concerns your posts, your organisation and your account; kept for 180 days.',
  bell: 'Inbox, {n} unread',
  bellNone: 'Inbox, nothing unread',
  which: 'Show', all: 'All', unreadOnly: 'Unread', unread: 'Unread: ', urgent: 'Urgent', readAll: 'Mark all as read', leads: 'open',
  empty: 'No messages', emptyHint: 'You are told here when an order moves, a survey begins or a post changes.', noneUnread: 'Nothing unread',
} satisfies Translation<typeof zh>;
