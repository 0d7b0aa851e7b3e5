import { implement } from '../../platform/http/implement.ts'
import { createContract, deleteContract, updateContract } from './commands/enter.ts'
import * as contract from './contract.ts'
import { getContract, listContracts, listMovements } from './queries/contracts.ts'
import { revenueRetention } from './queries/retention.ts'

export const routes = [
  implement(contract.listContracts, (ctx, { params, query }) => listContracts(ctx, params.id, query)),
  implement(contract.createContract, async (ctx, { params, body }) =>
    getContract(ctx, await createContract(ctx, params.id, body)),
  ),
  implement(contract.updateContract, async (ctx, { params, body }) => {
    await updateContract(ctx, params.id, body)
    return getContract(ctx, params.id)
  }),
  implement(contract.deleteContract, async (ctx, { params }) => {
    await deleteContract(ctx, params.id)
    return undefined
  }),
  implement(contract.listMovements, (ctx, { params }) => listMovements(ctx, params.id)),
  implement(contract.revenueRetention, (ctx, { query }) => revenueRetention(ctx, query)),
]
