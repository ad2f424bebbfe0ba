import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  home: 'Go to the workbench',
  navigation: 'Navigation',
  openNavigation: 'Open the navigation',
  account: 'Account',
  settings: 'Display',
  allCapacities: 'Chosen for me',
  skip: 'Skip to the content',
  details: 'Details',
  rows: '{n} shown',
  end: 'That is all: {n}',
  done: 'Done',
  reveal: {
    show: 'Show', hide: 'Done', reason: 'Reason', none: 'Not recorded', will: 'It is recorded who looks, when and why; the person can see it on the phone.', recorded: 'This reading was recorded; the person can see it.',
    reasons: { visit: 'Visit', callback: 'Call-back', emergency: 'Emergency', inquiry: 'Inquiry', roll: 'Checking the roll', application: 'Deciding an application', delivery: 'Delivering papers', authority: 'Asked by an authority', own_request: 'Asked by the person' },
  },
  group: { work: 'Daily work', places: 'Places and roll', contracts: 'Contracts', surveys: 'Surveys', owners: "Owners' decisions", oversight: 'Oversight', people: 'People and organisations', system: 'Platform' },
} satisfies Translation<typeof zh>;
