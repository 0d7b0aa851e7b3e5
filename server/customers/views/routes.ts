import { implement } from '../../platform/http/implement.ts'
import { createView, deleteView, updateView } from './commands.ts'
import * as contract from './contract.ts'
import { listViews } from './queries.ts'

export const routes = [
  implement(contract.listViews, (ctx, { query }) => listViews(ctx, query.screen)),
  implement(contract.createView, async (ctx, { body }) => ({ id: await createView(ctx, body) })),
  implement(contract.updateView, async (ctx, { params, body }) => {
    await updateView(ctx, params.id, body)
    return undefined
  }),
  implement(contract.deleteView, async (ctx, { params }) => {
    await deleteView(ctx, params.id)
    return undefined
  }),
]
