import { implement } from '../../platform/http/implement.ts'
import { retryAction } from './commands/run.ts'
import * as contract from './contract.ts'
import { contactActions } from './queries/actions.ts'

export const routes = [
  implement(contract.contactActions, (ctx, { params }) => contactActions(ctx, params.id)),
  implement(contract.retryAction, async (ctx, { params }) => {
    await retryAction(ctx, params.id)
    return { id: params.id }
  }),
]
