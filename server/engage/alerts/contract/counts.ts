import { z } from 'zod'
import { route } from '../../../platform/http/contract.ts'

const words = z.object({ ja: z.string(), en: z.string() })

export const countAlerts = route({
  method: 'GET',
  path: '/api/v1/alerts/counts',
  operation: 'countAlerts',
  summary: 'How many alerts are open: one’s own, those of one’s teams, all; by severity and by rule',
  access: 'customers.read',
  reply: z.object({
    own: z.number().int(),
    team: z.number().int(),
    all: z.number().int(),
    overdue: z.number().int(),
    snoozed: z.number().int(),
    bySeverity: z.record(z.string(), z.number().int()),
    byRule: z.array(z.object({ ruleId: z.uuid(), name: words, open: z.number().int() })),
  }),
})
