import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'Rate limits',
  hint: 'Against floods, guessing of passwords and misuse of SMS. Defaults are in the settings file; exceptions for single accounts are made here.',
  defaults: 'By default', defaultsHint: 'What was used comes back little by little.', exceptions: 'Exceptions', make: 'Make an exception', exception: 'Exception', makeFor: 'Make an exception to “{limit}”',
  column: { limit: 'What', rate: 'How much', failure: 'While Redis is away' },
  rate: '{burst} at once, {count} back each {period}', seconds: '{n} s', failure: { open: 'admitted', fallback: 'each process decides' }, recordOnly: 'recorded only',
  state: { on: 'In force', off: 'Off', over: 'Over' }, until: 'until {at}', forGood: 'without an end', byMe: 'by you, {at}', byOther: 'by another operator, {at}', key: 'For {key}',
  remove: 'Remove', removeOne: 'Remove the exception to “{limit}”', removeWill: 'The default holds again at once.', removed: 'Removed', made: 'In force here, on other servers within half a minute',
  none: 'No exceptions', noneHint: 'For example on the day when a community registers its residents.', usual: 'By default: {rate}',
  part: { account: 'Account id', order: 'Order id', estate: 'Estate id', organisation: 'Organisation id', household: 'Household id', round: 'Survey round id', phone: 'Mobile number', login: 'User name or mobile number', address: 'IP address', id: 'Id' },
  partHint: { account: 'As the page “Accounts” finds it', order: 'From the address of the order', estate: 'From the address of the estate', organisation: 'From the address of the organisation', household: 'Id of the household', round: 'From the address of the round', phone: 'Only a keyed hash is kept', login: 'Only a keyed hash is kept', address: 'Only a keyed hash is kept; IPv6 by its /64', id: '36 characters' },
  burst: 'At once', count: 'Back in each period', lifetime: 'Valid for', days: '{n} day | {n} days', comment: 'Why', commentHint: 'For example: registration on site, 1 September', whole: 'A whole number from 1 to 1000000',
  name: {
    login_failures_per_account: 'Wrong passwords for one user name', login_failures_per_account_address: 'Wrong passwords for one user name from one address', sms_codes_per_phone: 'Codes sent to one phone', sms_codes_per_phone_day: 'Codes sent to one phone in a day', otp_failures_per_phone: 'Wrong codes for one phone',
    anonymous_codes_per_address: 'Codes asked for from one address', anonymous_logins_per_address: 'Log-ins tried from one address', anonymous_reads_per_address: 'Reads without log-in from one address', work_orders_per_account_hour: 'Reports of one person in an hour', work_orders_per_account_day: 'Reports of one person in a day',
    attachment_mib_per_account: 'Photos of one person (MiB)', messages_per_order_account: 'Messages of one person on one order', join_tries_per_account: 'Wrong joining codes of one person', join_tries_per_estate: 'Wrong joining codes of one estate', exports_per_account: 'Exports of one person', imports_per_organisation: 'Imports of one organisation',
    writes_per_account: 'Writes of one person', reveals_per_account: 'Identities opened by one person', door_searches_per_account: 'Doors looked for by one person', ballot_envelopes_per_account: 'Envelopes handed out by one person', desk_orders_per_account_hour: 'Registered by one front desk in an hour', ballot_draws_per_household: 'Ballots drawn by one household', ballot_draws_per_account: 'Ballots drawn by one person', ballot_draws_per_round: 'Ballots drawn in one round',
    ballot_failures_per_address: 'Void ballots from one address', ballot_failures_per_round: 'Void ballots in one round',
  },
} satisfies Translation<typeof zh>;
