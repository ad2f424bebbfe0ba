import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'Extreme weather',
  hint: 'Once the street office declares it, the clocks of orders that may wait for the weather stop; those of danger to people do not.',
  declare: 'Declare extreme weather', will: 'Within a minute or so the times of orders that may wait are moved; reporters see why.', declared: 'Declared', ended: 'Saved',
  kind: { rain: 'Rainstorm', typhoon: 'Typhoon', wind: 'Gale', snow: 'Snowstorm', ice: 'Icy roads', cold: 'Cold wave', heat: 'Heat', fog: 'Fog', thunder: 'Lightning', other: 'Other' },
  state: { coming: 'Coming', on: 'Now', over: 'Over' },
  span: '{from} to {to}', openSpan: 'From {from}, not over yet', end: 'End', move: 'Move the end', endWill: 'An end that has passed cannot be changed.', endsAt: "Ends (China's time)",
  area: 'Where', areaHint: 'Name of a street, community or estate', noArea: 'Nothing found', choose: 'Choose a place from the list', areaUnknown: 'The place is no longer there', kindLabel: 'Weather', reason: 'As the warning says', reasonHint: 'For example: red rainstorm warning by the district, 22nd, 8:00', from: "Begins (China's time)", to: 'Ends (leave empty if unknown)',
  none: 'None was declared', noneHint: 'The street office declares it here when the weather service gives a warning.',
} satisfies Translation<typeof zh>;
