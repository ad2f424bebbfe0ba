import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  home: 'Go to the start page',
  tabs: 'Main pages',
  emergency: { title: 'In danger to life, ring first', fire: 'Fire', ambulance: 'Ambulance', police: 'Police' },
  readReason: { visit: 'To come to the home', callback: 'To call back', emergency: 'Emergency', inquiry: 'To look into it', authority: 'Asked for by law', roll: 'To check the roll', application: 'To decide an application', delivery: 'To deliver a paper', own_request: 'You asked for it', export: 'Your own export' },
  myHome: 'My home',
  switchHome: 'Change home',
} satisfies Translation<typeof zh>;
