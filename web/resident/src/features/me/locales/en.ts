import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  tab: 'Me',
  title: 'Me',
  display: 'Display',
  userName: 'User name: {name}',
  saved: 'Saved',
  changed: 'It was changed elsewhere meanwhile; please look, then save.',
  row: {
    household: 'My home', inbox: 'Messages', notifications: 'SMS and reminders', logIns: 'Log-ins', password: 'Set a password', consents: 'Consents', reads: 'Who read my data', data: 'My data', feedback: 'About this platform',
  },
  inbox: { empty: 'No messages', emptyHint: 'You are told here when an order moves on, a survey opens or members change; kept for 180 days.', readAll: 'Mark all read', unread: 'Unread: ' },
  logIns: { hint: 'End what you do not know at once, and set a new password.', device: 'Browser', here: 'This device', seen: 'Last used {at}', end: 'End', endOthers: 'End all the others' },
  consents: {
    hint: 'None of them is needed to report or to answer surveys. You can withdraw at any time, with effect at once and without a reason.', sensitive: 'Sensitive personal information: your separate consent is needed.', given: 'Given on {on}', give: 'Agree', withdraw: 'Withdraw',
    helper: 'Somebody acts for me', service_need: 'A note on my needs', identity_party: 'The other side may know who I am', party_label: 'Party membership is shown', sms_survey: 'Invitations to surveys by SMS',
  },
  reads: { hint: 'Each time somebody reads your name or phone in clear, it is recorded here.', empty: 'Nobody did' },
  data: {
    copy: 'A copy of my data', copyHint: 'Everything the platform holds about you, as a JSON file.', download: 'Download',
    erase: 'Erase my data and end my account', eraseHint: 'Name, phone and other personal data are erased and the account ends; this cannot be undone. What you reported stays as a record of the estate, no longer tied to you.', eraseOpen: 'I want to leave', eraseNow: 'Erase for good', erasing: 'ERASE', word: 'Type {word} to confirm',
  },
  notifications: {
    sms: 'What also comes by SMS', hint: 'Everything is in Messages; choose what also comes by SMS.', orders: 'What I reported', households: 'Members of my home', contracts: 'Property contract', account: 'My account', duties: 'My post', off: 'Nothing', emergency: 'Urgent only', all: 'All',
    when: 'When', digest: 'Reminder of unread messages', never: 'Never', daily: 'Daily', weekly: 'On Mondays', quiet: 'Quiet hours', quietTo: 'End of the quiet hours', quietHint: 'Except emergencies.',
  },
  feedback: {
    hint: 'About this platform itself. For matters of the estate please report a problem.', kind: 'Kind', suggestion: 'Suggestion', complaint: 'Complaint', malfunction: 'Malfunction', accessibility: 'Hard to read or use', text: 'What is it', waits: 'Waits for an answer',
  },
} satisfies Translation<typeof zh>;
