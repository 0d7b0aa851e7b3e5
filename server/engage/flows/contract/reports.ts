import { z } from 'zod'
import { idParams, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'

const words = z.object({ ja: z.string(), en: z.string() })
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)

/** A share with its 95 % interval; null without cases. */
const share = z
  .object({ value: z.number(), low: z.number(), high: z.number() })
  .nullable()
  .meta({ description: '95 % interval by Wilson; null: there is nothing to count yet.' })

const stepFigures = {
  reached: z.number().int().meta({ description: 'Who came to the step, those who are there included.' }),
  succeeded: z.number().int().meta({
    description: 'Approved, done, met, or a mail or message that a person opened.',
  }),
  refused: z.number().int().meta({ description: 'Refused, called off, failed, bounced or unsubscribed.' }),
  silent: z.number().int().meta({
    description: 'Nobody answered in time; a task is late; a mail was accepted and not opened.',
  }),
  rate: share,
  goal: z.number().int().meta({ description: 'Who reached the goal of the flow after the step.' }),
}

export const flowSuccess = route({
  method: 'GET',
  path: '/api/v1/flows/:id/success',
  operation: 'flowSuccess',
  summary: 'By step and by month of enrolment: who came to it, and for whom it succeeded',
  access: 'flows.view',
  params: idParams,
  query: z.object({
    months: z.coerce.number().int().min(1).max(36).default(12).meta({ description: 'So many months back.' }),
  }),
  reply: z.object({
    withinDays: z.number().int().nullable(),
    months: z
      .array(
        z.object({
          month,
          entered: z.number().int(),
          counted: z.number().int().meta({ description: 'Whose days for the goal are over, or who reached it.' }),
          converted: z.number().int(),
          rate: share,
        }),
      )
      .meta({ description: 'Of the whole flow, the latest month first; who is held out does not count.' }),
    steps: z.array(
      z.object({
        step: z.string(),
        kind: z.string(),
        text: z.string().nullable().meta({ description: 'Name, title or question of the step.' }),
        answers: z.boolean().meta({ description: 'The kind of step can succeed or not.' }),
        ...stepFigures,
        months: z.array(z.object({ month, ...stepFigures })),
      }),
    ),
  }),
})

export const contactWays = ['call', 'email', 'meeting', 'offer', 'in_app'] as const
const contactOrigins = ['flow', 'task', 'record'] as const
export const contactOutcomes = [
  'open',
  'late',
  'done',
  'approved',
  'refused',
  'silent',
  'cancelled',
  'sent',
  'opened',
  'clicked',
  'held',
  'failed',
] as const

export const listContactLog = route({
  method: 'GET',
  path: '/api/v1/contact-log',
  operation: 'listContactLog',
  summary:
    'Calls, mails, meetings, offers and messages with all customers, by flows, tasks and people, the latest first',
  access: 'flows.view',
  query: pageQuery.extend({
    flowId: z.uuid().optional(),
    customerId: z.uuid().optional(),
    memberId: z.uuid().optional().meta({ description: 'Who made the contact, or has to make it.' }),
    way: z.enum(contactWays).optional(),
    outcome: z.enum(contactOutcomes).optional(),
    month: month.optional().meta({ description: 'Of the company’s calendar.' }),
  }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      at: moment.meta({ description: 'When it was made; of an open task when the task was made.' }),
      way: z.enum(contactWays),
      origin: z.enum(contactOrigins).meta({ description: 'record: a conversation that was written down or came in.' }),
      title: z.string(),
      customerId: z.uuid().nullable(),
      customerName: z.string().nullable(),
      contactName: z.string().nullable(),
      memberName: z.string().nullable().meta({ description: 'null: the product.' }),
      flowId: z.uuid().nullable(),
      flowName: words.nullable(),
      step: z.string().nullable(),
      taskId: z.uuid().nullable(),
      outcome: z.enum(contactOutcomes),
      note: z.string().nullable(),
    }),
  ),
})

export const winBackStages = ['left', 'month_3', 'month_6', 'month_12'] as const
export const winBackResults = ['running', 'returned', 'ended', 'held_out'] as const

/** PLB-4: so many of those who left shall return. */
export const winBackTarget = 0.1

export const listWinBack = route({
  method: 'GET',
  path: '/api/v1/win-back',
  operation: 'listWinBack',
  summary: 'Customers who left and are or were in a win-back flow: stage, reason of leaving, next step, result',
  access: 'flows.view',
  query: pageQuery.extend({
    result: z.enum(winBackResults).optional(),
    stage: z.enum(winBackStages).optional(),
  }),
  reply: pageOf(
    z.object({
      id: z.uuid().meta({ description: 'The enrolment.' }),
      customerId: z.uuid(),
      customerName: z.string(),
      flowId: z.uuid(),
      flowName: words,
      enteredAt: moment,
      churnedOn: z.string().nullable(),
      churnReason: z.string().nullable(),
      stage: z.enum(winBackStages).meta({ description: 'By the months since it came in.' }),
      nextStep: z
        .object({ step: z.string(), kind: z.string(), text: z.string().nullable(), at: moment.nullable() })
        .nullable(),
      lastContactAt: moment.nullable(),
      result: z.enum(winBackResults),
      returnedAt: moment.nullable(),
    }),
  ),
})

export const readWinBack = route({
  method: 'GET',
  path: '/api/v1/win-back/figures',
  operation: 'readWinBack',
  summary: 'How many of those who left returned, against the target and those who were held out',
  access: 'flows.view',
  reply: z.object({
    entered: z.number().int(),
    running: z.number().int(),
    returned: z.number().int(),
    over: z.number().int().meta({ description: 'Returned, or a year has gone by: the rate is of these.' }),
    rate: share,
    heldOut: z.object({ over: z.number().int(), returned: z.number().int(), rate: share }),
    target: z.number(),
  }),
})
