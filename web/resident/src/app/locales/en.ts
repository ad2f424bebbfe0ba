import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  home: 'Go to the start page',
  tabs: 'Main pages',
  emergency: { title: 'In danger to life, ring first', fire: 'Fire', ambulance: 'Ambulance', police: 'Police' },
  myHome: 'My home',
  switchHome: 'Change home',
} satisfies Translation<typeof zh>;
