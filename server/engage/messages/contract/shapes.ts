import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'

export const messageStates = ['pending', 'sending', 'accepted', 'failed', 'suppressed', 'uncertain', 'kept'] as const

/** Why somebody gets nothing. */
export const suppressionReasons = [
  'no_contact',
  'left',
  'no_address',
  'no_consent',
  'unsubscribed',
  'topic_off',
  'suppressed_address',
  'cancelled',
] as const
export type SuppressionReason = (typeof suppressionReasons)[number]

export const audience = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('segment'), id: z.uuid() }).meta({
    description: 'Contacts of a segment, or the contacts of its customers.',
  }),
  z.strictObject({ kind: z.literal('condition'), condition }).meta({ description: 'Contacts that meet a condition.' }),
])
export type Audience = z.output<typeof audience>

const number = z.number().int()

/** What became of messages. Openings and clicks are those of persons, each message once. */
export const figures = z.object({
  audience: number.meta({ description: 'All of them, those that were left out included.' }),
  pending: number,
  sending: number,
  sent: number,
  delivered: number,
  opened: number,
  clicked: number,
  converted: number,
  unsubscribed: number,
  bounced: number,
  complained: number,
  failed: number,
  suppressed: number,
  uncertain: number,
  kept: number,
  machineOpened: number.meta({ description: 'Opened by scanners and other programs only.' }),
  machineClicked: number,
})
