import { z } from 'zod'
import { customerTiers } from '../../../customers/accounts/contract/customers.ts'
import { moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'

export const expansionReasons = ['EXPANSION_PROBABILITY', 'NEAR_TIER_LIMIT', 'SATISFIED_AND_ENGAGED'] as const

export const listExpansionOpportunities = route({
  method: 'GET',
  path: '/api/v1/customer-success/expansion-opportunities',
  operation: 'listExpansionOpportunities',
  summary:
    'Customers ready for more: expansion probability above 50 %, near a limit of their tier or licences, or satisfied and engaged',
  access: 'customers.read',
  query: pageQuery.extend({ csmId: z.uuid().optional(), reason: z.enum(expansionReasons).optional() }),
  reply: pageOf(
    z.object({
      customerId: z.uuid(),
      customerName: z.string(),
      csmId: z.uuid().nullable(),
      currentTier: z.enum(customerTiers).nullable(),
      potentialTier: z.enum(customerTiers).nullable(),
      reason: z.enum(expansionReasons),
      reasonText: z.object({ ja: z.string(), en: z.string() }),
      estimatedRevenue: z.number().meta({ description: 'Annual, in the currency.' }),
      currency: z.string(),
      probability: z.number().min(0).max(100),
      suggestedActions: z.array(z.object({ ja: z.string(), en: z.string() })),
      lastReviewAt: moment.nullable(),
    }),
  ),
})
