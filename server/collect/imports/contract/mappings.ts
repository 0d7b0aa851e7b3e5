import { z } from 'zod'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { partSize } from './imports.ts'
import { importKind, importShape, importStates, mapping } from './shapes.ts'

const access = 'imports.manage'
const path = '/api/v1/import-mappings'

const folder = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,59}$/)
  .meta({ description: 'Sub-folder of the company’s folder for imports; files that appear in it are imported.' })

const mappingShape = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: importKind,
  mapping,
  folder: z.string().nullable(),
  lastImport: z
    .object({ id: z.uuid(), fileName: z.string(), state: z.enum(importStates), createdAt: moment })
    .nullable()
    .meta({ description: 'The newest import that used it.' }),
  updatedAt: moment,
})

const fields = { name: line(80), mapping, folder: folder.nullable() }

export const listImportMappings = route({
  method: 'GET',
  path,
  operation: 'listImportMappings',
  summary: 'Saved mappings, by name',
  access,
  reply: z.object({ items: z.array(mappingShape) }),
})

export const createImportMapping = route({
  method: 'POST',
  path,
  operation: 'createImportMapping',
  summary: 'Save a mapping for files that come again',
  access,
  body: z.object({ ...fields, folder: fields.folder.default(null), kind: importKind }),
  status: 201,
  reply: mappingShape,
})

export const updateImportMapping = route({
  method: 'PATCH',
  path: `${path}/:id`,
  operation: 'updateImportMapping',
  summary: 'Rename a mapping, change it, or watch another folder',
  access,
  params: idParams,
  body: z.object(fields).partial(),
  reply: mappingShape,
})

export const deleteImportMapping = route({
  method: 'DELETE',
  path: `${path}/:id`,
  operation: 'deleteImportMapping',
  summary: 'Remove a saved mapping; imports that used it stay',
  access,
  params: idParams,
  reply: null,
})

export const uploadToMapping = route({
  method: 'POST',
  path: `${path}/:id/uploads`,
  operation: 'uploadToMapping',
  summary: 'Import a file of up to 8 MiB with a saved mapping, in one call',
  access,
  params: idParams,
  query: z.object({ fileName: line(255).default('upload') }),
  binary: { limit: partSize },
  status: 202,
  reply: importShape,
})
