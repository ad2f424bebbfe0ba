import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';

import { base64, concat, fromBase64, utf8, type Bytes } from '../ballot/bytes';
import { info, plain, type Choice, type Context } from './choice';

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** Seals to a public key (HPKE, RFC 9180): the encapsulated key, then the ciphertext. */
export async function sealTo(key: Bytes, about: Bytes, text: Bytes): Promise<Bytes> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(key);
  const sender = await suite.createSenderContext({ recipientPublicKey, info: about });
  return concat(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(text)));
}

/** Opens what was sealed to a private key; it throws where it does not open. */
export async function openFor(key: Bytes, about: Bytes, sealed: Bytes): Promise<Bytes> {
  const recipientKey = await suite.kem.importKey('raw', key.slice().buffer, false);
  const recipient = await suite.createRecipientContext({ recipientKey, enc: sealed.slice(0, encLength), info: about });
  return new Uint8Array(await recipient.open(sealed.slice(encLength)));
}

/** Length of an encapsulated key of P-256. */
export const encLength = 65;

/** Seals the choices of a ballot to the vote's key, base64 as the API takes it. */
export const sealChoices = async (key: string, at: Context, choices: Choice[]): Promise<string> => base64(await sealTo(fromBase64(key), info(at), plain(choices)));

/** Seals the picture of a paper ballot to the same key. */
export const sealScan = async (key: string, at: Context, picture: Bytes): Promise<string> => base64(await sealTo(fromBase64(key), scanInfo(at), picture));

/** What HPKE binds the picture of a paper ballot to. */
export const scanInfo = (at: Context): Bytes => concat(utf8('redproperty vote scan 1\0'), info(at));
