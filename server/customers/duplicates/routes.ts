import { implement } from '../../platform/http/implement.ts'
import { keepApart } from './commands/keep-apart.ts'
import { mergeRecords, previewMerge } from './commands/merge.ts'
import { undoMerge } from './commands/undo.ts'
import * as contract from './contract.ts'
import { listMerges } from './queries/merges.ts'
import { bothSides } from './queries/preview.ts'
import { suggestContacts, suggestCustomers } from './queries/suggest.ts'

export const routes = [
  implement(contract.suggestDuplicates, (ctx, { query }) =>
    query.record === 'customer' ? suggestCustomers(ctx) : suggestContacts(ctx),
  ),
  implement(contract.keepApart, async (ctx, { body }) => {
    await keepApart(ctx, body.record, body.firstId, body.secondId)
    return undefined
  }),
  implement(contract.previewMerge, async (ctx, { body }) => ({
    ...(await previewMerge(ctx, body)),
    ...(await bothSides(ctx, body.record, body.keptId, body.mergedId)),
  })),
  implement(contract.merge, async (ctx, { body }) => ({ id: await mergeRecords(ctx, body) })),
  implement(contract.listMerges, (ctx, { query }) => listMerges(ctx, query)),
  implement(contract.undoMerge, async (ctx, { params }) => {
    await undoMerge(ctx, params.id)
    return undefined
  }),
]
