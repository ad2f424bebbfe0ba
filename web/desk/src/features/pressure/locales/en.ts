import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'Reports of pressure',
  hint: 'Reporters who were contacted, pressed or punished. The street alone sees this, never who is complained of or handles the order.',
  which: 'Show', state: { open: 'Open', closed: 'Settled' },
  kind: { contacted: 'Contacted in private', asked_to_withdraw: 'Asked to withdraw', asked_for_rating: 'Asked for a good rating', threatened: 'Threatened', leaked: 'Identity leaked', retaliated: 'Punished for it' },
  order: 'Order {number}', close: 'Note what was done', closeNow: 'Note and settle', outcome: 'What was done', outcomeHint: 'Say what was done and with whom. Do not name the reporter.', noted: 'Noted', closedBy: '{role}, {at}',
  none: { open: 'Nothing is open', closed: 'Nothing was settled yet' }, noneHint: 'What reporters say on the phone under “I was contacted or pressed” comes here directly.',
} satisfies Translation<typeof zh>;
