import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  tab: 'Home',
  title: 'Home',
  greeting: 'Hello',
  noHousehold: 'You have not joined a home yet',
  noHouseholdHint: 'With the code from your community, or the QR code on the slip, you join your home to report and to answer surveys.',
} satisfies Translation<typeof zh>;
