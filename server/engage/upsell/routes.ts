import { implement } from '../../platform/http/implement.ts'
import * as contract from './contract.ts'
import { listExpansionOpportunities } from './queries.ts'

export const routes = [
  implement(contract.listExpansionOpportunities, (ctx, { query }) => listExpansionOpportunities(ctx, query)),
]
