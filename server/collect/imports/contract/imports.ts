import { z } from 'zod'
import { idParams, line, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import {
  importDetail,
  importKind,
  importShape,
  importStates,
  inspectionShape,
  mapping,
  outcomes,
  problemShape,
} from './shapes.ts'

/** Largest part of an upload (bytes); all but the last are of this size. */
export const partSize = 8 * 1_048_576
/** Largest file (bytes). */
export const largestFile = 2_147_483_648

const access = 'imports.manage'
const path = '/api/v1/imports'

export const listImports = route({
  method: 'GET',
  path,
  operation: 'listImports',
  summary: 'Imports, newest first',
  access,
  query: pageQuery.extend({ kind: importKind.optional(), state: z.enum(importStates).optional() }),
  reply: pageOf(importShape),
})

export const createImport = route({
  method: 'POST',
  path,
  operation: 'createImport',
  summary: 'Begin an import; its file follows in parts',
  access,
  body: z.object({
    kind: importKind,
    fileName: line(255),
    size: z.number().int().min(1).max(largestFile),
    mappingId: z.uuid().optional().meta({ description: 'A saved mapping of this kind to begin with.' }),
  }),
  status: 201,
  reply: importShape,
})

export const getImport = route({
  method: 'GET',
  path: `${path}/:id`,
  operation: 'getImport',
  summary: 'An import with its progress and its mapping',
  access,
  params: idParams,
  reply: importDetail,
})

export const putImportPart = route({
  method: 'PUT',
  path: `${path}/:id/parts/:number`,
  operation: 'putImportPart',
  summary: 'One part of the file, counted from 0; all but the last have 8 MiB',
  access,
  params: idParams.extend({
    number: z.coerce
      .number()
      .int()
      .min(0)
      .max(largestFile / partSize),
  }),
  binary: { limit: partSize },
  reply: importShape,
})

export const inspectImport = route({
  method: 'POST',
  path: `${path}/:id/inspection`,
  operation: 'inspectImport',
  summary: 'What the file is: format, encoding, columns with samples, and a suggested mapping',
  access,
  params: idParams,
  body: mapping.pick({ encoding: true, delimiter: true, sheet: true, headerRow: true }).partial(),
  reply: inspectionShape,
})

export const putImportMapping = route({
  method: 'PUT',
  path: `${path}/:id/mapping`,
  operation: 'putImportMapping',
  summary: 'Say where the columns go and how the file is read',
  access,
  params: idParams,
  body: mapping,
  reply: importShape,
})

export const previewImport = route({
  method: 'GET',
  path: `${path}/:id/preview`,
  operation: 'previewImport',
  summary: 'The first rows as they would arrive, problem cells marked, and how well the columns fit',
  access,
  params: idParams,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    only: z
      .enum(['all', 'faulty'])
      .default('all')
      .meta({ description: '`faulty`: the first rows with a problem cell.' }),
  }),
  reply: z.object({
    checked: z.number().int().meta({ description: 'Rows of which each cell was read: the first 10,000.' }),
    faulty: z.number().int().meta({ description: 'Rows of these with a problem cell.' }),
    columns: z.array(
      z.object({
        target: z.string(),
        column: z.string().nullable().meta({ description: 'Null for a value that all rows get.' }),
        filled: z.number().int().meta({ description: 'Cells of the rows checked that hold something.' }),
        refused: z.number().int().meta({ description: 'Cells of these that cannot be read as the field.' }),
      }),
    ),
    rows: z.array(
      z.object({
        row: z.number().int(),
        outcome: z.enum(outcomes),
        values: z.record(z.string(), z.json()),
        problems: z.array(problemShape),
      }),
    ),
  }),
})

export const dryRunImport = route({
  method: 'POST',
  path: `${path}/:id/dry-run`,
  operation: 'dryRunImport',
  summary: 'Go through the whole file and report what would happen, changing nothing',
  access,
  params: idParams,
  status: 202,
  reply: importShape,
})

export const runImport = route({
  method: 'POST',
  path: `${path}/:id/run`,
  operation: 'runImport',
  summary: 'Import the file',
  access,
  params: idParams,
  status: 202,
  reply: importShape,
})

export const cancelImport = route({
  method: 'POST',
  path: `${path}/:id/cancel`,
  operation: 'cancelImport',
  summary: 'Stop a run; what it has written so far stays and can be undone',
  access,
  params: idParams,
  reply: importShape,
})

export const undoImport = route({
  method: 'POST',
  path: `${path}/:id/undo`,
  operation: 'undoImport',
  summary: 'Remove what an import made, and put back what it changed where nobody changed it since',
  access,
  params: idParams,
  status: 202,
  reply: importShape,
})

export const listImportRows = route({
  method: 'GET',
  path: `${path}/:id/rows`,
  operation: 'listImportRows',
  summary: 'What became of each row in the latest run',
  access,
  params: idParams,
  query: pageQuery.extend({ outcome: z.enum(outcomes).optional() }),
  reply: pageOf(
    z.object({
      row: z.number().int(),
      outcome: z.enum(outcomes),
      recordId: z.uuid().nullable(),
      problems: z.array(problemShape),
    }),
  ),
})

export const importReport = route({
  method: 'GET',
  path: `${path}/:id/report.csv`,
  operation: 'importReport',
  summary: 'Rows with problems as CSV: row, column, value, reason',
  access,
  params: idParams,
  query: z.object({ outcome: z.enum([...outcomes, 'all']).default('failed') }),
  reply: z.string(),
  contentType: 'text/csv; charset=utf-8',
})

export const deleteImport = route({
  method: 'DELETE',
  path: `${path}/:id`,
  operation: 'deleteImport',
  summary: 'Forget an import with its file and report; what it wrote stays',
  access,
  params: idParams,
  reply: null,
})
