import { useQuery } from '@tanstack/react-query'
import { getImport } from '../../../server/collect/imports/contract/imports.ts'
import type { Counts, ImportDetail, ImportLine } from '../../../server/collect/imports/contract/shapes.ts'
import { routeQuery } from '../../api/hooks.ts'
import type { ApiProblem } from '../../api/problem.ts'

/** Between two looks at a run (ms). */
const glance = 700

const busyStates: readonly string[] = ['queued', 'running', 'undoing']

/** Whether a worker has it, or is about to. */
export function isBusy({ state }: Pick<ImportLine, 'state'>): boolean {
  return busyStates.includes(state)
}

/** An import, looked at again and again while something runs. */
export function useImport(id: string) {
  return useQuery<ImportDetail, ApiProblem>({
    ...routeQuery(getImport, { params: { id } }),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? glance : false),
  })
}

/** Rows that a run went through. */
export function totalOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

export const looks = {
  uploading: { tone: 'plain', icon: 'upload' },
  ready: { tone: 'accent', icon: 'right' },
  queued: { tone: 'accent', icon: 'clock' },
  running: { tone: 'accent', icon: 'refresh' },
  done: { tone: 'green', icon: 'check' },
  failed: { tone: 'red', icon: 'alert' },
  cancelled: { tone: 'yellow', icon: 'close' },
  undoing: { tone: 'accent', icon: 'undo' },
  undone: { tone: 'plain', icon: 'undo' },
} as const
