import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A sequence of numbers that is the same for the same seed. */
export class Randomness {
  #generator: ReturnType<typeof xoroshiro128plus>

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed | 0)
    // The first numbers of neighbouring seeds are alike.
    for (let round = 0; round < 8; round++) this.#generator.next()
  }

  /** A number in [0, 1). */
  share(): number {
    return (this.#generator.next() >>> 0) / 4_294_967_296
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.share() * limit)
  }

  /** Puts the first `count` places in random order, drawn from all. */
  shuffle(values: Int32Array, count = values.length): void {
    for (let place = 0; place < count; place++) {
      const other = place + this.below(values.length - place)
      const kept = values[place]!
      values[place] = values[other]!
      values[other] = kept
    }
  }
}

/** A seed of its own for each part of a work, so that parts may be done in any order. */
export function seedFor(seed: number, part: number): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(part + 1, 0xc2b2ae35)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}
