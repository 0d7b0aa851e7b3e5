import { z } from 'zod'
import { condition, eventName, property } from '../../../catalog/conditions/contract.ts'
import { answerKinds } from '../../../customers/feedback/contract.ts'

/** What happens to a customer or a contact, as the product announces it, and can start a flow. */
export const flowHappenings = [
  'payment.failed',
  'customer.created',
  'customer.churned',
  'customer.status_changed',
  'customer.owner_changed',
  'customer.tier_changed',
  'churn.level_changed',
  'contact.created',
  'contact.left',
  'lead.hot',
  'onboarding.started',
  'onboarding.phase_entered',
  'onboarding.behind',
  'onboarding.stuck',
  'onboarding.warning',
  'onboarding.completed',
] as const

export const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,60}$/)

/** The key of something that a flow names; empty while a draft has not chosen it. */
export const reference = key.or(z.literal(''))

/** HH:MM. */
export const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

export const days = z.number().int().min(-3_660).max(3_660)

/**
 * What brings somebody into a flow. Conditions, scores, bands and stages start it when they become true: who meets them
 * already when the flow is published is left alone unless it is asked for.
 */
export const trigger = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('event'),
      event: eventName.or(z.literal('')),
      where: z.array(property).max(5).optional(),
    })
    .meta({ description: 'An event of the product’s use.' }),
  z.strictObject({ kind: z.literal('happening'), type: z.enum(flowHappenings) }),
  z
    .strictObject({ kind: z.literal('condition'), condition })
    .meta({ description: 'The condition, on the subject of the flow, becomes true.' }),
  z
    .strictObject({ kind: z.literal('segment'), segment: reference, move: z.enum(['entered', 'left']) })
    .meta({ description: 'By the key of the segment.' }),
  z
    .strictObject({
      kind: z.literal('score'),
      score: z.enum(['lead', 'churn', 'health']),
      crosses: z.enum(['up', 'down']),
      value: z.number().min(0).max(100),
    })
    .meta({ description: 'Up: the score becomes at least so high; down: it becomes at most so high.' }),
  z
    .strictObject({ kind: z.literal('health_band'), bands: z.array(z.string().min(1).max(60)).max(10) })
    .meta({ description: 'The customer comes into one of these bands of its scorecard.' }),
  z
    .strictObject({ kind: z.literal('alert'), rule: reference })
    .meta({ description: 'An alert of this rule is opened.' }),
  z
    .strictObject({
      kind: z.literal('answer'),
      survey: z.enum(answerKinds),
      least: z.number().min(0).max(10),
      most: z.number().min(0).max(10),
    })
    .meta({
      description: 'Somebody answers a survey with a score from least to most: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7.',
    }),
  z
    .strictObject({ kind: z.literal('date'), field: z.string().max(120), offsetDays: days })
    .meta({ description: 'So many days after the date in a field; before it where negative.' }),
  z
    .strictObject({ kind: z.literal('stage'), stage: reference })
    .meta({ description: 'The contact enters a stage of the lifecycle, by its key.' }),
  z
    .strictObject({ kind: z.literal('schedule'), cron: z.string().trim().min(9).max(100) })
    .meta({ description: 'Cron expression in the company’s zone: takes in all that meet the entry condition.' }),
  z
    .strictObject({ kind: z.literal('webhook') })
    .meta({ description: 'A program calls the secret address of the flow.' }),
  z.strictObject({ kind: z.literal('manual') }).meta({ description: 'By hand, also many at once.' }),
])
export type Trigger = z.output<typeof trigger>
