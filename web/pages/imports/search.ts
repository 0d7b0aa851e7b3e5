import { type ImportKind, importKinds } from '../../../server/collect/imports/contract/shapes.ts'

interface NewImportSearch {
  kind?: ImportKind
  /** Id of a saved mapping to begin with. */
  mapping?: string
}

/** What the address of a new import says. */
export function newImportSearchOf(search: Record<string, unknown>): NewImportSearch {
  const kind = importKinds.find(each => each === search.kind)
  return { ...(kind && { kind }), ...(typeof search.mapping === 'string' && { mapping: search.mapping }) }
}
