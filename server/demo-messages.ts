import { sql } from 'kysely'
import { createInApp, updateInApp } from './engage/in-app/commands/messages.ts'
import { inAppDocument } from './engage/in-app/contract/document.ts'
import { createCampaign, prepareCampaign, startCampaign } from './engage/messages/commands/campaigns.ts'
import type { Context } from './platform/context/context.ts'

/** Days before today on which the demo's campaign went out; its goal has had its days. */
const sentAgo = 20

const checklist = inAppDocument.parse({
  kind: 'checklist',
  tone: 'accent',
  content: {
    ja: { title: 'はじめの3ステップ', text: '最初の1週間で終えると、成果が早く出ます。' },
    en: { title: 'Three steps to begin with', text: 'Done in the first week, they bring results early.' },
  },
  items: [
    { ja: 'チームのメンバーを招待する', en: 'Invite your team', event: 'Member Invited' },
    { ja: '最初のプロジェクトを作る', en: 'Make your first project', event: 'Project Created' },
    { ja: '週次レポートを受け取る', en: 'Turn on the weekly report', event: 'Report Created' },
  ],
})

/** A campaign that went out, with what came of it, and a checklist inside the product. After the flows, whose letter it sends. */
export async function messageDemo(ctx: Context): Promise<void> {
  const then: Context = { ...ctx, now: new Date(ctx.now.getTime() - sentAgo * 86_400_000) }
  const { rows } = await sql<{ template: string; topic: string }>`
    select t.id as template, t.topic_id as topic from message_template t
    where t.tenant_id = ${ctx.tenantId} and t.key = 'welcome'`.execute(ctx.tx)
  const { template, topic } = rows[0]!
  const id = await createCampaign(then, {
    name: 'はじめの3ステップのご案内',
    templateId: template,
    topicId: topic,
    senderId: null,
    audience: { kind: 'condition', condition: { all: [] } },
    goal: { condition: { event: 'Project Created', did: 'at_least', times: 1, days: 14 }, withinDays: 14 },
  })
  await startCampaign(then, id, undefined)
  await prepareCampaign(then, id)
  // Nothing leaves: what a server would have said, and what people did, by a number that each message always has.
  await sql`
    with taken as (
      select m.id, abs(hashtext(m.id::text)) % 1000 as number, ${then.now}::timestamptz + make_interval(secs => abs(hashtext(m.id::text)) % 900) as at
      from message m where m.tenant_id = ${ctx.tenantId} and m.source_kind = 'campaign' and m.source_id = ${id} and m.state = 'pending')
    update message m set state = 'accepted', attempts = 1, accepted_at = taken.at, updated_at = taken.at,
      opened_at = case when taken.number < 420 then taken.at + make_interval(mins => taken.number * 7) end,
      clicked_at = case when taken.number < 130 then taken.at + make_interval(mins => taken.number * 7 + 2) end,
      converted_at = case when taken.number < 48 then taken.at + make_interval(hours => taken.number * 5 + 1) end,
      unsubscribed_at = case when taken.number between 412 and 419 then taken.at + make_interval(mins => taken.number * 7 + 3) end,
      bounced_at = case when taken.number > 991 then taken.at + interval '1 minute' end
    from taken where m.tenant_id = ${ctx.tenantId} and m.id = taken.id`.execute(ctx.tx)
  await sql`
    update campaign set state = 'finished', finished_at = ${then.now}::timestamptz + interval '15 minutes'
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const message = await createInApp(ctx, {
    key: 'first-steps',
    name: 'はじめの3ステップ',
    document: checklist,
    priority: 50,
    startsAt: null,
    endsAt: null,
  })
  await updateInApp(ctx, message, { state: 'enabled' })
}
