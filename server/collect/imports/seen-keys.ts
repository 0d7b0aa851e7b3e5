import { createHash } from 'node:crypto'

/** Keys that a dry run remembers; more are counted as new, so that memory stays flat. */
const most = 2_000_000

/** The keys that a dry run has met, by 48 bits of their hash: it writes nothing that could be looked up. */
export class SeenKeys {
  readonly #hashes = new Set<number>()

  has(key: string): boolean {
    return this.#hashes.has(hashOf(key))
  }

  add(key: string): void {
    if (this.#hashes.size < most) this.#hashes.add(hashOf(key))
  }
}

function hashOf(key: string): number {
  return createHash('sha1').update(key).digest().readUIntBE(0, 6)
}
