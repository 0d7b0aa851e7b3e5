import { z } from 'zod'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'
import { currency, day, money } from '../accounts/contract/customers.ts'

export const contractIntervals = ['MONTH', 'QUARTER', 'YEAR', 'ONE_TIME'] as const
const contractStatuses = ['DRAFT', 'ACTIVE', 'ENDED', 'CANCELLED'] as const
const movementKinds = ['NEW', 'EXPANSION', 'CONTRACTION', 'CHURN', 'REACTIVATION'] as const

const fields = {
  externalId: line(200).nullable(),
  plan: line(100).nullable(),
  amount: money.meta({ description: 'Per interval, in the currency.' }),
  currency,
  interval: z.enum(contractIntervals),
  startsOn: day,
  endsOn: day.nullable(),
  renewsOn: day.nullable(),
  autoRenew: z.boolean(),
  status: z.enum(contractStatuses),
  licenceCount: z.number().int().min(0).max(10_000_000).nullable(),
}

const contract = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  ...fields,
  standing: z.boolean().meta({ description: 'Stands for revenue that was given as a number, without a contract.' }),
  mrr: z.number(),
  createdAt: moment,
})
export type Contract = z.output<typeof contract>

export const listContracts = route({
  method: 'GET',
  path: '/api/v1/customers/:id/contracts',
  operation: 'listContracts',
  summary: 'Contracts of a customer, latest first',
  access: 'customers.read',
  params: idParams,
  query: pageQuery,
  reply: pageOf(contract),
})

export const createContract = route({
  method: 'POST',
  path: '/api/v1/customers/:id/contracts',
  operation: 'createContract',
  summary: 'Enter a contract; revenue and ledger follow',
  access: 'customers.write',
  params: idParams,
  body: z.object(fields).partial().required({ amount: true, startsOn: true }),
  status: 201,
  reply: contract,
})

export const updateContract = route({
  method: 'PATCH',
  path: '/api/v1/contracts/:id',
  operation: 'updateContract',
  summary: 'Change a contract; a changed amount counts from effectiveOn (today without it) on',
  access: 'customers.write',
  params: idParams,
  body: z.object({ ...fields, effectiveOn: day }).partial(),
  reply: contract,
})

export const deleteContract = route({
  method: 'DELETE',
  path: '/api/v1/contracts/:id',
  operation: 'deleteContract',
  summary: 'Remove a contract that was entered by mistake, with its movements; end one that was real by its status',
  access: 'customers.write',
  params: idParams,
  reply: null,
})

const movement = z.object({
  occurredOn: z.string(),
  contractId: z.uuid(),
  kind: z.enum(movementKinds),
  amount: z.number(),
  mrrAfter: z.number(),
  currency: z.string(),
})

export const listMovements = route({
  method: 'GET',
  path: '/api/v1/customers/:id/revenue-movements',
  operation: 'listMovements',
  summary: 'The ledger of a customer’s recurring revenue, oldest first',
  access: 'customers.read',
  params: idParams,
  reply: z.object({ items: z.array(movement) }),
})

export const revenueRetention = route({
  method: 'GET',
  path: '/api/v1/revenue/retention',
  operation: 'revenueRetention',
  summary: 'For each month: revenue at its start, movements in it by kind, net and gross revenue retention in percent',
  access: 'customers.read',
  query: z.object({
    from: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
      .meta({ description: 'First month, YYYY-MM.' }),
    to: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
    currency: currency.optional().meta({ description: 'The company’s without it.' }),
  }),
  reply: z.object({
    currency: z.string(),
    months: z.array(
      z.object({
        month: z.string(),
        opening: z.number(),
        new: z.number(),
        expansion: z.number(),
        contraction: z.number(),
        churn: z.number(),
        reactivation: z.number(),
        closing: z.number(),
        netRetention: z.number().nullable(),
        grossRetention: z.number().nullable(),
      }),
    ),
  }),
})
