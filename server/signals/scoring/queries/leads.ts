import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import type { listLeads as contract } from '../contract/leads.ts'
import { rulesOf, settingsOf } from './definition.ts'
import { pointsOf, ruleWords } from './words.ts'

/** Rules that are named of each lead. */
const mostReasons = 3

/** Whether the actor may see the contact `k`: leads of no customer are everybody's. */
export function visibleLead(ctx: Context): RawBuilder<boolean> {
  const scope = requirePermission(ctx, 'customers.read')
  if (scope === 'all') return sql`true`
  return sql`(k.customer_id is null or k.customer_id in (
    select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)}))`
}

/** Leads, the highest score first. */
export async function listLeads(
  ctx: Context,
  { hot, least, stage, assignee, search, limit, cursor }: z.output<typeof contract.query>,
): Promise<JsonText> {
  const words = ruleWords(await rulesOf(ctx))
  const after = readCursor(cursor, 2)
  const found = search ? `%${search.replace(/[\\%_]/g, each => `\\${each}`)}%` : null
  const { rows } = await sql<{ item: string }>`
    with ${words}
    select json_build_object('id', k.id, 'name', k.name, 'email', k.email, 'title', k.title,
      'company', coalesce(k.company, (select of.name from customer of where of.tenant_id = ${ctx.tenantId} and of.id = k.customer_id)),
      'stage', k.lifecycle_stage, 'score', s.score::float8, 'fit', s.fit::float8, 'engagement', s.engagement::float8,
      'hot', s.hot_since is not null, 'hotSince', s.hot_since, 'assigneeId', s.assignee_id,
      'assigneeName', ${memberName(ctx, sql`s.assignee_id`)}, 'lastSeenAt', k.last_seen_at, 'changedAt', s.changed_at,
      'change7', (s.score - (select h.to_score from lead_score_change h where h.tenant_id = ${ctx.tenantId} and h.contact_id = s.contact_id
        and h.at <= ${ctx.now}::timestamptz - interval '7 days' order by h.at desc limit 1))::float8,
      'reasons', (select coalesce(json_agg(line.reason order by line.weight desc, line.place), '[]') from (
        select json_build_object('rule', w.rule, 'nameJa', w.ja, 'nameEn', w.en, 'points', ${pointsOf(sql`s.points[w.place]`)}) as reason,
          abs(s.points[w.place]) as weight, w.place
        from words w where s.points[w.place] <> 0 order by 2 desc, 3 limit ${mostReasons}) line))::text as item
    from lead_score_state s join contact k on k.tenant_id = ${ctx.tenantId} and k.id = s.contact_id and k.merged_into is null
    where s.tenant_id = ${ctx.tenantId} and ${visibleLead(ctx)}
      and ${hot === undefined ? sql`true` : hot === 'true' ? sql`s.hot_since is not null` : sql`s.hot_since is null`}
      and ${least === undefined ? sql`true` : sql`s.score >= ${least}::numeric`}
      and ${stage === undefined ? sql`true` : sql`k.lifecycle_stage = ${stage}`}
      and ${assignee === undefined ? sql`true` : sql`s.assignee_id = ${assignee}::uuid`}
      and ${found === null ? sql`true` : sql`(k.name ilike ${found} or k.email ilike ${found} or k.company ilike ${found})`}
      and ${after ? sql`(s.score < ${after[0]}::numeric or (s.score = ${after[0]}::numeric and s.contact_id > ${after[1]}::uuid))` : sql`true`}
    order by s.score desc, s.contact_id limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['score', 'id'])
}

/** What the leads add up to. */
export async function leadStatistics(ctx: Context): Promise<JsonText> {
  const { hotAt, scoredAt } = await settingsOf(ctx)
  const enabled = (await rulesOf(ctx)).filter(({ state }) => state === 'enabled').length
  const { rows } = await sql<{ item: string }>`
    with lead as materialized (
      select s.score, s.hot_since, k.lifecycle_stage as stage from lead_score_state s
      join contact k on k.tenant_id = ${ctx.tenantId} and k.id = s.contact_id
      where s.tenant_id = ${ctx.tenantId} and ${visibleLead(ctx)})
    select json_build_object('leads', count(*), 'hot', count(hot_since),
      'hot7', count(*) filter (where hot_since > ${ctx.now}::timestamptz - interval '7 days'),
      'mean', round(avg(score), 1)::float8, 'hotAt', ${hotAt}::int, 'rules', ${enabled}::int,
      'scoredAt', ${scoredAt?.toISOString() ?? null}::text,
      'distribution', (select json_agg((select count(*)::int from lead l where least(9, floor(l.score / 10)) = tenth) order by tenth)
        from generate_series(0, 9) as tenth),
      'stages', (select coalesce(json_agg(json_build_object('stage', line.stage, 'leads', line.leads) order by line.leads desc), '[]')
        from (select stage, count(*)::int as leads from lead where stage is not null group by 1 order by 2 desc limit 50) line))::text as item
    from lead`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}
