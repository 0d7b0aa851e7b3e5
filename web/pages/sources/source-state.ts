import type { listSources } from '../../../server/collect/ingest/contract/sources.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'

export type Source = RouteReply<typeof listSources>['items'][number]

/** A source that has been silent for longer is worth a look (ms). */
const quietAfter = 86_400_000

export type SourceState = 'disabled' | 'waiting' | 'quiet' | 'receiving'

/** How a source does, by when it was last heard. */
export function stateOf({ disabledAt, lastSeenAt }: Pick<Source, 'disabledAt' | 'lastSeenAt'>): SourceState {
  if (disabledAt) return 'disabled'
  if (!lastSeenAt) return 'waiting'
  return Date.now() - Date.parse(lastSeenAt) > quietAfter ? 'quiet' : 'receiving'
}

export const stateLook = {
  disabled: { tone: 'plain', icon: 'pause' },
  waiting: { tone: 'line', icon: 'clock' },
  quiet: { tone: 'yellow', icon: 'warning' },
  receiving: { tone: 'green', icon: 'check' },
} as const
