import { concat, utf8, type Bytes } from '../ballot/bytes';
import { encLength } from './seal';

// Opening by HPKE (RFC 9180) where the shared point of one encapsulated key is known and the private key is nowhere: the library
// for whole keys cannot be given a point. DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode, the first message.

const kem = concat(utf8('KEM'), Uint8Array.of(0, 0x10));
const hpke = concat(utf8('HPKE'), Uint8Array.of(0, 0x10, 0, 1, 0, 2));
const none = new Uint8Array(0) as Bytes;

async function hmac(key: Bytes, message: Bytes): Promise<Bytes> {
  const padded = key.length === 0 ? (new Uint8Array(32) as Bytes) : key; // WebCrypto takes no empty key; padded with zeros it is the same
  const imported = await crypto.subtle.importKey('raw', padded, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message));
}

const extract = (suite: Bytes, salt: Bytes, label: string, ikm: Bytes) => hmac(salt, concat(utf8('HPKE-v1'), suite, utf8(label), ikm));
const expand = async (suite: Bytes, prk: Bytes, label: string, about: Bytes, length: number): Promise<Bytes> =>
  (await hmac(prk, concat(Uint8Array.of(0, length), utf8('HPKE-v1'), suite, utf8(label), about, Uint8Array.of(1)))).slice(0, length);

/** Opens what was sealed to a key, by the shared point's first coordinate; undefined where it does not open. */
export async function openBySecret(shared: Bytes, key: Bytes, about: Bytes, sealed: Bytes): Promise<Bytes | undefined> {
  const enc = sealed.slice(0, encLength);
  const secret = await expand(kem, await extract(kem, none, 'eae_prk', shared), 'shared_secret', concat(enc, key), 32);
  const context = concat(Uint8Array.of(0), await extract(hpke, none, 'psk_id_hash', none), await extract(hpke, none, 'info_hash', about));
  const prk = await extract(hpke, secret, 'secret', none);
  const aes = await crypto.subtle.importKey('raw', await expand(hpke, prk, 'key', context, 32), 'AES-GCM', false, ['decrypt']);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: await expand(hpke, prk, 'base_nonce', context, 12) }, aes, sealed.slice(encLength)));
  } catch {
    return undefined; // whoever cast it spoiled it, and it must not hold up the count
  }
}
