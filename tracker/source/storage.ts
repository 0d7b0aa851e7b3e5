/** What is remembered in the browser. Until it is opened, and where the browser has no storage, it lasts as long as the page. */
export interface Memory {
  get(name: string): string | null
  /** `null` forgets. */
  set(name: string, value: string | null): void
  /** Names that begin so. */
  names(start: string): string[]
  /** From now on it outlasts the page. */
  open(): void
  /** Forgets everything, and is closed again. */
  clear(): void
}

/** @param prefix of all names, so that two trackers of one site do not meet */
export function createMemory(prefix: string): Memory {
  const own = new Map<string, string>()
  let lasting: Storage | undefined

  // Storage may be missing, refuse, or be full: then the page remembers by itself.
  const attempt = <Result>(work: (storage: Storage) => Result): Result | undefined => {
    try {
      return work(localStorage)
    } catch {
      return undefined
    }
  }
  const stored = (start: string) =>
    attempt(storage =>
      Object.keys(storage)
        .filter(name => name.startsWith(prefix + start))
        .map(name => name.slice(prefix.length)),
    ) ?? []

  const memory: Memory = {
    get: name => own.get(name) ?? (lasting && attempt(storage => storage.getItem(prefix + name))) ?? null,
    set(name, value) {
      if (value === null) own.delete(name)
      else own.set(name, value)
      if (!lasting) return
      attempt(storage => {
        // Too large for what is left: rather nothing than what was there before.
        storage.removeItem(prefix + name)
        if (value === null) return
        storage.setItem(prefix + name, value)
        own.delete(name)
      })
    },
    names: start => [
      ...new Set([...[...own.keys()].filter(name => name.startsWith(start)), ...(lasting ? stored(start) : [])]),
    ],
    open() {
      lasting = attempt(storage => storage)
      for (const [name, value] of [...own]) memory.set(name, value)
    },
    clear() {
      own.clear()
      lasting = undefined
      for (const name of stored('')) attempt(storage => storage.removeItem(prefix + name))
    },
  }
  return memory
}
