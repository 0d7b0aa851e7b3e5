import { sql } from 'kysely'
import { z } from 'zod'
import { followContactsJob } from '../../customers/contacts/events.ts'
import { enqueue } from '../../platform/context/context.ts'
import { tenantJob } from '../../platform/work/definition.ts'
import { figuresChanged, figuresChangedEvent } from '../metrics/events.ts'
import { changedCustomers } from '../metrics/queries/changed.ts'
import { scoreAllJob } from './commands/rules.ts'
import { followContacts, scoreLeadsNow } from './commands/score.ts'
import { settingsOf } from './queries/definition.ts'

export const reactions = { [figuresChanged]: ['scoring.follow_figures'] }

export const jobs = [
  tenantJob({ name: followContactsJob, payload: z.object({}), handle: ctx => followContacts(ctx) }),
  tenantJob({
    name: 'scoring.follow_figures',
    payload: figuresChangedEvent,
    async handle(ctx, { event }) {
      // Leads of no customer have no figures to follow.
      if ((await settingsOf(ctx)).lead === null) return
      const { at, all } = event.payload
      if (all) enqueue(ctx, { name: scoreAllJob, payload: {}, key: 'all' })
      else {
        await scoreLeadsNow(
          ctx,
          sql`select k.id from contact k where k.tenant_id = ${ctx.tenantId} and k.customer_id in (${changedCustomers(ctx, at)})`,
        )
      }
    },
  }),
  tenantJob({
    name: scoreAllJob,
    payload: z.object({}),
    async handle(ctx) {
      await scoreLeadsNow(ctx)
    },
    // Points wear off, days pass, and nothing may have been missed.
    schedule: '25 * * * *',
  }),
]
