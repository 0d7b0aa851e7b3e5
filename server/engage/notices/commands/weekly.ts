import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { queueMail } from '../../../platform/mail/queue.ts'
import { type Receiver, receiversOf } from '../queries/receivers.ts'
import { type Report, reportReaders, reportsOf } from '../queries/weekly.ts'
import { lineWords, weekDue } from '../weekly.ts'

/** Scores of so many weeks are kept. */
const keptWeeks = 8

/**
 * Mails the weekly report to everybody whose Monday morning it is, once a week. Where there is nothing to say no mail
 * goes out. @returns how many mails
 */
export async function sendWeeklyReports(ctx: Context): Promise<number> {
  await keepScores(ctx)
  const receivers = await receiversOf(ctx, await reportReaders(ctx))
  const due = receivers.flatMap(receiver => {
    const week = weekDue(ctx.now, receiver.times, receiver.timeZone)
    return week ? [{ receiver, week }] : []
  })
  if (due.length === 0) return 0
  const weeks = await claim(ctx, new Map(due.map(({ receiver, week }) => [receiver.id, week])))
  const reports = await reportsOf(ctx, weeks)
  const sent: { id: string; week: string; mail: string; customers: number }[] = []
  for (const { receiver, week } of due) {
    const report = weeks.has(receiver.id) ? reports.get(receiver.id) : undefined
    if (!report) continue
    const mail = await queueMail(ctx, receiver.email, receiver.locale, mailOf(receiver, week, report))
    sent.push({ id: receiver.id, week, mail, customers: report.customers })
  }
  await sql`
    update weekly_report w set mail_id = line.mail, customers = line.customers
    from jsonb_to_recordset(${JSON.stringify(sent)}::jsonb) as line (id uuid, week date, mail uuid, customers int)
    where w.tenant_id = ${ctx.tenantId} and w.member_id = line.id and w.week = line.week`.execute(ctx.tx)
  return sent.length
}

/** Keeps the scores of the company's Monday morning, once, for the change that the next report tells. */
async function keepScores(ctx: Context): Promise<void> {
  await sql`
    with company as (
      select date_trunc('week', local.moment)::date as week, local.moment from (
        select ${ctx.now}::timestamptz at time zone t.time_zone as moment from tenant t where t.id = ${ctx.tenantId}) local)
    insert into churn_score_weekly (tenant_id, week, customer_id, score)
    select ${ctx.tenantId}, company.week, c.id, c.churn_score from company
    join customer c on c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.churn_score is not null
    where company.moment >= company.week + interval '8 hours' and company.moment < company.week + interval '32 hours'
      and not exists (select 1 from churn_score_weekly known where known.tenant_id = ${ctx.tenantId} and known.week = company.week)
    on conflict do nothing`.execute(ctx.tx)
  const horizon = new Date(ctx.now.getTime() - keptWeeks * 7 * 86_400_000)
  await sql`delete from churn_score_weekly where tenant_id = ${ctx.tenantId} and week < ${horizon}::date`.execute(
    ctx.tx,
  )
  await sql`delete from weekly_report where tenant_id = ${ctx.tenantId} and week < ${horizon}::date`.execute(ctx.tx)
}

/** Notes whose report is written now. @returns those that nobody noted before */
async function claim(ctx: Context, weeks: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const lines = [...weeks].map(([id, week]) => ({ id, week }))
  const { rows } = await sql<{ member_id: string }>`
    insert into weekly_report (tenant_id, week, member_id, customers, created_at)
    select ${ctx.tenantId}::uuid, line.week, line.id, 0, ${ctx.now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, week date)
    on conflict do nothing returning member_id`.execute(ctx.tx)
  return new Map(rows.map(row => [row.member_id, weeks.get(row.member_id)!]))
}

function mailOf({ name }: Receiver, week: string, { about, lines, customers }: Report) {
  const notices = lines.map(line => ({ ...lineWords(line), link: `/customers/${line.id}` }))
  return { kind: 'weekly_report', name, week, about, notices, others: customers - lines.length } as const
}
