import { implement } from '../../../platform/http/implement.ts'
import { chooseMapping, inspectFile } from '../commands/choices.ts'
import { beginMapped } from '../commands/mappings.ts'
import { previewRows } from '../commands/preview.ts'
import { cancelRun, startRun, startUndo } from '../commands/start.ts'
import { beginImport, forgetImport, storePart } from '../commands/upload.ts'
import * as contract from '../contract/imports.ts'
import { readImport, readImports } from '../queries/imports.ts'
import { readRows, streamReport } from '../queries/rows.ts'

export const importRoutes = [
  implement(contract.listImports, (ctx, { query }) => readImports(ctx, query)),
  implement(contract.createImport, async (ctx, { body }) => {
    const source = ctx.actor.kind === 'api_key' ? 'api' : 'page'
    const { mappingId, ...file } = body
    const id =
      mappingId === undefined
        ? await beginImport(ctx, { ...file, source })
        : await beginMapped(ctx, mappingId, { ...file, source })
    return readImport(ctx, id)
  }),
  implement(contract.getImport, (ctx, { params }) => readImport(ctx, params.id)),
  implement(contract.putImportPart, async (ctx, { params, body }) => {
    await storePart(ctx, params.id, params.number, body)
    return readImport(ctx, params.id)
  }),
  implement(contract.inspectImport, (ctx, { params, body }) => inspectFile(ctx, params.id, body)),
  implement(contract.putImportMapping, async (ctx, { params, body }) => {
    await chooseMapping(ctx, params.id, body)
    return readImport(ctx, params.id)
  }),
  implement(contract.previewImport, (ctx, { params, query }) => previewRows(ctx, params.id, query)),
  implement(contract.dryRunImport, async (ctx, { params }) => {
    await startRun(ctx, params.id, 'dry')
    return readImport(ctx, params.id)
  }),
  implement(contract.runImport, async (ctx, { params }) => {
    await startRun(ctx, params.id, 'real')
    return readImport(ctx, params.id)
  }),
  implement(contract.cancelImport, async (ctx, { params }) => {
    await cancelRun(ctx, params.id)
    return readImport(ctx, params.id)
  }),
  implement(contract.undoImport, async (ctx, { params }) => {
    await startUndo(ctx, params.id)
    return readImport(ctx, params.id)
  }),
  implement(contract.listImportRows, (ctx, { params, query }) => readRows(ctx, params.id, query)),
  implement(contract.importReport, (ctx, { params, query }) => streamReport(ctx, params.id, query)),
  implement(contract.deleteImport, async (ctx, { params }) => {
    await forgetImport(ctx, params.id)
    return undefined
  }),
]
