import { concat, type Bytes } from './bytes';

// Verifying signatures of RFC 8032 by hand: many browsers that people have cannot do it yet. Everything here is public, so that
// the time it takes may depend on the values. Points are in extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.

const p = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
type Point = readonly [bigint, bigint, bigint, bigint];

const mod = (n: bigint): bigint => ((n % p) + p) % p;

function power(base: bigint, exponent: bigint): bigint {
  let [out, square, e] = [1n, mod(base), exponent];
  for (; e > 0n; e >>= 1n) {
    if (e & 1n) out = mod(out * square);
    square = mod(square * square);
  }
  return out;
}

const d = mod(-121665n * power(121666n, p - 2n));
const rootOfMinusOne = power(2n, (p - 1n) / 4n);
const neutral: Point = [0n, 1n, 1n, 0n];

function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * d * t1 * t2);
  const zz = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, zz - c, zz + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(point: Point, n: bigint): Point {
  let [out, doubled, rest] = [neutral, point, n];
  for (; rest > 0n; rest >>= 1n) {
    if (rest & 1n) out = add(out, doubled);
    doubled = add(doubled, doubled);
  }
  return out;
}

const equal = (a: Point, b: Point): boolean => mod(a[0] * b[2] - b[0] * a[2]) === 0n && mod(a[1] * b[2] - b[1] * a[2]) === 0n;

const littleEndian = (bytes: Uint8Array): bigint => Array.from(bytes).reduceRight((n, b) => (n << 8n) | BigInt(b), 0n);

/** Reads a point in its one spelling; undefined where there is none. */
function point(bytes: Uint8Array): Point | undefined {
  const sign = littleEndian(bytes) >> 255n;
  const y = littleEndian(bytes) & (2n ** 255n - 1n);
  if (y >= p) return undefined;
  const [u, v] = [mod(y * y - 1n), mod(d * y * y + 1n)];
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (p - 5n) / 8n));
  if (mod(v * x * x) === mod(-u)) x = mod(x * rootOfMinusOne);
  if (mod(v * x * x) !== u || (x === 0n && sign === 1n)) return undefined;
  if ((x & 1n) !== sign) x = p - x;
  return [x, y, 1n, mod(x * y)];
}

const base = point(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x58 : 0x66))) as Point;

/** Whether the signature is one of the key over the message. */
export async function verifyEd25519(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false;
  const [a, r, s] = [point(key), point(signature.subarray(0, 32)), littleEndian(signature.subarray(32))];
  if (!a || !r || s >= order) return false;
  const hash = await crypto.subtle.digest('SHA-512', concat(signature.subarray(0, 32), key, message));
  const k = littleEndian(new Uint8Array(hash)) % order;
  return equal(times(base, s), add(r, times(a, k)));
}
