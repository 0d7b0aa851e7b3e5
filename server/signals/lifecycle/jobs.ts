import { sql } from 'kysely'
import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { figuresChanged, figuresChangedEvent } from '../metrics/events.ts'
import { evaluateStages } from './commands/evaluate.ts'

const followFigures = 'lifecycle.follow_figures'
const followScores = 'lifecycle.follow_scores'
const followContact = 'lifecycle.follow_contact'
const followSegment = 'lifecycle.follow_segment'

export const reactions = {
  [figuresChanged]: [followFigures],
  'lead.scored': [followScores],
  'contact.created': [followContact],
  'contact.changed': [followContact],
  'segment.moved': [followSegment],
}

export const jobs = [
  tenantJob({
    name: 'lifecycle.evaluate',
    payload: z.object({}),
    async handle(ctx) {
      await evaluateStages(ctx)
    },
    // Days pass, and nothing may have been missed.
    schedule: '26 * * * *',
  }),
  tenantJob({
    name: followFigures,
    payload: figuresChangedEvent,
    async handle(ctx, { event }) {
      const { all, facts } = event.payload
      await evaluateStages(ctx, all ? {} : { facts })
    },
  }),
  tenantJob({
    name: followScores,
    payload: z.object({}),
    async handle(ctx) {
      await evaluateStages(ctx, { facts: ['contacts'] })
    },
  }),
  tenantJob({
    name: followContact,
    payload: z.object({ event: z.object({ subject_id: z.uuid() }) }),
    async handle(ctx, { event }) {
      await evaluateStages(ctx, { only: sql`select ${event.subject_id}::uuid` })
    },
  }),
  tenantJob({
    name: followSegment,
    payload: z.object({ event: z.object({ subject_id: z.uuid() }) }),
    async handle(ctx, { event }) {
      await evaluateStages(ctx, { segment: event.subject_id })
    },
  }),
]
