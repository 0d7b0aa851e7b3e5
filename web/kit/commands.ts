import { useEffect, useSyncExternalStore } from 'react'
import type { IconName } from './icon.tsx'

/** One line of the command palette. */
export interface Command {
  id: string
  group: string
  label: string
  /** Further words it is found by, such as the reading or the other language's name. */
  keywords?: string[]
  icon?: IconName
  keys?: string
  run: () => void
}

let sources: readonly (readonly Command[])[] = []
const listeners = new Set<() => void>()

function change(next: readonly (readonly Command[])[]) {
  sources = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Offers commands while the component is mounted. Memoize the list: a new one is a new offer. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    change([...sources, commands])
    return () => change(sources.filter(each => each !== commands))
  }, [commands])
}

/** All commands on offer, those of the page first. */
export function useOfferedCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => sources)
    .toReversed()
    .flat()
}
