import { z } from 'zod'
import { pageOf, pageQuery, route } from '../../platform/http/contract.ts'

const words = z.object({ ja: z.string(), en: z.string() })

export const rankedWork = route({
  method: 'GET',
  path: '/api/v1/home/work',
  operation: 'rankedWork',
  summary:
    'Customers that need somebody today, ranked by risk, revenue and days to renewal, each with the reasons in words',
  access: 'customers.read',
  query: pageQuery.extend({ mine: z.enum(['own', 'team']).optional() }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      name: z.string(),
      ownerName: z.string().nullable(),
      arr: z.number(),
      currency: z.string(),
      healthScore: z.number().nullable(),
      healthLevel: z.enum(['POOR', 'FAIR', 'GOOD', 'EXCELLENT']).nullable(),
      healthTrend: z.enum(['IMPROVING', 'STABLE', 'DECLINING', 'UNKNOWN']),
      renewalOn: z.string().nullable(),
      daysToRenewal: z.number().int().nullable(),
      priority: z.number(),
      reasons: z.array(words),
    }),
  ),
})
