import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { RSABSSA } from '@cloudflare/blindrsa-ts';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { ballotName, finish, prepare, shown } from './blind';
import { base64, base64url, fromBase64url, idBytes, utf8 } from './bytes';
import { commitment, wordsHash } from './commitment';
import { drawCommitment, lookUp } from './drawn';
import { verifyEd25519 } from './ed25519';
import { textHash } from './hash';
import { parseKey, trust } from './key';
import { parseEntry } from './leaf';
import { kept, parseReceipt, verifyReceipt } from './receipt';
import { parseSheetCode, printedCode, sheetSecret } from './sheet';
import { messageOf, nameOf, opening, tokenOf } from './token';

// What the server computes, byte for byte.
const v = JSON.parse(readFileSync(new URL('../../../../internal/ballot/testdata/vectors.json', import.meta.url), 'utf8'));
const spki = base64(fromBase64url(v.key.spki));
const pending = { round: v.ballot.round, key: spki, keyId: v.key.id, secret: v.ballot.secret, prefix: v.ballot.prefix };

/** Lets the browser draw these bytes, one call after another. */
function drawing(...bytes: string[]) {
  const queue = bytes.map((b) => fromBase64url(b));
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    (array as Uint8Array).set(queue.shift() ?? []);
    return array;
  });
}
afterEach(() => vi.restoreAllMocks());

describe('the vectors of the server', () => {
  it('chains of hashes, names and messages', async () => {
    const secret = fromBase64url(v.ballot.secret, 32);
    const token = await tokenOf(secret);
    expect(base64url(token)).toBe(v.ballot.token);
    expect(await nameOf(v.ballot.round, token)).toBe(v.ballot.name);
    for (const [revision, value] of Object.entries(v.ballot.openings)) expect(base64url(await opening(secret, Number(revision)))).toBe(value);
    expect(() => opening(secret, 65)).toThrow('used_up');
    expect(base64url(messageOf(v.ballot.round, fromBase64url(v.key.id), token))).toBe(v.ballot.message);
  });

  it('blinds to the same message and makes the same ballot of the signature', async () => {
    const opened = parseEntry('round_opened', v.leaves[0].entry);
    const trusted = trust(await parseKey(spki), opened, 'estate-1');
    drawing(v.ballot.secret, v.ballot.prefix, v.ballot.salt, v.ballot.factor);
    const made = await prepare(trusted);
    vi.restoreAllMocks();
    expect(made).toMatchObject(pending);
    expect(made.blinded).toBe(base64(fromBase64url(v.ballot.blinded)));
    const ballot = await finish(made, base64(fromBase64url(v.ballot.blindSignature)));
    expect(await shown(ballot)).toEqual(v.ballot.ballot);
    expect(await ballotName(ballot)).toBe(v.ballot.name);
    const forged = fromBase64url(v.ballot.blindSignature);
    forged[7]! ^= 1;
    await expect(finish(made, base64(forged))).rejects.toThrow('forged');
  });

  it('RFC 9474 itself', async () => {
    const hex = (name: string) => Uint8Array.from(v.rfc9474[name].match(/../g), (b: string) => parseInt(b, 16));
    const url = (name: string) => base64url(hex(name));
    const key = await crypto.subtle.importKey('jwk', { kty: 'RSA', n: url('n'), e: 'AQAB' }, { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify']);
    const message = new Uint8Array([...hex('prefix'), ...hex('message')]);
    const signature = await RSABSSA.SHA384.PSS.Randomized().finalize(key, message, hex('blindSignature'), hex('inverse'));
    expect(base64url(signature)).toBe(url('signature'));
  });

  it('commitments and hashes of words', async () => {
    const a = v.answers;
    expect(await wordsHash(a.textSalt, a.text)).toBe(a.textHash);
    expect(await commitment(v.ballot.round, v.ballot.name, a.salt, a.scored, a.textHash)).toBe(a.commitment);
  });

  it('sheets of paper', async () => {
    for (const typed of v.sheet.typed) expect(parseSheetCode(typed)).toBe(v.sheet.code);
    for (const wrong of v.sheet.wrong) expect(() => parseSheetCode(wrong)).toThrow('malformed');
    expect(printedCode(v.sheet.code)).toBe(v.sheet.printed);
    const secret = await sheetSecret(v.ballot.round, v.sheet.code);
    expect(base64url(secret)).toBe(v.sheet.secret);
    expect(base64url(await opening(secret, 1))).toBe(v.sheet.opening);
    expect(await nameOf(v.ballot.round, await tokenOf(secret))).toBe(v.sheet.name);
  });

  it('receipts', async () => {
    const receipt = parseReceipt(` ${v.receipt.receipt.slice(0, 100)}\n${v.receipt.receipt.slice(100)}`);
    expect(receipt).toEqual({ text: v.receipt.receipt, round: v.ballot.round, key: v.key.id, token: v.ballot.name, commitment: v.answers.commitment, revision: 2 });
    await verifyReceipt(receipt, v.receipt.public);
    await expect(verifyReceipt(receipt, v.ballot.secret)).rejects.toThrow('receipt');
    const other = v.receipt.receipt.replace('RPR1.zd', 'RPR1.zt');
    await expect(verifyReceipt(parseReceipt(other), v.receipt.public)).rejects.toThrow('receipt');
    for (const wrong of ['', 'RPR1.', `${v.receipt.receipt}A`, v.receipt.receipt.slice(0, -1), v.receipt.receipt.replace('RPR1', 'RPR2')]) expect(() => parseReceipt(wrong)).toThrow('malformed');
  });

  it('entries of the ledger, in their one form only', async () => {
    for (const { entry, leaf } of v.leaves) expect(await textHash(entry)).toBe(leaf);
    const text = v.leaves.find((l: { entry: string }) => l.entry.includes('"response"')).entry;
    const response = parseEntry('response', text);
    const receipt = parseReceipt(v.receipt.receipt);
    expect(kept(receipt, response)).toBe(true);
    expect(kept(receipt, { ...response, revision: 1 })).toBe(false);
    expect(kept(receipt, { ...response, commitment: response.token })).toBe(false);
    expect(kept(receipt, { ...response, revision: 3, commitment: response.token })).toBe(true);
    expect(kept(receipt, { ...response, key: response.token })).toBe(false);
    for (const wrong of [text.replace('":2', '": 2'), text.replace('{"round"', '{"x":1,"round"'), `${text} `, text.replace('"v":1', '"v":2'), 'null', '']) {
      expect(() => parseEntry('response', wrong), wrong).toThrow('malformed');
    }
    expect(() => parseEntry('round_opened', text)).toThrow('malformed');
    expect(() => trust({ id: response.token } as never, parseEntry('round_opened', v.leaves[0].entry), 'estate-1')).toThrow('untrusted');
  });

  it('sealed lists of draws, and who finds what in them', async () => {
    const { day, electors, nonces, commitments } = v.draws as { day: string; electors: string[]; nonces: string[]; commitments: string[] };
    const seal = parseEntry('draw_seal', v.leaves.find((l: { entry: string }) => l.entry.includes('"draw_seal"')).entry);
    const home = (n: number, drawnOn?: string) => ({ dwellingId: electors[n] ?? '', nonce: nonces[n] ?? '', ...(drawnOn ? { drawnOn } : {}) });
    const hidden = await Promise.all(electors.map((e, n) => drawCommitment(v.ballot.round, day, e, nonces[n] ?? '', n === 0)));
    expect(hidden.sort()).toEqual([...commitments].sort());
    expect(await lookUp(seal, commitments, home(0, day))).toEqual({ day, said: 'drawn' });
    expect(await lookUp(seal, commitments, home(1))).toEqual({ day, said: 'not_drawn' });
    expect(await lookUp(seal, commitments, home(1, '2026-11-23'))).toEqual({ day, said: 'not_drawn' });
    const wrong = { day, said: 'wrong' };
    expect(await lookUp(seal, commitments, home(0))).toEqual(wrong); // drawn, and the household was not told
    expect(await lookUp(seal, commitments, home(1, day))).toEqual(wrong);
    expect(await lookUp(seal, commitments, { dwellingId: electors[0] ?? '', nonce: nonces[1] ?? '' })).toEqual(wrong);
    expect(await lookUp(seal, commitments.slice(1), home(1))).toEqual(wrong);
    expect(await lookUp(seal, [...commitments].reverse(), home(1))).toEqual(wrong);
    expect(await lookUp({ ...seal, root: seal.key }, commitments, home(1))).toEqual(wrong);
  });

  it('refuses weak keys', async () => {
    await expect(parseKey(base64(utf8('nothing')))).rejects.toThrow('malformed');
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'der' });
    await expect(parseKey(base64(small))).rejects.toThrow('untrusted');
    expect(() => idBytes('CDDCD071-4f10-7a3a-b98b-8dd6f945939c')).toThrow('malformed');
  });
});

