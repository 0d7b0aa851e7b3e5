import { z } from 'zod'
import { route } from '../../../platform/http/contract.ts'
import { severity, topic } from './shapes.ts'

export const mailPaces = ['now', 'digest', 'off'] as const
export type MailPace = (typeof mailPaces)[number]

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ description: 'HH:MM in one’s own time zone.' })

const choice = z.strictObject({ topic, severity, inApp: z.boolean(), mail: z.enum(mailPaces) })
export type NoticeChoice = z.output<typeof choice>

const times = z.strictObject({
  digestAt: clock,
  quiet: z.strictObject({ from: clock, to: clock }).nullable(),
  workingDays: z.array(z.number().int().min(1).max(7)).min(1).max(7).meta({ description: '1 Monday to 7 Sunday.' }),
  japaneseHolidays: z.boolean().meta({ description: 'Holidays of Japan count as days off.' }),
  criticalPasses: z.boolean().meta({ description: 'Critical ones are mailed in quiet hours and on days off, too.' }),
  weeklyReport: z.boolean().meta({
    description: 'On Mondays at 08:00 a mail about the customers with a churn score of 60 to 79; CSMs and CS managers.',
  }),
})
export type NoticeTimes = z.output<typeof times>

export const readPreferences = route({
  method: 'GET',
  path: '/api/v1/notice-preferences',
  operation: 'readNoticePreferences',
  summary: 'What one is told, on which way and when',
  access: 'company.read',
  reply: z.object({ choices: z.array(choice), times, timeZone: z.string() }),
})

export const changePreferences = route({
  method: 'PUT',
  path: '/api/v1/notice-preferences',
  operation: 'changeNoticePreferences',
  summary: 'Choose what one is told, on which way and when; what is left out stays',
  access: 'company.read',
  body: z.strictObject({ choices: z.array(choice).max(100).default([]), times: times.optional() }),
  reply: z.object({ choices: z.array(choice), times, timeZone: z.string() }),
})
