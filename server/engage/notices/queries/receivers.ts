import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Locale } from '../../../platform/errors/words.ts'
import type { NoticeChoice, NoticeTimes } from '../contract/preferences.ts'
import { allChoices, presetTimes } from '../preference.ts'

/** A colleague who is told, with what they want. */
export interface Receiver {
  id: string
  name: string
  email: string
  locale: Locale
  timeZone: string
  choices: NoticeChoice[]
  times: NoticeTimes
}

interface Row extends Omit<Receiver, 'times'> {
  digest_at: number | null
  quiet_from: number | null
  quiet_to: number | null
  working_days: number[] | null
  japanese_holidays: boolean | null
  critical_passes: boolean | null
  weekly_report: boolean | null
}

/** Members by their ids; those who have left are left out. */
export async function receiversOf(ctx: Context, ids: readonly string[]): Promise<Receiver[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Row>`
    select m.id, u.name, u.email, u.locale, u.time_zone as "timeZone", t.digest_at, t.quiet_from, t.quiet_to, t.working_days,
      t.japanese_holidays, t.critical_passes, t.weekly_report, (
        select coalesce(jsonb_agg(jsonb_build_object('topic', p.topic, 'severity', p.severity, 'inApp', p.in_app, 'mail', p.mail)), '[]')
        from notice_preference p where p.tenant_id = ${ctx.tenantId} and p.member_id = m.id) as choices
    from member m join app_user u on u.id = m.user_id
    left join notice_times t on t.tenant_id = ${ctx.tenantId} and t.member_id = m.id
    where m.tenant_id = ${ctx.tenantId} and m.id = any(${ids}::uuid[])`.execute(ctx.tx)
  return rows.map(({ id, name, email, locale, timeZone, choices, ...row }) => {
    return { id, name, email, locale, timeZone, choices, times: timesOf(row) }
  })
}

function timesOf(row: Omit<Row, 'id' | 'name' | 'email' | 'locale' | 'timeZone' | 'choices'>): NoticeTimes {
  if (row.digest_at === null) return presetTimes
  const { quiet_from: from, quiet_to: to } = row
  return {
    digestAt: clockOf(row.digest_at),
    quiet: from === null || to === null ? null : { from: clockOf(from), to: clockOf(to) },
    workingDays: row.working_days!,
    japaneseHolidays: row.japanese_holidays!,
    criticalPasses: row.critical_passes!,
    weeklyReport: row.weekly_report!,
  }
}

function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** What the actor is told, on which way and when. */
export async function readPreferences(ctx: Context) {
  const [self] = await receiversOf(ctx, [requireMember(ctx)])
  return { choices: allChoices(self!.choices), times: self!.times, timeZone: self!.timeZone }
}

/** The actor as a member of the company. @throws AppError `forbidden` for programs */
export function requireMember(ctx: Context): string {
  if (ctx.actor.kind === 'member') return ctx.actor.id
  throw new AppError('forbidden', {
    ja: '通知は人に届くものです。APIキーでは利用できません。',
    en: 'Notices are for people; an API key has none.',
  })
}
