import type { Schemas } from '@redproperty/shared/api/client';

/** Where a message leads: the page of what it is about; undefined where there is none. */
export function placeOf(m: Pick<Schemas['MessageView'], 'topic' | 'subject'>): string | undefined {
  const [subject = ''] = m.topic.split('.');
  switch (subject) {
    case 'workorder': return `/orders/${m.subject}`;
    case 'survey': return `/survey/${m.subject}`;
    case 'membership': return '/household';
    case 'contract': case 'arrangement': case 'report': return '/books';
    case 'feedback': return '/me/feedback';
    default: return undefined;
  }
}
