"""SHA-256 of one float as JavaScript: the function `hashed` of lesson 11, bit for bit.

A browser's own SHA-256 answers later, and only to pages from a secure address; values stored at
build would allow few inputs. So the compression function of FIPS 180-4 is written out for the one
case needed here, a message of eight bytes, which is a single block. Its constants are computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import count, islice

_CODE = """\
const floats = new DataView(new ArrayBuffer(8));
const words = new Int32Array(64);
const [first, mixing] = [Int32Array.from(starts), Int32Array.from(rounds)]; // as words with a sign
const turned = (word, by) => (word >>> by) | (word << (32 - by));

// The 16 words of the only block: eight bytes, a bit 1, zeros, and the length of 64 bits.
function schedule(z) {
  floats.setFloat64(0, z + 0); // -0 equals 0 but has other bytes: adding 0 makes them one
  const w = words.fill(0);
  w[0] = floats.getInt32(0);
  w[1] = floats.getInt32(4);
  w[2] = 1 << 31;
  w[15] = 64;
  for (let t = 16; t < 64; t += 1) {
    const s0 = turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ (w[t - 15] >>> 3);
    const s1 = turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ (w[t - 2] >>> 10);
    w[t] = (((w[t - 16] + s0) | 0) + ((w[t - 7] + s1) | 0)) | 0;
  }
  return w;
}

// The first 53 bits of the SHA-256 of the eight bytes of z, as a number in [0, 1).
export function hashed(z) {
  if (Number.isNaN(z)) return NaN;
  const w = schedule(z);
  let a = first[0], b = first[1], c = first[2], d = first[3];
  let e = first[4], f = first[5], g = first[6], h = first[7];
  for (let t = 0; t < 64; t += 1) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const mixed = (((e & f) ^ (~e & g)) + mixing[t]) | 0;
    const t1 = (((h + s1) | 0) + ((mixed + w[t]) | 0)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e;
    e = (d + t1) | 0;
    d = c; c = b; b = a;
    a = (t1 + t2) | 0;
  }
  const high = (first[0] + a) >>> 0;
  const low = (first[1] + b) >>> 0;
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}
"""


def hash_code() -> str:
    """Return JavaScript that exports `hashed`, the function of `nnexplain.experiments`.

    >>> hash_code().splitlines()[0][:38]
    'const starts = [1779033703, 3144134277'
    """
    starts = _fractions(8, math.isqrt, 2)
    rounds = _fractions(64, _cube_root, 3)
    return f"const starts = {starts};\nconst rounds = {rounds};\n{_CODE}"


def _fractions(number: int, root: Callable[[int], int], power: int) -> list[int]:
    """Return the first 32 bits behind the point of the roots of the first primes.

    >>> hex(_fractions(1, math.isqrt, 2)[0])
    '0x6a09e667'
    """
    return [root(prime << 32 * power) % 2**32 for prime in islice(_primes(), number)]


def _primes() -> Iterator[int]:
    return (n for n in count(2) if all(n % d for d in range(2, math.isqrt(n) + 1)))


def _cube_root(n: int) -> int:
    """Return the largest whole number whose cube is at most n.

    >>> _cube_root(26), _cube_root(27)
    (2, 3)
    """
    root = 1 << -(-n.bit_length() // 3)
    # Newton's steps from above never pass the root.
    while (better := (2 * root + n // root**2) // 3) < root:
        root = better
    return root
