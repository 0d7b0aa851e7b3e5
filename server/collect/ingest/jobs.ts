import { z } from 'zod'
import { enqueue } from '../../platform/context/context.ts'
import { tenantJob } from '../../platform/work/definition.ts'
import { processEvents } from './commands/process.ts'
import { removeOldEvents, removeOldFindings } from './commands/retention.ts'
import { markRecordsDirty } from './commands/roll-up.ts'

const mergeEvent = z.object({ event: z.object({ subject_id: z.uuid(), payload: z.object({ mergedId: z.uuid() }) }) })

const changeEvent = z.object({
  event: z.object({ subject_id: z.uuid(), payload: z.object({ fields: z.array(z.string()) }) }),
})

const merges = ['customer.merged', 'customer.unmerged', 'contact.merged', 'contact.unmerged']

export const reactions = {
  ...Object.fromEntries(merges.map(type => [type, ['ingest.follow_merge']])),
  'contact.changed': ['ingest.follow_contact'],
}

export const jobs = [
  tenantJob({
    name: 'ingest.follow_merge',
    payload: mergeEvent,
    async handle(ctx, { event }) {
      await markRecordsDirty(ctx, [event.subject_id, event.payload.mergedId])
      enqueue(ctx, { name: 'ingest.process', payload: {}, key: 'process' })
    },
  }),
  tenantJob({
    name: 'ingest.follow_contact',
    payload: changeEvent,
    async handle(ctx, { event }) {
      // Use of somebody about whom no group call was made belongs to the customer that the record names.
      if (!event.payload.fields.includes('customerId')) return
      await markRecordsDirty(ctx, [event.subject_id])
      enqueue(ctx, { name: 'ingest.process', payload: {}, key: 'process' })
    },
  }),
  tenantJob({
    name: 'ingest.process',
    payload: z.object({}),
    handle: ctx => processEvents(ctx),
    // Heals what a lost worker left; otherwise each delivery asks for it.
    schedule: '*/10 * * * *',
  }),
  tenantJob({
    name: 'ingest.remove_old_events',
    payload: z.object({ after: z.string().default('') }),
    handle: (ctx, { after }) => removeOldEvents(ctx, after),
    schedule: '20 3 * * *',
  }),
  tenantJob({
    name: 'ingest.remove_old_findings',
    payload: z.object({}),
    handle: ctx => removeOldFindings(ctx),
    schedule: '50 * * * *',
  }),
]
