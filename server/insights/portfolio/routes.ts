import { implement } from '../../platform/http/implement.ts'
import * as contract from './contract.ts'
import { rankedWork } from './queries.ts'

export const routes = [implement(contract.rankedWork, (ctx, { query }) => rankedWork(ctx, query))]
