import { Readable } from 'node:stream'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../context/context.ts'
import { isoText } from '../../db/moment.ts'
import { JsonText } from '../../http/implement.ts'
import { readCursor } from '../../http/paging.ts'
import { inTenant } from '../../tenancy/transaction.ts'
import type { exportAuditEntries, listAuditEntries } from '../contract/audit.ts'

type Filters = z.output<typeof exportAuditEntries.query>

/** A page of the log, newest first, as JSON text that PostgreSQL has built. */
export async function readAuditEntries(
  ctx: Context,
  query: z.output<typeof listAuditEntries.query>,
): Promise<JsonText> {
  const before = readCursor(query.cursor, 1)
  const { rows } = await sql<{ page: string }>`
    with page as (
      select * from audit_entry e
      where e.tenant_id = ${ctx.tenantId} and ${matching(ctx, query)} ${before ? sql`and e.sequence < ${before[0]}` : sql``}
      order by e.sequence desc limit ${query.limit + 1}
    ), shown as (select * from page order by sequence desc limit ${query.limit})
    select json_build_object(
      'items', coalesce((select json_agg(json_build_object(
          'sequence', s.sequence, 'at', ${isoText('s.at')},
          'actor', json_build_object('kind', s.actor_kind, 'id', s.actor_id, 'name', coalesce(actor.name, person.name, key.name, s.details->>'by')),
          'action', s.action, 'outcome', s.outcome,
          'subject', case when s.subject_id is not null then json_build_object('kind', s.subject_kind, 'id', s.subject_id,
            'name', coalesce(subject.name, team.name, subject_key.name, subject_person.name, subject_tenant.name)) end,
          'details', s.details, 'requestId', s.request_id, 'network', coalesce(s.network, s.details->>'from')) order by s.sequence desc)
        from shown s
        left join member am on am.tenant_id = ${ctx.tenantId} and am.id = s.actor_id
        left join app_user actor on actor.id = am.user_id
        left join app_user person on s.actor_kind = 'person' and person.id = s.actor_id
        left join api_key key on key.tenant_id = ${ctx.tenantId} and key.id = s.actor_id
        left join member sm on sm.tenant_id = ${ctx.tenantId} and sm.id = s.subject_id
        left join app_user subject on subject.id = sm.user_id
        left join team on team.tenant_id = ${ctx.tenantId} and team.id = s.subject_id
        left join api_key subject_key on subject_key.tenant_id = ${ctx.tenantId} and subject_key.id = s.subject_id
        left join app_user subject_person on s.subject_kind = 'user' and subject_person.id = s.subject_id
        left join tenant subject_tenant on subject_tenant.id = ${ctx.tenantId} and subject_tenant.id = s.subject_id), '[]'::json),
      'next', (select case when count(*) > ${query.limit} then (
        select translate(encode(convert_to(json_build_array(min(l.sequence))::text, 'UTF8'), 'base64'), '+/=', '-_') from shown l) end from page)
    )::text as page`.execute(ctx.tx)
  return new JsonText(rows[0]!.page)
}

const exportPage = 1_000

/**
 * The log as JSON lines, oldest first. Read page by page, each in a transaction of its own, so that a slow reader
 * holds none; a right that is taken away ends the stream.
 */
export function streamAuditEntries(ctx: Context, query: Filters): Readable {
  const { installation, tenantId, actor, requestId, network, locale } = ctx
  async function* lines(): AsyncGenerator<string> {
    let after = 0
    for (;;) {
      const page = await inTenant(
        installation,
        { requestId, network, locale, now: new Date() },
        tenantId,
        actor,
        inner => readLines(inner, query, after),
      )
      if (page.length === 0) return
      after = page.at(-1)!.sequence
      yield page.map(row => `${row.line}\n`).join('')
    }
  }
  return Readable.from(lines())
}

async function readLines(ctx: Context, query: Filters, after: number): Promise<{ sequence: number; line: string }[]> {
  const { rows } = await sql<{ sequence: number; line: string }>`
    select e.sequence, json_build_object(
      'sequence', e.sequence, 'at', ${isoText('e.at')}, 'actorKind', e.actor_kind, 'actorId', e.actor_id, 'action', e.action,
      'outcome', e.outcome, 'subjectKind', e.subject_kind, 'subjectId', e.subject_id, 'details', e.details,
      'requestId', e.request_id, 'network', e.network, 'hash', encode(e.hash, 'hex'))::text as line
    from audit_entry e where e.tenant_id = ${ctx.tenantId} and ${matching(ctx, query)} and e.sequence > ${after} order by e.sequence limit ${exportPage}`.execute(
    ctx.tx,
  )
  return rows
}

/** The filter of the query within the reader's record scope: own lines, those of the own teams, or all. */
function matching(ctx: Context, query: Filters): RawBuilder<unknown> {
  const conditions = [scopeCondition(ctx)]
  if (query.actorId) conditions.push(sql`e.actor_id = ${query.actorId}`)
  if (query.subjectId) conditions.push(sql`e.subject_id = ${query.subjectId}`)
  if (query.outcome) conditions.push(sql`e.outcome = ${query.outcome}`)
  if (query.action) conditions.push(sql`starts_with(e.action, ${query.action})`)
  if (query.from) conditions.push(sql`e.at >= ${query.from}::timestamptz`)
  if (query.to) conditions.push(sql`e.at < ${query.to}::timestamptz`)
  return sql.join(conditions, sql` and `)
}

/** Lines of a person carry the member's id for what they did in the company, the user's for their account. */
function scopeCondition(ctx: Context): RawBuilder<unknown> {
  const scope = requirePermission(ctx, 'audit.read')
  if (scope === 'all') return sql`true`
  const me = ctx.actor.id ?? null
  const members =
    scope === 'own'
      ? sql`select m.id, m.user_id from member m where m.tenant_id = ${ctx.tenantId} and m.id = ${me}`
      : sql`select m.id, m.user_id from member m where m.tenant_id = ${ctx.tenantId} and (m.id = ${me} or exists (
          select 1 from team_member mine join team_member theirs on theirs.tenant_id = mine.tenant_id and theirs.team_id = mine.team_id
          where mine.tenant_id = ${ctx.tenantId} and theirs.tenant_id = ${ctx.tenantId} and mine.member_id = ${me} and theirs.member_id = m.id))`
  return sql`e.actor_id in (select seen.id from (${members}) seen union all select seen.user_id from (${members}) seen)`
}
