import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { figuresChanged, figuresChangedEvent } from '../metrics/events.ts'
import { changedCustomers } from '../metrics/queries/changed.ts'
import { evaluateSignals, everything } from './commands/evaluate.ts'

const follow = 'risks.follow'

export const reactions = { [figuresChanged]: [follow] }

export const jobs = [
  tenantJob({
    name: follow,
    payload: figuresChangedEvent,
    async handle(ctx, { event }) {
      const { at, all, facts } = event.payload
      await evaluateSignals(ctx, all ? everything : { facts, customers: changedCustomers(ctx, at) })
    },
  }),
  tenantJob({
    name: 'risks.evaluate',
    payload: z.object({}),
    handle: ctx => evaluateSignals(ctx, everything),
    // Before the segments of the hour, which may name signals.
    schedule: '2 * * * *',
  }),
]
