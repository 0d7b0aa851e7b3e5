import { z } from 'zod'
import type { RawContract } from '../../../platform/http/contract.ts'

/** What Slack sends when somebody presses a button, as far as it is read. */
export const slackInteraction = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string().regex(/^[A-Z0-9]{2,30}$/) }),
  response_url: z.url().max(2_000),
  message: z.object({ blocks: z.array(z.looseObject({ type: z.string() })).max(50) }),
  actions: z.array(z.object({ action_id: z.string().max(255), value: z.string().max(2_000).optional() })).min(1),
})

export const receiveSlack: RawContract = {
  method: 'POST',
  path: '/v1/slack/:companyId/:id',
  operation: 'receiveSlackInteraction',
  summary: 'Take the press of a button on a Slack card: the form `payload=...`, signed by the app’s signing secret',
  access: 'signature',
  params: z.object({ companyId: z.uuid(), id: z.uuid() }),
  reply: z.string(),
  contentType: 'text/plain; charset=utf-8',
  bodyLimit: 131_072,
}
