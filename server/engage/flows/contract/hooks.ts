import { z } from 'zod'
import { emailAddress, type RawContract, route } from '../../../platform/http/contract.ts'

/** What a product says of what it was asked to do. */
export const provisionAnswer = z.object({
  status: z.enum(['done', 'failed']),
  message: z.string().max(2_000).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})

export const answerProvision: RawContract = {
  method: 'POST',
  path: '/v1/provisioning/:companyId/:id',
  operation: 'answerProvision',
  summary: 'Say how what a flow asked of the product went, signed as Standard Webhooks has it',
  access: 'signature',
  params: z.object({ companyId: z.uuid(), id: z.uuid() }),
  body: provisionAnswer,
  reply: z.object({ received: z.boolean() }),
  bodyLimit: 65_536,
  limitPerMinute: 600,
}

export const callFlowHook = route({
  method: 'POST',
  path: '/api/v1/flow-hooks',
  operation: 'callFlowHook',
  summary: 'Take a customer or contact into the flow of a secret address',
  access: 'public',
  query: z.object({ token: z.string().max(200) }),
  body: z.strictObject({
    id: z.string().min(1).max(200).optional().meta({ description: 'What happened: the same id starts the flow once.' }),
    customerId: z.string().min(1).max(200).optional().meta({ description: 'Id of the customer in the product.' }),
    userId: z.string().min(1).max(200).optional().meta({ description: 'Id of the person in the product.' }),
    email: emailAddress.optional(),
  }),
  status: 202,
  reply: z.object({ enrolled: z.number().int(), reason: z.string().nullable() }),
  limitPerMinute: 600,
})
