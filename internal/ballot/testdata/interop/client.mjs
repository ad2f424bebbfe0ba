// A second client: it makes ballots with @cloudflare/blindrsa-ts and WebCrypto alone. It reads one JSON value a line
// and answers each with one: {"do": "draw"} blinds, {"do": "finish"} finishes what "draw" began, {"do": "verify"}
// checks a ballot that somebody else made, {"do": "hash"} names and commits.
import { createHash, webcrypto } from 'node:crypto'
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
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  console.log(JSON.stringify(await actions[request.do](request)))
}
