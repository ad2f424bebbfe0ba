// A second client: it makes ballots with @cloudflare/blindrsa-ts and WebCrypto alone. It reads one JSON value a line
// and answers each with one: {"do": "draw"} blinds, {"do": "finish"} finishes what "draw" began, {"do": "verify"}
// checks a ballot that somebody else made, {"do": "hash"} names and commits, {"do": "vectors"} computes what
// vectors.json says from its inputs.
import { createHash, createHmac, createPublicKey, verify, webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { RSABSSA } from '@cloudflare/blindrsa-ts'

const { subtle } = webcrypto
const suite = RSABSSA.SHA384.PSS.Randomized()
const text = (s) => new TextEncoder().encode(s)
const b64 = (b) => Buffer.from(b).toString('base64url')
const unb64 = (s) => new Uint8Array(Buffer.from(s, 'base64url'))
const uuid = (s) => new Uint8Array(Buffer.from(s.replaceAll('-', ''), 'hex'))

function encode(label, ...parts) {
  const head = Buffer.alloc(2)
  head.writeUInt16BE(label.length)
  const out = [head, text(label)]
  for (const p of parts) {
    const n = Buffer.alloc(4)
    n.writeUInt32BE(p.length)
    out.push(n, p)
  }
  return new Uint8Array(Buffer.concat(out))
}

const sha256 = (b) => new Uint8Array(createHash('sha256').update(b).digest())
const digest = (label, ...parts) => sha256(encode(label, ...parts))

function climb(h, steps) {
  for (let i = 0; i < steps; i++) h = digest('redproperty revision v1', h)
  return h
}

const importKey = (spki) => subtle.importKey('spki', spki, { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify'])
const message = (round, key, token) => encode('redproperty ballot v1', uuid(round), key, token)

let pending
const actions = {
  async draw({ round, spki }) {
    const key = await importKey(unb64(spki))
    const keyId = sha256(unb64(spki))
    const secret = webcrypto.getRandomValues(new Uint8Array(32))
    const token = climb(secret, 64)
    const prepared = suite.prepare(message(round, keyId, token))
    const { blindedMsg, inv } = await suite.blind(key, prepared)
    pending = { key, keyId, secret, token, prepared, inv }
    return { blinded: b64(blindedMsg) }
  },
  async finish({ signature, revision }) {
    const { key, keyId, secret, token, prepared, inv } = pending
    const sig = await suite.finalize(key, prepared, unb64(signature), inv)
    return {
      ballot: { key: b64(keyId), token: b64(token), prefix: b64(prepared.slice(0, 32)), signature: b64(sig) },
      opening: b64(climb(secret, 64 - revision)),
    }
  },
  async verify({ round, spki, ballot }) {
    const key = await importKey(unb64(spki))
    const prepared = new Uint8Array([...unb64(ballot.prefix), ...message(round, unb64(ballot.key), unb64(ballot.token))])
    return { ok: await suite.verify(key, unb64(ballot.signature), prepared) }
  },
  async hash({ round, token, salt, textSalt, scored, words }) {
    const name = digest('redproperty token v1', uuid(round), unb64(token))
    const textHash = digest('redproperty text v1', unb64(textSalt), text(words))
    const commitment = digest('redproperty answers v1', uuid(round), name, unb64(salt), text(scored), textHash)
    return { name: b64(name), commitment: b64(commitment) }
  },
  async vectors() {
    const v = JSON.parse(readFileSync(new URL('../vectors.json', import.meta.url)))
    const { ballot, answers, receipt, draws, sheet, leaves } = v
    const round = uuid(ballot.round)
    const token = climb(unb64(ballot.secret), 64)
    const flat = unb64(receipt.receipt.slice(5))
    const receiptKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: receipt.public }, format: 'jwk' })
    const sealed = encode('redproperty receipt v1', flat.slice(0, 116))
    const badgeMark = createHmac('sha256', unb64(sheet.badgeSecret)).update(encode('redproperty badge v1', round, text('i07'))).digest()
    const commitments = draws.electors.map((e, i) =>
      b64(digest('redproperty draw v1', round, text(draws.day), uuid(e), unb64(draws.nonces[i]), Uint8Array.of(i === 0 ? 1 : 0))))
    return {
      token: b64(token),
      openings: Object.fromEntries(Object.keys(ballot.openings).map((r) => [r, b64(climb(unb64(ballot.secret), 64 - r))])),
      message: b64(message(ballot.round, unb64(v.key.id), token)),
      keyId: b64(sha256(unb64(v.key.spki))),
      attributesHash: b64(digest('redproperty attributes v1', unb64(answers.salt), text(answers.channel), text(answers.lot))),
      receiptHolds: verify(null, sealed, receiptKey, flat.slice(116)),
      receiptSays: [flat.slice(16, 48), flat.slice(48, 80), flat.slice(80, 112)].map(b64),
      commitments: commitments.sort((a, b) => Buffer.compare(unb64(a), unb64(b))),
      sheet: {
        secret: b64(digest('redproperty sheet v1', round, text(sheet.code))),
        token: b64(climb(unb64(sheet.secret), 64)),
        name: b64(digest('redproperty token v1', round, unb64(sheet.token))),
        opening: b64(climb(unb64(sheet.secret), 63)),
        batch: b64(digest('redproperty batch v1', unb64(ballot.blinded))),
        list: b64(digest('redproperty envelopes v1', unb64(ballot.ballot.token), unb64(ballot.ballot.prefix), unb64(ballot.ballot.signature))),
        taken: b64(digest('redproperty slip v1', unb64(sheet.slip))),
        badge: `i07.${b64(badgeMark)}`,
      },
      leaves: leaves.map(({ entry }) => b64(sha256(text(entry)))),
      // The form of an entry is what JSON.stringify writes, fields in order.
      alike: leaves.every(({ entry }) => JSON.stringify(JSON.parse(entry)) === entry),
    }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  console.log(JSON.stringify(await actions[request.do](request)))
}
