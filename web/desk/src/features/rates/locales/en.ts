import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Monthly rates',
  hint: 'Every rate with numerator, denominator and what was left out; a number leads to its orders',
  tab: { live: 'As of now', flags: 'Flags', published: 'Published' },
  filter: { month: 'Month', months: 'Months', asOf: 'As of', asOfHint: 'Only what was known then; now where empty', dimension: 'By', category: 'Category', source: 'Source', whole: 'The whole area' },
  dimension: { total: 'Total alone', month: 'By month', community: 'By community', company: 'By company', project: 'By project', service_area: 'By service area', estate: 'By estate', category: 'By category' },
  column: { name: 'Group', reported: 'Reported', closed: 'Closed', open: 'Open', overdue: 'Overdue', response: 'Response', arrive: 'On site in time', control: 'Controlled in time', fix: 'Fixed in time', satisfaction: 'Satisfied', solution: 'Solution', coverage: 'Coverage', reopened: 'Reopened', bounced: 'Objected', unanswered: 'Not answered', time: 'Median time' },
  total: 'Total',
  of: '{numerator} / {denominator}',
  interval: '95% interval', ends: '{low}%–{high}%',
  strict: 'fully satisfied {percent}%',
  excluded: '{n} left out',
  noBase: 'none',
  state: { withheld: 'too few homes', filtered: 'not in a filtered view', reserved: 'once published', shown: '' },
  change: { clear: '{points} points against last month', unclear: '{points} points against last month; it may be chance' },
  asOf: 'as known {at}',
  period: '{from} to {to}',
  definitions: 'What the rates mean',
  rate: { numerator: 'Numerator', denominator: 'Denominator' },
  rule: 'Rule hash {hash}',
  partly: '“Partly solved” counts {n}%; {s} and more is satisfied, {b} is basically satisfied and counts {w}%; fewer than {k} households are not shown.',
  reasons: 'Why something is left out',
  chart: 'Rates by group', chartHint: 'Bars show rates; the numbers are in the table', metric: { response: 'Response', fix: 'Fixed in time', satisfaction: 'Satisfaction' },
  export: 'Export XLSX', print: 'Print',
  drill: { title: '{name} · {what}', none: 'No orders', column: { order: 'Order', category: 'Category', severity: 'Severity', state: 'State then', countedAt: 'Counted at' }, hint: 'Orders alone; nothing about ratings or persons' },
  measure: { reported: 'Reported', closed: 'Closed', unanswered: 'Not answered', declined: 'Declined', cancelled: 'Withdrawn', reopened: 'Reopened', bounced: 'Objected', open: 'Open', overdue: 'Overdue', negative: 'Negative time', zero: 'No time', missed_accept: 'Accepted late', missed_arrive: 'Arrived late', missed_control: 'Controlled late', missed_fix: 'Fixed late' },
  missed: '{n} late',
  flags: {
    negative: 'Over before it was reported', negativeHint: 'A fault of the record: look', zero: '{n} over in the moment they were reported', reopened: 'Reopened', overdue: 'Open and overdue', bounced: 'Categories objected to most', bouncedHint: 'The list of responsibilities may be unclear there', unrated: 'Closings that nobody answered', count: '{n}', more: 'the first {n}', none: 'none', company: 'Company', closed: 'Closed', unanswered: 'Unanswered', reported: 'Reported', times: 'Objections', communityHands: 'The community itself',
  },
  published: {
    none: 'Nothing published yet', noneHint: 'The street publishes each month after its end; it never changes then.', revision: 'revision {n}', newest: 'latest', by: 'published by {role} {at}', reason: 'Why it was revised', proof: 'Sealed: rule hash {rule}, event hash {event}', entry: 'ledger entry {n}', publish: 'Publish a month', revise: 'Publish a revision', orders: 'from {orders} orders and {events} records',
    whichever: 'the chosen month', publishHint: 'Freezes every rate of {month} as known two minutes ago. It is sealed in the ledger within seconds; nobody can change it, only publish a revision.', reviseHint: 'Computed anew and published as another revision; the one before stays visible. Refused when nothing differs.', month: 'Month', monthHint: 'Only months that are over', reasonField: 'Why (published with it)', confirm: 'Publish', done: 'Published', short: 'At least 5 characters', choose: 'Choose a month',
  },
} satisfies Translation<typeof zh>;
