import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  home: 'Go to the start page',
  tabs: 'Main pages',
  emergency: { title: 'In danger to life, ring first', fire: 'Fire', ambulance: 'Ambulance', police: 'Police' },
  myHome: 'My home',
  helps: 'Helper of {name}',
  switchHome: 'Change home',
  ownLogIn: { hint: 'You came in from another app: you can look, report and write. To confirm, rate, answer surveys, object, or join or leave a home, log in with a code first.', do: 'Log in with a code' },
} satisfies Translation<typeof zh>;
