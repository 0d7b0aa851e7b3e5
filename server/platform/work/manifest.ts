import type { VocabularyPart } from '../context/vocabulary.ts'
import type { TableScopes } from '../db/tables.ts'
import type { Implementation } from '../http/implement.ts'
import type { RawImplementation } from '../http/raw.ts'
import type { BoxedColumn } from '../secrets/boxed-column.ts'
import type { JobDefinition } from './definition.ts'

/** What a module brings: the one list from which server, worker and migrations are put together. */
export interface Module {
  name: string
  tables?: TableScopes
  /** The columns of these tables that hold boxes. */
  boxes?: readonly BoxedColumn[]
  routes?: readonly Implementation[]
  rawRoutes?: readonly RawImplementation[]
  jobs?: readonly JobDefinition[]
  /** Types of events and the jobs that react to them. */
  reactions?: Readonly<Record<string, readonly string[]>>
  /** What conditions, scorecards and reports may name of it. */
  vocabulary?: VocabularyPart
}
