import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Front desk',
  hint: 'For callers, visitors and the hotline. By keyboard alone: Tab to the next field, Enter takes, Ctrl+Enter sends.',
  kind: { label: 'Source', caller: 'Caller or visitor', hotline: '12345 hotline', inspection: 'Found by staff' },
  field: { phone: 'Phone', name: 'Name', place: 'Place', detail: 'Where exactly', category: 'What is it', title: 'In a line', description: 'Details', externalNumber: 'Hotline number', externalDueAt: 'Hotline deadline' },
  placeHint: 'Door, area or initials, as 3-2-501, ddm',
  placeNone: 'No such place. Write building and door, or a public area',
  categoryHint: 'A word, pinyin or initials, as leak, loushui, ls',
  categoryNone: 'Nothing like that; try other words',
  optional: 'optional',
  phoneHint: 'May stay empty; then the community calls on the person',
  titleHint: 'The category’s name where empty',
  required: { place: 'Choose a place', category: 'Choose what it is', phone: 'An 11-digit mobile number, or a fixed line with its area code' },
  urgency: { title: 'Severity', source: 'follows from the category', accept: 'Accept', arrive: 'Arrive', control: 'Control', fix: 'Fix', reference: 'Reference times from dispatch; a contract’s promise comes first', none: 'no limit' },
  channel: 'Who is responsible',
  duplicates: { title: 'Perhaps reported already', hint: 'Of the same kind, in the same area, not over. If it is the same, tell the caller that it is in hand.', same: 'same place', none: 'Nothing of this kind is open here' },
  submit: 'Take down',
  submitKey: 'Ctrl+Enter',
  done: { title: 'Taken down: {number}', tell: 'Tell the caller the number.', follow: 'Link to follow it', followHint: 'With it the caller sees the progress, confirms and rates. It is shown once; give it to nobody else.', copy: 'Copy the link', copied: 'Copied', next: 'Next caller', nextKey: 'Enter', open: 'Open the order' },
} satisfies Translation<typeof zh>;
