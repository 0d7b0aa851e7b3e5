import { Readable } from 'node:stream'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../context/context.ts'
import type { JsonText } from '../../http/implement.ts'
import { jsonPage, readCursor } from '../../http/paging.ts'
import type { exportAuditEntries, listAuditEntries } from '../contract/audit.ts'
import { asActorNow } from '../present.ts'

type Filters = z.output<typeof exportAuditEntries.query>

/** A page of the log, newest first, as JSON text that PostgreSQL has built. */
export async function readAuditEntries(
  ctx: Context,
  query: z.output<typeof listAuditEntries.query>,
): Promise<JsonText> {
  const before = readCursor(query.cursor, 1)
  const { rows } = await sql<{ item: string }>`
    with page as (
      select * from audit_entry e
      where e.tenant_id = ${ctx.tenantId} and ${matching(ctx, query)} ${before ? sql`and e.sequence < ${before[0]}` : sql``}
      order by e.sequence desc limit ${query.limit + 1}
    )
    select row_to_json(item)::text as item from (
      select p.sequence, p.at,
        json_build_object('kind', p.actor_kind, 'id', p.actor_id,
          'name', coalesce(actor.name, person.name, key.name, p.details->>'by')) as actor,
        p.action, p.outcome,
        case when p.subject_id is not null then json_build_object('kind', p.subject_kind, 'id', p.subject_id,
          'name', coalesce(subject.name, team.name, subject_key.name, subject_person.name, company.name)) end as subject,
        p.details, p.request_id as "requestId", coalesce(p.network, p.details->>'from') as network
      from page p
      left join member am on am.tenant_id = ${ctx.tenantId} and am.id = p.actor_id
      left join app_user actor on actor.id = am.user_id
      left join app_user person on p.actor_kind = 'person' and person.id = p.actor_id
      left join api_key key on key.tenant_id = ${ctx.tenantId} and key.id = p.actor_id
      left join member sm on sm.tenant_id = ${ctx.tenantId} and sm.id = p.subject_id
      left join app_user subject on subject.id = sm.user_id
      left join team on team.tenant_id = ${ctx.tenantId} and team.id = p.subject_id
      left join api_key subject_key on subject_key.tenant_id = ${ctx.tenantId} and subject_key.id = p.subject_id
      left join app_user subject_person on p.subject_kind = 'user' and subject_person.id = p.subject_id
      left join tenant company on company.id = ${ctx.tenantId} and company.id = p.subject_id
      order by p.sequence desc
    ) item`.execute(ctx.tx)
  return jsonPage(rows, query.limit, ['sequence'])
}

const exportPage = 1_000

/**
 * The log as JSON lines, oldest first. Read page by page, each in a transaction of its own, so that a slow reader
 * holds none, and with the rights of that moment: when they are gone, the download breaks off, as its end would make
 * a part look like the whole.
 */
export function streamAuditEntries(ctx: Context, query: Filters): Readable {
  async function* lines(): AsyncGenerator<string> {
    let after = 0
    for (;;) {
      const page = await asActorNow(ctx, 'audit.read', present => readLines(present, query, after))
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
      'sequence', e.sequence, 'at', e.at, 'actorKind', e.actor_kind, 'actorId', e.actor_id, 'action', e.action,
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
