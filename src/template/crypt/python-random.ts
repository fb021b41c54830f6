import { crypto } from '../on-demand.ts';

const SIZE = 624;
const SHIFT = 397;

/** CPython's `random.Random(seed)`: the Mersenne Twister with its way of seeding. */
export class PythonRandom {
  readonly #state = new Uint32Array(SIZE);
  #index = SIZE;

  constructor(seed: string | number | bigint) {
    this.#seed(wordsOf(typeof seed === 'string' ? textSeed(seed) : BigInt(seed)));
  }

  /** A whole number from 0 up to `limit`, which is not reached. */
  below(limit: number): number {
    const bits = limit.toString(2).length;
    for (;;) {
      const number = this.#bits(bits);
      if (number < limit) return number;
    }
  }

  /** A fraction from 0 up to 1. */
  fraction(): number {
    return ((this.#word() >>> 5) * 67_108_864 + (this.#word() >>> 6)) / 9_007_199_254_740_992;
  }

  #bits(count: number): number {
    if (count <= 32) return this.#word() >>> (32 - count);
    const low = this.#word();
    return (this.#word() >>> (64 - count)) * 2 ** 32 + low;
  }

  #seed(key: readonly number[]): void {
    const state = this.#state;
    state[0] = 19_650_218;
    for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1_812_433_253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
    let [i, j] = [1, 0];
    const wrap = (): void => {
      if (++i < SIZE) return;
      state[0] = state[SIZE - 1]!;
      i = 1;
    };
    const mixed = (factor: number): number => state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), factor);
    for (let n = Math.max(SIZE, key.length); n > 0; n--) {
      state[i] = mixed(1_664_525) + key[j]! + j;
      j = (j + 1) % key.length;
      wrap();
    }
    for (let n = SIZE - 1; n > 0; n--) {
      state[i] = mixed(1_566_083_941) - i;
      wrap();
    }
    state[0] = 0x80000000;
  }

  #word(): number {
    if (this.#index >= SIZE) this.#refill();
    let word = this.#state[this.#index++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const bits = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}

/** Text seeds with its bytes and their SHA-512. */
function textSeed(seed: string): bigint {
  const bytes = Buffer.from(seed);
  const digest = crypto().createHash('sha512').update(bytes).digest('hex');
  return BigInt(`0x${bytes.toString('hex')}${digest}`);
}

/** The 32-bit words of a number, the lowest first. */
function wordsOf(seed: bigint): readonly number[] {
  const words: number[] = [];
  for (let rest = seed < 0n ? -seed : seed; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length === 0 ? [0] : words;
}
