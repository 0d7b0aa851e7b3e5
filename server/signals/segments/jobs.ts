import { z } from 'zod'
import { enqueue } from '../../platform/context/context.ts'
import { factKinds } from '../../platform/context/vocabulary.ts'
import { tenantJob } from '../../platform/work/definition.ts'
import { figuresChanged, figuresChangedEvent } from '../metrics/events.ts'
import { changedCustomers } from '../metrics/queries/changed.ts'
import { refreshSegments } from './commands/refresh.ts'

const refreshAll = 'segments.refresh_all'

export const reactions = { [figuresChanged]: ['segments.follow'] }

export const jobs = [
  tenantJob({
    name: 'segments.follow',
    payload: figuresChangedEvent,
    async handle(ctx, { event }) {
      const { at, all, facts } = event.payload
      if (all) enqueue(ctx, { name: refreshAll, payload: {}, key: 'all' })
      else await refreshSegments(ctx, { facts, all: false, customers: changedCustomers(ctx, at) })
    },
  }),
  tenantJob({
    name: refreshAll,
    payload: z.object({}),
    handle: ctx => refreshSegments(ctx, { facts: factKinds, all: true }),
    schedule: '5 * * * *',
  }),
]
