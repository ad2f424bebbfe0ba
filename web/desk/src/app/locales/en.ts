import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  home: 'Go to the workbench',
  navigation: 'Navigation',
  openNavigation: 'Open the navigation',
  account: 'My account',
  settings: 'Display',
  allCapacities: 'Chosen for me',
  skip: 'Skip to the content',
  details: 'Details',
  rows: '{n} shown',
  end: 'That is all: {n}',
  optional: '{field} (optional)',
  cut: 'That would be {had} characters; {most} fit here. The rest was left out.', done: 'Done',
  changed: { over: 'Somebody else has just changed this. What you typed is all here; save once more and yours counts.', look: 'See it as it is now, in a new window', reread: 'Somebody else has just changed this; it was read again. What you typed is here: look, then send.' },
  leaving: { title: 'Not saved yet', will: 'What you have filled in on this page will be lost.', leave: 'Leave without saving', stay: 'Go on', withoutLogin: 'Leave this page without logging in' },
  date: { typed: { date: 'yyyy-mm-dd', month: 'yyyy-mm', datetime: 'yyyy-mm-dd hh:mm' }, shape: '“{said}” is no whole date; write it as {example}', unreal: 'There is no “{said}”; please type it anew', early: '“{said}” is too early: {min} is the first', late: '“{said}” is too late: {max} is the last' },
  reveal: {
    show: 'Show', hide: 'Done', reason: 'Reason', none: 'Not recorded', will: 'It is recorded who looks, when and why; the person can see it on the phone.', recorded: 'This reading was recorded; the person can see it.',
    reasons: { visit: 'Visit', callback: 'Call-back', emergency: 'Emergency', inquiry: 'Inquiry', roll: 'Checking the roll', application: 'Deciding an application', delivery: 'Delivering papers', authority: 'Asked by an authority', own_request: 'Asked by the person' },
  },
  person: 'My account and help',
  guide: 'First steps',
  feedback: 'About the platform',
  palette: {
    title: 'Search and go to', short: 'Orders, places, pages', hint: 'Order number, place, page, or a whole name or phone', searching: 'Searching…', none: 'Nothing found', roll: 'Find “{words}” on the roll', dark: 'Dark colours', light: 'Light colours', largeText: 'Large text', normalText: 'Normal text',
    group: { pages: 'Pages', orders: 'Orders', places: 'Places', people: 'Residents', actions: 'Actions', roll: 'Roll' },
  },
  placeKind: { province: 'Province', city: 'City', district: 'District', street: 'Street', community: 'Community', estate: 'Estate', service_area: 'Service area', building: 'Building', public_area: 'Public area' },
  keys: { title: 'Keyboard shortcuts', page: 'This page', everywhere: 'Every page', help: 'Show this help', tab: 'To the next button or field', close: 'Close', move: 'move', open: 'open' },
  group: { work: 'Daily work', places: 'Places and roll', contracts: 'Contracts', surveys: 'Surveys', owners: "Owners' decisions", renovation: 'Renovation', oversight: 'Oversight', people: 'People and organisations', system: 'Platform' },
} satisfies Translation<typeof zh>;
