import { implement } from '../../../platform/http/implement.ts'
import { changeMapping, importMapped, removeMapping, saveMapping } from '../commands/mappings.ts'
import * as contract from '../contract/mappings.ts'
import { readImport } from '../queries/imports.ts'
import { readMapping, readMappings } from '../queries/mappings.ts'

export const mappingRoutes = [
  implement(contract.listImportMappings, ctx => readMappings(ctx)),
  implement(contract.createImportMapping, async (ctx, { body }) => readMapping(ctx, await saveMapping(ctx, body))),
  implement(contract.updateImportMapping, async (ctx, { params, body }) => {
    await changeMapping(ctx, params.id, body)
    return readMapping(ctx, params.id)
  }),
  implement(contract.deleteImportMapping, async (ctx, { params }) => {
    await removeMapping(ctx, params.id)
    return undefined
  }),
  implement(contract.uploadToMapping, async (ctx, { params, query, body }) =>
    readImport(ctx, await importMapped(ctx, params.id, query.fileName, body)),
  ),
]
