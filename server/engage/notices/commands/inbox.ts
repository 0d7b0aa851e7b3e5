import { sql } from 'kysely'
import type { z } from 'zod'
import { announce, type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { changePreferences as change } from '../contract/preferences.ts'
import { requireMember } from '../queries/receivers.ts'
import { sendJob } from './notify.ts'

/** Marks notices of the actor as read. @param ids left out: all. @returns how many were unread */
export async function readNotices(ctx: Context, ids: readonly string[] | undefined): Promise<number> {
  const self = requireMember(ctx)
  const { numAffectedRows } = await sql`
    update notice_delivery set read_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and recipient_id = ${self} and way = 'in_app' and state = 'sent' and read_at is null
      and (${ids === undefined}::boolean or notice_id = any(${ids ?? []}::uuid[]))`.execute(ctx.tx)
  const read = Number(numAffectedRows)
  if (read > 0) announce(ctx, { type: 'notice.read', subject: { kind: 'member', id: self }, payload: { read } })
  return read
}

/** Keeps what the actor wants to be told, on which way and when. */
export async function changePreferences(ctx: Context, { choices, times }: z.output<typeof change.body>): Promise<void> {
  const self = requireMember(ctx)
  await sql`
    insert into notice_preference (tenant_id, member_id, topic, severity, in_app, mail)
    select distinct on (line.topic, line.severity) ${ctx.tenantId}::uuid, ${self}::uuid, line.topic, line.severity, line."inApp", line.mail
    from jsonb_to_recordset(${JSON.stringify(choices)}::jsonb) as line (topic text, severity text, "inApp" boolean, mail text)
    on conflict (tenant_id, member_id, topic, severity) do update set in_app = excluded.in_app, mail = excluded.mail`.execute(
    ctx.tx,
  )
  if (times) {
    const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
    const { quiet } = times
    await sql`
      insert into notice_times (tenant_id, member_id, digest_at, quiet_from, quiet_to, working_days, japanese_holidays, critical_passes, weekly_report, updated_at)
      values (${ctx.tenantId}, ${self}, ${minutes(times.digestAt)}, ${quiet && minutes(quiet.from)}, ${quiet && minutes(quiet.to)},
        ${times.workingDays}::smallint[], ${times.japaneseHolidays}, ${times.criticalPasses}, ${times.weeklyReport}, ${ctx.now})
      on conflict (tenant_id, member_id) do update set digest_at = excluded.digest_at, quiet_from = excluded.quiet_from,
        quiet_to = excluded.quiet_to, working_days = excluded.working_days, japanese_holidays = excluded.japanese_holidays,
        critical_passes = excluded.critical_passes, weekly_report = excluded.weekly_report, updated_at = excluded.updated_at`.execute(
      ctx.tx,
    )
  }
  record(ctx, { action: 'notice_preferences.changed', subject: { kind: 'member', id: self } })
}

/** Sends again to a channel what failed or was not sent. @throws AppError `not_found`, `conflict` */
export async function retryDelivery(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'channels.manage')
  const { rows } = await sql<{ way: string; state: string }>`
    select way, state from notice_delivery where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  const [known] = rows
  if (!known) throw notFound()
  if (known.way !== 'channel' || !['failed', 'skipped'].includes(known.state)) {
    throw new AppError('conflict', {
      ja: '再送できるのは、チャネルへの配信のうち、失敗したものと送信しなかったものだけです。',
      en: 'Only deliveries to channels that failed or were not sent can be sent again.',
    })
  }
  await sql`
    update notice_delivery set state = 'waiting', reason = null, error = null, attempts = 0, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  enqueue(ctx, { name: sendJob, payload: { tenantId: ctx.tenantId, id } })
  record(ctx, { action: 'notice_delivery.retried', subject: { kind: 'notice_delivery', id } })
}
