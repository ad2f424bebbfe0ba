import { remembered } from './remembered';

/**
 * The phone number with which somebody logged in here last by a code, so that they need not type it again. On this device alone,
 * shown with its middle hidden; forgotten by whoever logs out, erases their account or says that it is not theirs.
 */
export const knownPhone = remembered('redproperty.phone', '');

/** 138****1234 */
export function maskedPhone(phone: string): string {
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}
