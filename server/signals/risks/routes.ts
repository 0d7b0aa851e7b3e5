import { implement } from '../../platform/http/implement.ts'
import * as commands from './commands/signals.ts'
import * as contract from './contract.ts'
import { customerSignals } from './queries/customer.ts'
import { getSignal, listSignals, signalCustomers } from './queries/signals.ts'

export const routes = [
  implement(contract.listRiskSignals, (ctx, { query }) => listSignals(ctx, query)),
  implement(contract.createRiskSignal, async (ctx, { body }) => getSignal(ctx, await commands.createSignal(ctx, body))),
  implement(contract.addReadyMadeSignals, async ctx => ({ added: await commands.addReadyMade(ctx) })),
  implement(contract.getRiskSignal, (ctx, { params }) => getSignal(ctx, params.id)),
  implement(contract.updateRiskSignal, async (ctx, { params, body }) => {
    await commands.updateSignal(ctx, params.id, body)
    return getSignal(ctx, params.id)
  }),
  implement(contract.deleteRiskSignal, async (ctx, { params }) => {
    await commands.deleteSignal(ctx, params.id)
    return undefined
  }),
  implement(contract.listSignalCustomers, (ctx, { params, query }) => signalCustomers(ctx, params.id, query)),
  implement(contract.listCustomerSignals, (ctx, { params }) => customerSignals(ctx, params.id)),
]
