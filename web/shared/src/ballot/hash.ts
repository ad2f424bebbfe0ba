import { base64url, concat, utf8, type Bytes } from './bytes';

/** Labels keep hashes and signatures of one purpose from standing for another; the server has the same ones. */
export const labels = {
  message: 'redproperty ballot v1',
  token: 'redproperty token v1',
  revision: 'redproperty revision v1',
  text: 'redproperty text v1',
  answers: 'redproperty answers v1',
  receipt: 'redproperty receipt v1',
  sheet: 'redproperty sheet v1',
  draw: 'redproperty draw v1',
} as const;

export type Label = (typeof labels)[keyof typeof labels];

/** Joins a label and parts without ambiguity: each with its length before it, big-endian, in two bytes and in four. */
export function encode(label: Label, ...parts: Uint8Array[]): Bytes {
  const name = utf8(label);
  const out = [Uint8Array.of(name.length >> 8, name.length & 255), name];
  for (const part of parts) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, part.length);
    out.push(length, part as Bytes);
  }
  return concat(...out);
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

export const digest = (label: Label, ...parts: Uint8Array[]): Promise<Bytes> => sha256(encode(label, ...parts));

/** The SHA-256 of a text as people and entries write it. */
export const textHash = async (text: string): Promise<string> => base64url(await sha256(utf8(text)));
