import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A sequence of chances that is the same for the same seed. */
export class Chance {
  #generator: ReturnType<typeof xoroshiro128plus>

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed | 0)
    // The first numbers of neighbouring seeds are alike.
    for (let round = 0; round < 8; round++) this.share()
  }

  /** A number in [0, 1). */
  share(): number {
    return uniformFloat64(this.#generator)
  }

  happens(probability: number): boolean {
    return this.share() < probability
  }

  /** A number in [least, most). */
  between(least: number, most: number): number {
    return least + this.share() * (most - least)
  }

  /** A whole number from least to most, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.share() * (most - least + 1))
  }

  /** Normally distributed with mean 0 and deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.share())) * Math.cos(2 * Math.PI * this.share())
  }

  /** How often something happens that happens `mean` times on average (Knuth's method; for small means). */
  count(mean: number): number {
    const limit = Math.exp(-Math.min(mean, 50))
    let product = this.share()
    let count = 0
    while (product > limit) {
      product *= this.share()
      count += 1
    }
    return count
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.share() * items.length)]!
  }

  /** Picks by weight. */
  weighted<Item>(items: readonly (readonly [Item, number])[]): Item {
    let rest = this.share() * items.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [item, weight] of items) {
      rest -= weight
      if (rest < 0) return item
    }
    return items.at(-1)![0]
  }
}
