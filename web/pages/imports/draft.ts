import { useCallback, useEffect, useRef, useState } from 'react'
import { getImport, inspectImport, putImportMapping } from '../../../server/collect/imports/contract/imports.ts'
import type { ImportDetail, Inspection, Mapping } from '../../../server/collect/imports/contract/shapes.ts'
import { call } from '../../api/client.ts'
import { invalidate, queries, routeQuery } from '../../api/hooks.ts'
import { ApiProblem } from '../../api/problem.ts'

/** How a file is read where that is not found out by itself. */
export type ReadingWish = Pick<Mapping, 'encoding' | 'delimiter' | 'sheet' | 'headerRow'>

/** Until a change is sent to the server (ms). */
const pause = 300

function wishOf({ encoding, delimiter, sheet, headerRow }: ReadingWish): ReadingWish {
  return {
    ...(encoding && { encoding }),
    ...(delimiter && { delimiter }),
    ...(sheet !== undefined && { sheet }),
    ...(headerRow !== undefined && { headerRow }),
  }
}

/** Columns as they are compared: without case, width and spaces around them. */
export function folded(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

function namesOf({ columns }: Inspection): string {
  return columns.map(({ name }) => folded(name)).join('\n')
}

/**
 * Where the columns go, as it is being chosen: begun with what was saved or else suggested, and saved by itself after
 * each change, so that it is found again. What the server refuses stays on screen with the reasons.
 */
export function useDraft({ id, mapping }: ImportDetail) {
  const [inspection, setInspection] = useState<Inspection | null>(null)
  const [draft, setDraft] = useState<Mapping | null>(mapping)
  const [saved, setSaved] = useState<Mapping | null>(mapping)
  const [reading, setReading] = useState(false)
  const [readFault, setReadFault] = useState<unknown>(undefined)
  const [saveFault, setSaveFault] = useState<unknown>(undefined)
  const latest = useRef(draft)
  latest.current = draft

  const read = useCallback(
    async (wish: ReadingWish) => {
      setReading(true)
      setReadFault(undefined)
      try {
        const found = await queries.fetchQuery({
          ...routeQuery(inspectImport, { params: { id }, body: wish }),
          staleTime: Number.POSITIVE_INFINITY,
        })
        setInspection(before => {
          const isSame = before === null || namesOf(before) === namesOf(found)
          const { current } = latest
          setDraft(current && isSame ? { ...current, ...wishOf(found.suggestion) } : found.suggestion)
          return found
        })
      } catch (fault) {
        setReadFault(fault)
      } finally {
        setReading(false)
      }
    },
    [id],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was saved counts when the page opens, and only then
  useEffect(() => {
    void read(mapping ? wishOf(mapping) : {})
  }, [read])

  const save = useCallback(
    async (next: Mapping) => {
      try {
        await call(putImportMapping, { params: { id }, body: next })
        if (latest.current !== next) return
        setSaved(next)
        setSaveFault(undefined)
        void invalidate(getImport.path)
      } catch (fault) {
        if (latest.current === next) setSaveFault(fault)
        throw fault
      }
    },
    [id],
  )
  useEffect(() => {
    if (!draft || !inspection || draft === saved) return
    const timer = setTimeout(() => void save(draft).catch(() => {}), pause)
    return () => clearTimeout(timer)
  }, [draft, saved, inspection, save])

  return {
    inspection,
    draft,
    /** What the server holds; the preview is of it. */
    saved,
    reading,
    readFault,
    saveFault,
    refusals: saveFault instanceof ApiProblem ? saveFault.errors : [],
    read,
    change: (part: Partial<Mapping>) => setDraft(before => before && { ...before, ...part }),
    /** Saves at once, before a run. @throws ApiProblem */
    flush: async () => {
      if (draft && draft !== saved) await save(draft)
    },
  }
}

/** What the server refuses of assignments, by their index. */
export function assignmentsAt(faults: readonly { path: string; message: string }[]): Map<number, string> {
  const found = new Map<number, string>()
  for (const { path, message } of faults) {
    const index = /^body\.assignments\.(\d+)/.exec(path)?.[1]
    if (index !== undefined && !found.has(Number(index))) found.set(Number(index), message)
  }
  return found
}
