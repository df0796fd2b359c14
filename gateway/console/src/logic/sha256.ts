// SHA-256 (FIPS 180-4): the browser's own is kept from pages that come without TLS.

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const K = roots(64, 1 / 3);
/** Likewise of the square roots of the first eight. */
const START = roots(8, 1 / 2);
const BLOCK = 64;

/** Hexadecimal. */
export function sha256(data: Uint8Array): string {
  const padded = pad(data);
  const view = new DataView(padded.buffer);
  let state = START;
  for (let offset = 0; offset < padded.length; offset += BLOCK) state = compress(state, view, offset);
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
}

function roots(count: number, power: number): Uint32Array {
  const found = new Uint32Array(count);
  for (let number = 2, at = 0; at < count; number += 1) {
    if (!isPrime(number)) continue;
    const root = number ** power;
    found[at] = (root - Math.floor(root)) * 2 ** 32;
    at += 1;
  }
  return found;
}

function isPrime(number: number): boolean {
  for (let by = 2; by * by <= number; by += 1) if (number % by === 0) return false;
  return true;
}

/** A one, zeros, and the length in bits. */
function pad(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((data.length + 9) / BLOCK) * BLOCK);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 2 ** 29));
  view.setUint32(padded.length - 4, data.length << 3);
  return padded;
}

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
const at = (words: Uint32Array, index: number): number => words[index] ?? 0;

function schedule(view: DataView, offset: number): Uint32Array {
  const words = new Uint32Array(BLOCK);
  for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(offset + 4 * i);
  for (let i = 16; i < BLOCK; i += 1) {
    const early = at(words, i - 15);
    const late = at(words, i - 2);
    const s0 = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const s1 = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[i] = at(words, i - 16) + s0 + at(words, i - 7) + s1;
  }
  return words;
}

function compress(state: Uint32Array, view: DataView, offset: number): Uint32Array {
  const words = schedule(view, offset);
  const held = Uint32Array.from(state);
  for (let i = 0; i < BLOCK; i += 1) {
    const [a, b, c, d, e, f, g, h] = held as unknown as [number, number, number, number, number, number, number, number];
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = h + s1 + ((e & f) ^ (~e & g)) + at(K, i) + at(words, i);
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = s0 + ((a & b) ^ (a & c) ^ (b & c));
    held.set([one + two, a, b, c, d + one, e, f, g]);
  }
  return held.map((word, index) => word + at(state, index));
}