describe('Ed25519 by hand', () => {
  it('agrees with Node on its signatures and on damaged ones', async () => {
    for (let n = 0; n < 6; n++) {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const key = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
      const message = crypto.getRandomValues(new Uint8Array(n * 31));
      const signature = new Uint8Array(sign(null, message, privateKey));
      expect(await verifyEd25519(key, message, signature)).toBe(true);
      const damaged = signature.slice();
      damaged[n * 10]! ^= 1 << (n % 8);
      expect(await verifyEd25519(key, message, damaged)).toBe(false);
      expect(await verifyEd25519(key, utf8(`${n} other`), signature)).toBe(false);
    }
  });

  it('refuses a second spelling of a signature', async () => {
    const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(fromBase64url(v.receipt.seed))]), format: 'der', type: 'pkcs8' });
    const signature = new Uint8Array(sign(null, utf8('x'), key));
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = Array.from(signature.subarray(32)).reduceRight((n, b) => (n << 8n) | BigInt(b), 0n) + order;
    const malleable = signature.slice();
    for (let i = 32; i < 64; i++, s >>= 8n) malleable[i] = Number(s & 255n);
    expect(await verifyEd25519(fromBase64url(v.receipt.public), utf8('x'), signature)).toBe(true);
    expect(await verifyEd25519(fromBase64url(v.receipt.public), utf8('x'), malleable)).toBe(false);
  });
});
