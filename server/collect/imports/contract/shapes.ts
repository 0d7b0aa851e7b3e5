import { z } from 'zod'
import { moment } from '../../../platform/http/contract.ts'

export const importKinds = [
  'customers',
  'contacts',
  'contracts',
  'usage',
  'tickets',
  'invoices',
  'payments',
  'survey_answers',
] as const
export type ImportKind = (typeof importKinds)[number]
export const importKind = z.enum(importKinds)

export const importStates = [
  'uploading',
  'ready',
  'queued',
  'running',
  'done',
  'failed',
  'cancelled',
  'undoing',
  'undone',
] as const

export const outcomes = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const
export type Outcome = (typeof outcomes)[number]

const words = z.object({ ja: z.string(), en: z.string() })

const attributeTypes = ['text', 'number', 'boolean', 'date', 'one_of', 'many_of'] as const

/** Characters that PostgreSQL cannot hold do not come in by a mapping either. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine(value => value.isWellFormed() && !value.includes('\u0000'))

const assignment = z.object({
  column: text(300).meta({ description: 'Name of the column; several assignments may read the same one.' }),
  target: text(80).meta({ description: 'Name of a field, or `attribute:` and the key of an attribute.' }),
  /** How the text is read where that is not the field’s own way. */
  reading: z
    .enum(['value', 'months_ago'])
    .default('value')
    .meta({ description: '`months_ago`: a number of months, made a date before today; written to new records only.' }),
  words: z
    .record(text(200), text(200))
    .optional()
    .meta({ description: 'What values mean, for choices: `{"Yes": "CHURNED"}`.' }),
  attribute: z
    .object({
      label: text(80).min(1),
      type: z.enum(attributeTypes),
      options: z.array(text(200)).max(500).default([]),
    })
    .optional()
    .meta({ description: 'The attribute to make where there is none of this key.' }),
})

/** How a file is read and where its columns go. */
export const mapping = z.object({
  assignments: z.array(assignment).max(400),
  constants: z
    .record(text(80), text(200))
    .default({})
    .meta({ description: 'Fields that all rows get: `{"currency": "USD"}`.' }),
  duplicates: z.enum(['skip', 'update', 'create']).default('update'),
  problems: z
    .enum(['refuse_row', 'leave_cell'])
    .default('refuse_row')
    .meta({ description: 'What a faulty cell costs: its row, or only itself.' }),
  encoding: z.enum(['utf-8', 'shift_jis', 'euc-jp', 'utf-16le', 'utf-16be', 'windows-1252']).optional(),
  delimiter: z.enum([',', '\t', ';', '|']).optional(),
  sheet: text(100).optional(),
  headerRow: z.number().int().min(0).max(20).optional().meta({ description: '0: the file has no header.' }),
  dateOrder: z.enum(['mdy', 'dmy']).default('mdy'),
  decimal: z.enum(['.', ',']).default('.'),
})
export type Mapping = z.output<typeof mapping>
export type Assignment = Mapping['assignments'][number]

export const problemShape = z.object({ column: z.string().nullable(), value: z.string().nullable(), message: words })

const columnShape = z.object({
  name: z.string(),
  samples: z.array(z.string()),
  filled: z.number().int().meta({ description: 'Rows of the sample that have a value.' }),
  values: z.array(z.string()).nullable().meta({ description: 'All values where there are few.' }),
  type: z.enum(attributeTypes).meta({ description: 'What an attribute of it would be.' }),
  nearly: z
    .object({ target: z.string(), unfit: z.number().int() })
    .nullable()
    .meta({ description: 'The field that the header names, where so many cells of the sample are not fit for it.' }),
})

/** What a file is, as far as its beginning tells. */
export const inspectionShape = z.object({
  format: z.enum(['csv', 'xlsx', 'jsonl']),
  encoding: z.string().nullable(),
  delimiter: z.string().nullable(),
  sheets: z.array(z.string()),
  sheet: z.string().nullable(),
  headerRow: z.number().int(),
  sampledRows: z.number().int(),
  columns: z.array(columnShape),
  targets: z.array(
    z.object({
      name: z.string(),
      label: words,
      type: z.string(),
      required: z.boolean(),
      choices: z.array(z.string()).nullable(),
    }),
  ),
  suggestion: mapping,
})
export type Inspection = z.output<typeof inspectionShape>

export const countsShape = z.object({
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  skipped: z.number().int(),
  failed: z.number().int(),
})
export type Counts = z.output<typeof countsShape>

export const importShape = z.object({
  id: z.uuid(),
  kind: importKind,
  fileName: z.string(),
  size: z.number().int(),
  received: z.number().int(),
  source: z.enum(['page', 'api', 'folder', 'terminal']),
  state: z.enum(importStates),
  mode: z.enum(['dry', 'real']).nullable().meta({ description: 'What the latest run was.' }),
  cancelling: z.boolean(),
  progress: z.number().min(0).max(1),
  rows: z.number().int(),
  counts: countsShape.nullable().meta({ description: 'Of the latest real run.' }),
  dryCounts: countsShape.nullable().meta({ description: 'Of the latest dry run.' }),
  undo: z
    .object({ removed: z.number().int(), restored: z.number().int(), kept: z.number().int() })
    .nullable()
    .meta({ description: 'What undoing did; `kept` are records that others have used or changed since.' }),
  fault: words.nullable(),
  mappingId: z.uuid().nullable(),
  fileKept: z.boolean(),
  createdBy: z.string().nullable(),
  createdAt: moment,
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
})
export type ImportLine = z.output<typeof importShape>

/** One import with the mapping that was chosen last; null before that. */
export const importDetail = importShape.extend({ mapping: mapping.nullable() })
export type ImportDetail = z.output<typeof importDetail>
