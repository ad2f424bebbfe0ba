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
  group: { work: 'Daily work', places: 'Places and roll', contracts: 'Contracts', surveys: 'Surveys', owners: "Owners' decisions", oversight: 'Oversight', people: 'People and organisations', system: 'Platform' },
} satisfies Translation<typeof zh>;
