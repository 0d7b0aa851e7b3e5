import { implement } from '../../platform/http/implement.ts'
import * as customers from '../accounts/contract/customers.ts'
import { getCustomer } from '../accounts/queries/customers.ts'
import { churnCustomer, createCustomer, updateCustomer } from './commands/customer.ts'
import { putProfile } from './commands/profile.ts'
import { saveMany } from './commands/save-many.ts'
import * as contract from './contract.ts'
import { getProfile } from './queries.ts'

export const routes = [
  implement(customers.createCustomer, async (ctx, { body }) => getCustomer(ctx, await createCustomer(ctx, body))),
  implement(customers.updateCustomer, async (ctx, { params, body }) => {
    await updateCustomer(ctx, params.id, body)
    return getCustomer(ctx, params.id)
  }),
  implement(customers.deleteCustomer, async (ctx, { params }) => {
    await churnCustomer(ctx, params.id)
    return undefined
  }),
  implement(customers.bulkCreateCustomers, async (ctx, { body }) => ({ rows: await saveMany(ctx, body.rows) })),
  implement(contract.getProfile, (ctx, { params }) => getProfile(ctx, params.id)),
  implement(contract.putProfile, async (ctx, { params, body }) => {
    await putProfile(ctx, params.id, body)
    return getProfile(ctx, params.id)
  }),
]
