import type { Schemas } from '@redproperty/shared/api/client';

/** Who reads: whether they live or own somewhere, and whether they work on foot. */
export interface Reader {
  household: boolean;
  field: boolean;
}

/** Pages for whom the things in messages are those of their home. */
const atHome: Record<string, (subject: string) => string> = {
  workorder: (id) => `/orders/${id}`,
  membership: () => '/household',
  contract: () => '/books',
  arrangement: () => '/books',
};
/** Pages for whom they are work. */
const atWork: Record<string, (subject: string) => string> = {
  workorder: (id) => `/jobs/${id}`,
  membership: () => '/calls',
};
/** Pages that are the same for everybody. */
const anywhere: Record<string, (subject: string) => string> = {
  survey: (id) => `/survey/${id}`,
  vote: (id) => `/votes/${id}`,
  renovation: (id) => `/renovations/${id}`,
  fund: (id) => `/fund-requests/${id}`,
  feedback: () => '/me/feedback',
};

/** Where a message leads: the page of what it is about; undefined where the phone has none for the reader. */
export function placeOf(m: Pick<Schemas['MessageView'], 'topic' | 'subject'>, reader: Reader): string | undefined {
  const [about = ''] = m.topic.split('.');
  if (m.topic === 'survey.published' || m.topic === 'survey.revised') return `/books/survey/${m.subject}`;
  const page = (reader.household && atHome[about]) || (reader.field && atWork[about]) || anywhere[about];
  return page ? page(m.subject) : undefined;
}

/** A title in pieces, those in odd places being numbers of orders, which are not broken at their dashes. */
export function pieces(title: string): string[] {
  return title.split(/([A-Z]{2,8}-\d{8}-\d{4,})/);
}
