import { z } from 'zod'
import { idParams, moment, route } from '../../platform/http/contract.ts'

const actionStates = ['waiting', 'done', 'failed', 'skipped'] as const

const action = z.object({
  id: z.uuid(),
  moveId: z.uuid(),
  kind: z.enum(['notify', 'sync', 'create_customer', 'welcome_mail']),
  state: z.enum(actionStates),
  reason: z
    .enum([
      'told',
      'created',
      'linked',
      'known',
      'queued',
      'nobody',
      'no_address',
      'unsubscribed',
      'denied',
      'already_sent',
      'no_channel',
      'ambiguous',
      'no_name',
    ])
    .nullable(),
  error: z.string().nullable(),
  attempts: z.number().int(),
  customerId: z.uuid().nullable(),
  customerName: z.string().nullable(),
  mailState: z.string().nullable().meta({ description: 'How the mail went on.' }),
  deliveries: z
    .array(z.object({ name: z.string(), state: z.string(), error: z.string().nullable() }))
    .meta({ description: 'How it went on the channels.' }),
  at: moment,
})
export type LifecycleAction = z.output<typeof action>

export const contactActions = route({
  method: 'GET',
  path: '/api/v1/contacts/:id/lifecycle-actions',
  operation: 'contactLifecycleActions',
  summary: 'What was done for a contact’s moves between stages, and how it went',
  access: 'customers.read',
  params: idParams,
  reply: z.object({ items: z.array(action) }),
})

export const retryAction = route({
  method: 'POST',
  path: '/api/v1/automation/lifecycle-actions/:id/retry',
  operation: 'retryLifecycleAction',
  summary: 'Try an action again that failed',
  access: 'leads.manage',
  params: idParams,
  status: 202,
  reply: z.object({ id: z.uuid() }),
})
