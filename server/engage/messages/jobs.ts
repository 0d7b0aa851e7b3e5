import { z } from 'zod'
import { enqueue } from '../../platform/context/context.ts'
import { outsideJob, tenantJob } from '../../platform/work/definition.ts'
import { prepareCampaign, prepareJob, startDueCampaigns } from './commands/campaigns.ts'
import { markCampaignGoals } from './commands/goals.ts'
import { noteMailed } from './commands/mailed.ts'
import { endLostSending, finishCampaigns, nextWork } from './commands/outbox.ts'
import { sendJob, wakeSender } from './commands/queue.ts'
import { sendQueued } from './commands/send.ts'
import { checkSenders } from './commands/senders.ts'
import { deliverTest, testJob, testShape } from './commands/test.ts'

const checkJob = 'messages.check-senders'

export const jobs = [
  outsideJob({
    name: sendJob,
    payload: z.object({ tenantId: z.uuid() }),
    handle: (installation, { tenantId }, signal) => sendQueued(installation, tenantId, signal),
  }),
  outsideJob({
    name: testJob,
    payload: testShape,
    handle: (installation, payload) => deliverTest(installation, payload),
  }),
  tenantJob({
    name: prepareJob,
    payload: z.object({ campaignId: z.uuid() }),
    handle: (ctx, { campaignId }) => prepareCampaign(ctx, campaignId),
  }),
  tenantJob({
    name: 'messages.watch',
    payload: z.object({}),
    async handle(ctx) {
      await startDueCampaigns(ctx)
      await endLostSending(ctx)
      await finishCampaigns(ctx)
      await noteMailed(ctx)
      const next = await nextWork(ctx)
      if (next && next <= ctx.now) wakeSender(ctx)
    },
    schedule: '* * * * *',
  }),
  outsideJob({
    name: checkJob,
    payload: z.object({ tenantId: z.uuid() }),
    handle: (installation, { tenantId }) => checkSenders(installation, tenantId),
  }),
  tenantJob({
    name: 'messages.domains',
    payload: z.object({}),
    async handle(ctx) {
      enqueue(ctx, { name: checkJob, payload: { tenantId: ctx.tenantId } })
    },
    schedule: '35 4 * * *',
  }),
  tenantJob({
    name: 'messages.goals',
    payload: z.object({}),
    handle: markCampaignGoals,
    schedule: '*/10 * * * *',
  }),
]
