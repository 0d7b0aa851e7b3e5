export const sourceTabs = ['overview', 'events', 'debugger', 'settings'] as const
export type SourceTab = (typeof sourceTabs)[number]

export const messageTypes = ['track', 'identify', 'group', 'page', 'screen', 'alias'] as const
export type MessageType = (typeof messageTypes)[number]

export const findingKinds = ['rejected', 'conflict', 'notice'] as const
export type FindingKind = (typeof findingKinds)[number]

/** Which part of a source is shown, and what narrows its lists, as it stands in the address. */
export interface SourceSearch {
  tab?: SourceTab
  type?: MessageType
  name?: string
  person?: string
  kind?: FindingKind
}

const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : undefined

/** What stands in an address; whatever is none of it is left out. */
export function sourceSearchOf(search: Record<string, unknown>): SourceSearch {
  const found: SourceSearch = {
    tab: sourceTabs.find(tab => tab === search.tab),
    type: messageTypes.find(type => type === search.type),
    name: textOf(search.name),
    person: textOf(search.person),
    kind: findingKinds.find(kind => kind === search.kind),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value))
}
