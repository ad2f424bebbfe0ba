import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'My account',
  userNameIs: 'User name: {name}',
  noUserName: 'No user name yet; log in with the phone number',
  tab: { 'sign-in': 'Log-in and display', notifications: 'SMS and alerts', data: 'My data', tokens: 'Access tokens', feedback: 'About the platform' },
  saved: 'Saved',
  changed: 'The settings were changed elsewhere. Refresh and check before saving.',
  logIn: 'Logging in', userName: 'User name', userNameHint: 'Begins with a letter; letters, digits, dots and dashes; 3 to 40 characters.', setPassword: 'Set a password', passwordHint: 'A new password ends your other log-ins and your access tokens.',
  logIns: 'Devices logged in', logInsHint: 'Log out a device you do not know at once, and set a new password.', device: 'Browser', here: 'This device', since: 'logged in {at}', seen: 'last used {at}', end: 'Log out', endOne: 'Log out {device}', endOthers: 'Log out all others',
  display: 'Display',
  sms: { title: 'What also comes by SMS', hint: 'Every message is in the inbox; choose which of them also come by SMS.', duties: 'Work in my posts', account: 'My account', contracts: 'Property contracts', orders: 'What I reported', households: 'My household', off: 'None', emergency: 'Emergencies', all: 'All' },
  when: { title: 'When', digest: 'Reminder of unread messages', off: 'Never', daily: 'Daily', weekly: 'Mondays', quiet: 'Quiet hours', quietTo: 'End of the quiet hours', quietHint: 'Not for emergencies. The same beginning and end means none.' },
  token: {
    title: 'Access tokens', hint: 'For programs that use the API in your name. Give only what is needed, and end it when it is no longer used.', make: 'New token', empty: 'No access token', emptyHint: 'You need one only to connect another system of your organisation.',
    name: 'What for', nameExample: 'For example: the fee system reads orders', scopes: 'Permissions', scopesHint: 'Only what you may do yourself; what you lose, the token loses too.', noScope: 'Choose at least one', lifetime: 'Valid for', days: '{n} days',
    until: 'until {on}', ended: 'ended {on}', used: 'last used {at}', unused: 'never used', end: 'End', endOne: 'End the token “{name}”', endWill: 'Programs that use it lose access at once. It cannot be restored.',
    secret: 'The token “{name}” is ready', secretHint: 'It is shown only now. Copy it into the program that needs it, and send it to nobody.', copy: 'Copy', copied: 'Copied', kept: 'I have kept it',
  },
  consent: {
    title: 'Consents', hint: 'You can withdraw at any time, at once and without a reason.', sensitive: 'This is sensitive personal information and needs a consent of its own.', given: 'Given on {on}', give: 'Consent', withdraw: 'Withdraw',
    helper: 'A helper acts for me', service_need: 'Note of a service need', identity_party: 'The other party may know who I am', party_label: 'Show Party membership', sms_survey: 'Invitations to surveys by SMS',
  },
  read: { title: 'Who read my data', hint: 'Every time somebody reads your name or phone in clear it is noted here.', empty: 'Nobody has' },
  data: {
    copy: 'A copy of my data', copyHint: 'Everything the platform holds about you, as one JSON file.', download: 'Download',
    erase: 'Erase my personal data and end my account', eraseHint: 'Name, phone and other personal data are erased and the account ends; this cannot be undone. What was done stays on record, no longer with you. Whoever holds a post leaves it first.', eraseOpen: 'I want to leave', eraseNow: 'Erase for good', word: 'Type {word} to confirm',
  },
  feedback: {
    title: 'About the platform', hint: 'About the platform itself; its operator answers. For matters of an estate, register an order.', kindLabel: 'Kind', text: 'What is it', waits: 'Waits for an answer',
    kind: { suggestion: 'Suggestion', complaint: 'Complaint', malfunction: 'Something does not work', accessibility: 'Cannot read or reach it' },
  },
} satisfies Translation<typeof zh>;
