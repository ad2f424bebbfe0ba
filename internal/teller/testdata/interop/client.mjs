// A second client of sealed choices, on WebCrypto and @hpke/core: what a page does to cast a ballot.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { text } from 'node:stream/consumers'

const bytes = (base64) => new Uint8Array(Buffer.from(base64, 'base64'))
const base64 = (b) => Buffer.from(b).toString('base64')
const utf8 = (s) => new TextEncoder().encode(s)
const uint32 = (n) => { const b = new DataView(new ArrayBuffer(4)); b.setUint32(0, n); return new Uint8Array(b.buffer) }
const join = (...parts) => new Uint8Array(Buffer.concat(parts))
const sha256 = async (b) => new Uint8Array(await crypto.subtle.digest('SHA-256', b))

const ask = JSON.parse(await text(process.stdin))
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(ask.public))
const answer = { sealed: [], commitments: [], marks: [] }
for (const [i, choices] of ask.choices.entries()) {
  const info = join(utf8('redproperty sealed choice 1\0'), bytes(ask.vote), bytes(ask.form), uint32(i + 1))
  const plain = join(Uint8Array.of(1), ...choices.map(uint32))
  const sender = await suite.createSenderContext({ recipientPublicKey, info })
  const sealed = join(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(plain)))
  answer.sealed.push(base64(sealed))
  answer.commitments.push(base64(await sha256(join(utf8('redproperty vote ballot 1\0'), info, uint32(1), utf8('web\0'), sealed))))
  answer.marks.push(base64(await sha256(join(utf8('redproperty vote paper 1\0'), info, uint32(ask.code.length), utf8(ask.code), ...choices.map(uint32)))))
}
process.stdout.write(JSON.stringify(answer))
