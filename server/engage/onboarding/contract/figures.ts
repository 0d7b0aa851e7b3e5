import { z } from 'zod'
import { route } from '../../../platform/http/contract.ts'

const words = z.object({ ja: z.string(), en: z.string() })
const share = z.number().nullable()

export const onboardingFigures = route({
  method: 'GET',
  path: '/api/v1/onboarding/figures',
  operation: 'onboardingFigures',
  summary: 'Onboarding in figures: states, time to value, completion by month of start, days per phase, training',
  access: 'customers.read',
  query: z.object({ templateId: z.uuid().optional() }),
  reply: z.object({
    running: z.number().int(),
    paused: z.number().int(),
    onTrack: z.number().int(),
    behind: z.number().int(),
    stuck: z.number().int(),
    lateTasks: z.number().int(),
    timeToValue: z.number().nullable().meta({ description: 'Median days from the start to value.' }),
    trainingDone: share.meta({ description: 'Percent of the trainings due until today that are done.' }),
    completed: share.meta({ description: 'Percent completed, of the journeys that ended.' }),
    cohorts: z.array(
      z.object({
        month: z.string(),
        started: z.number().int(),
        completed: z.number().int(),
        cancelled: z.number().int(),
        share,
        timeToValue: z.number().nullable(),
      }),
    ),
    phases: z.array(
      z.object({
        templateId: z.uuid(),
        key: z.string(),
        place: z.number().int(),
        name: words,
        planned: z.number().int(),
        now: z.number().int().meta({ description: 'Customers that are in it.' }),
        passed: z.number().int(),
        share: share.meta({
          description: 'Percent that left it, of those that entered it and are in it no longer than planned.',
        }),
        days: z.number().nullable().meta({ description: 'Mean days that it took.' }),
      }),
    ),
  }),
})
