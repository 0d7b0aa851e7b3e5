import { sql } from 'kysely'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import { peopleFor } from '../../alerts/queries/colleagues.ts'
import { type NewNotice, notify } from '../../notices/commands/notify.ts'
import type { StepOf } from '../contract/steps.ts'
import { namesOf, type SubjectName } from '../queries/subjects.ts'
import { allBy, type Batch, effectKey, type Outcome, type StepDefinition, type Visitor } from './definition.ts'
import { filled, tasksFor } from './work.ts'

/** Tells colleagues and channels. */
export const notice: StepDefinition<'notice'> = {
  async run(ctx, step, batch) {
    const names = await namesOf(ctx, batch)
    const people = await peopleFor(
      ctx,
      step.to,
      batch.visitors.map(({ subjectId }) => names.get(subjectId)?.ownerId ?? null),
    )
    const tasks = step.task ? await openTasks(ctx, step, batch, names) : undefined
    await notify(
      ctx,
      batch.visitors.map((visitor, place): NewNotice => {
        const name = names.get(visitor.subjectId)
        return {
          topic: step.topic,
          severity: step.severity,
          subject: { kind: batch.subject, id: visitor.subjectId },
          title: { ja: filled(step.title.ja, name), en: filled(step.title.en, name) },
          text: { ja: filled(step.text.ja, name), en: filled(step.text.en, name) },
          link: tasks ? `/tasks?open=${tasks[place]!}` : pageOf(batch, visitor),
          key: `flow:${effectKey(visitor)}`,
          to: { members: people[place]!, channels: step.channels },
          exact: true,
        }
      }),
    )
    return batch.visitors.map(({ id }, place): Outcome => {
      const nobody = people[place]!.length === 0 && step.channels.length === 0
      return nobody
        ? { id, way: 'next', skipped: true, reason: 'nobody_to_assign' }
        : { id, way: 'next', details: { people: people[place]!.length, channels: step.channels } }
    })
  },
}

/** A task for each, which nobody has yet: whoever takes it over by the card or in the list does it. @returns their ids */
async function openTasks(
  ctx: Context,
  step: StepOf<'notice'>,
  batch: Batch,
  names: ReadonlyMap<string, SubjectName>,
): Promise<string[]> {
  const { rows } = await sql<{ locale: 'ja' | 'en' }>`
    select locale from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  const { locale } = rows[0]!
  const outcomes = await tasksFor(ctx, batch, visitor => ({
    title: filled(step.title[locale], names.get(visitor.subjectId)),
    description: step.text[locale] === '' ? null : filled(step.text[locale], names.get(visitor.subjectId)),
    priority: step.severity === 'critical' ? 'urgent' : step.severity,
    assign: { kind: 'nobody' },
  }))
  return outcomes.map(outcome => ('details' in outcome ? String(outcome.details?.taskId) : ''))
}

/** A signed message to a program, by the channel's own deliveries: retries, log and secret are those of the channel. */
export const webhook: StepDefinition<'webhook'> = {
  async run(ctx, step, batch) {
    if (!(await isWebhook(ctx, step.channel))) return allBy(batch, 'next', { skipped: true, reason: 'channel_missing' })
    await send(ctx, batch, step.channel, 'flow.step', visitor => ({ step: step.key, enrolmentId: visitor.id }))
    return allBy(batch, 'next', { details: { channel: step.channel } })
  },
}

/** Whether there is a channel of the kind webhook with the key. */
export async function isWebhook(ctx: Context, key: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from notice_channel where tenant_id = ${ctx.tenantId} and key = ${key} and kind = 'webhook'`.execute(
    ctx.tx,
  )
  return rows.length > 0
}

/** Sends what happened to everybody of a batch to a channel, each once. */
export async function send(
  ctx: Context,
  batch: Batch,
  channel: string,
  type: string,
  more: (visitor: Visitor) => JsonObject,
): Promise<void> {
  const names = await namesOf(ctx, batch)
  const external = await externalIds(ctx, batch)
  await notify(
    ctx,
    batch.visitors.map(visitor => ({
      topic: 'handling' as const,
      severity: 'low' as const,
      subject: { kind: batch.subject, id: visitor.subjectId },
      title: { ja: batch.flow.nameJa, en: batch.flow.nameEn },
      text: { ja: names.get(visitor.subjectId)?.name ?? '', en: names.get(visitor.subjectId)?.name ?? '' },
      link: pageOf(batch, visitor),
      key: `flow:${effectKey(visitor)}`,
      to: { members: [], channels: [channel] },
      exact: true,
      event: {
        type,
        data: {
          flow: batch.flow.key,
          subject: batch.subject,
          subjectId: visitor.subjectId,
          externalId: external.get(visitor.subjectId) ?? null,
          name: names.get(visitor.subjectId)?.name ?? null,
          customerId: visitor.customerId,
          ...more(visitor),
        },
      },
    })),
  )
}

async function externalIds(ctx: Context, { subject, visitors }: Batch): Promise<Map<string, string | null>> {
  const ids = visitors.map(({ subjectId }) => subjectId)
  const { rows } = await sql<{ id: string; external_id: string | null }>`
    select c.id, c.external_id from ${sql.table(subject)} c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])`.execute(
    ctx.tx,
  )
  return new Map(rows.map(row => [row.id, row.external_id]))
}

function pageOf({ subject }: Batch, { subjectId }: Visitor): string {
  return subject === 'customer' ? `/customers/${subjectId}` : `/contacts/${subjectId}`
}
