import { type RawBuilder, sql } from 'kysely'
import { noteFacts } from '../../../customers/accounts/commands/facts.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { followContactsSoon } from '../../../customers/contacts/commands/save.ts'
import { announce, type Context, requirePermission } from '../../../platform/context/context.ts'
import { type Definition, definitionOf, rulesOf, type StoredRule } from '../queries/definition.ts'
import { scoring } from '../queries/statement.ts'
import { reasonsOf, ruleWords } from '../queries/words.ts'
import { unit } from '../score.ts'
import { assignInTurn } from './assign.ts'

/** A hot lead is told again only after it was so many points below. */
const hysteresis = 5
/** Points by which time alone has to move a score until the history notes it. */
const decayNoted = 5
/** Contacts that one statement scores. */
const mostContacts = 20_000
/** Leads that one run tells of one by one; of more it tells how many. */
const mostTold = 100

export interface Scored {
  leads: number
  /** Whose score or points are other ones now. */
  changed: number
  hot: number
  milliseconds: number
}

/**
 * Scores leads anew: one statement works out the points of twenty thousand and writes what is another thing now, with the
 * history and its reasons. What became hot is given to the next colleague in turn and told once.
 * @param only a statement of the contacts to look at; left out: all
 */
export async function scoreLeadsNow(ctx: Context, only?: RawBuilder<unknown>): Promise<Scored> {
  const begin = performance.now()
  await lockScoring(ctx)
  const definition = await definitionOf(ctx)
  // Who is a lead cannot be said: everybody keeps their score until somebody mends the condition.
  if (definition.fault !== null) return { leads: 0, changed: 0, hot: 0, milliseconds: 0 }
  const total: Written = { leads: 0, changed: 0, shown: 0, hot: [] }
  for (const portion of only ? [only] : await portionsOf(ctx)) {
    const { leads, changed, shown, hot } = await write(ctx, definition, portion)
    total.leads += leads
    total.changed += changed
    total.shown += shown
    total.hot.push(...hot)
  }
  const { leads, changed, shown, hot } = total
  if (!only) {
    await sql`
      update scoring_settings set scored_at = ${ctx.now} where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  }
  if (shown > 0) {
    await noteFacts(
      ctx,
      'contacts',
      sql`select k.customer_id, ${today(ctx)} as from_day from lead_score_state s
        join contact k on k.tenant_id = ${ctx.tenantId} and k.id = s.contact_id
        where s.tenant_id = ${ctx.tenantId} and s.changed_at = ${ctx.now} group by k.customer_id
        union select null::uuid, ${today(ctx)}`,
    )
  }
  if (hot.length > 0) await tellHot(ctx, hot, definition)
  if (changed > 0) announce(ctx, { type: 'lead.scored', payload: { at: ctx.now.toISOString(), leads: changed } })
  return { leads, changed, hot: hot.length, milliseconds: Math.round(performance.now() - begin) }
}

/** Scores the contacts that were noted as changed. */
export async function followContacts(ctx: Context): Promise<void> {
  await lockScoring(ctx)
  const { rows } = await sql<{ contact_id: string }>`
    delete from contact_change where tenant_id = ${ctx.tenantId} and id = any(array(
      select id from contact_change where tenant_id = ${ctx.tenantId} limit ${mostContacts}))
    returning contact_id`.execute(ctx.tx)
  if (rows.length === 0) return
  const ids = [...new Set(rows.map(row => row.contact_id))]
  await scoreLeadsNow(ctx, sql`select unnest(${ids}::uuid[])`)
  if (rows.length === mostContacts) followContactsSoon(ctx)
}

/** The same for a person who asks. */
export async function scoreAllLeads(ctx: Context): Promise<Scored> {
  requirePermission(ctx, 'leads.manage')
  return scoreLeadsNow(ctx)
}

/** One run of a company at a time: what one reads as the last score is the last score. */
export async function lockScoring(ctx: Context): Promise<void> {
  await sql`
    insert into scoring_settings (tenant_id, updated_at) values (${ctx.tenantId}, ${ctx.now}) on conflict do nothing`.execute(
    ctx.tx,
  )
  await sql`select 1 from scoring_settings where tenant_id = ${ctx.tenantId} for update`.execute(ctx.tx)
}

/** All contacts of the company, in portions that one statement scores well within the time that it is given. */
async function portionsOf(ctx: Context): Promise<RawBuilder<unknown>[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select id, row_number() over (order by id) as place from contact where tenant_id = ${ctx.tenantId}) numbered
    where place % ${mostContacts} = 0 order by id`.execute(ctx.tx)
  const bounds = [null, ...rows.map(({ id }) => id), null]
  return bounds.slice(1).map(
    (until, place) => sql`select k.id from contact k where k.tenant_id = ${ctx.tenantId}
      and (${bounds[place] ?? null}::uuid is null or k.id > ${bounds[place] ?? null}::uuid)
      and (${until}::uuid is null or k.id <= ${until}::uuid)`,
  )
}

interface HotLead {
  id: string
  score: number
}

interface Written {
  leads: number
  changed: number
  /** Contacts whose score is another one now. */
  shown: number
  hot: HotLead[]
}

async function write(ctx: Context, definition: Definition, only: RawBuilder<unknown> | undefined): Promise<Written> {
  const { hotAt } = definition.settings
  const all = await rulesOf(ctx)
  const kept = only ? sql`and s.contact_id in (${only})` : sql``
  const { rows } = await sql<Written>`
    with ${ruleWords(all)},
    ${scoring(ctx, definition, 'scored', only)},
    compared as materialized (
      select n.*, s.contact_id is null as is_new, s.score as was, s.recorded, s.recorded_points, n.score >= ${hotAt} as is_hot,
        coalesce(s.armed, true) as armed, s.hot_since,
        s.contact_id is null or s.score <> n.score or s.points <> n.points or s.fit <> round(n.fit / ${unit}::numeric, 1)
          or s.engagement <> round(n.engagement / ${unit}::numeric, 1) or (s.hot_since is not null) <> (n.score >= ${hotAt}) as is_changed,
        case when s.contact_id is null then n.score > 0
          else abs(n.score - s.recorded) >= ${decayNoted}
            or (abs(n.score - s.recorded) >= 1 and ${stepped(definition, all)})
            or (s.hot_since is not null) <> (n.score >= ${hotAt}) end as is_noted
      from scored n left join lead_score_state s on s.tenant_id = ${ctx.tenantId} and s.contact_id = n.id),
    gone as (
      delete from lead_score_state s where s.tenant_id = ${ctx.tenantId} ${kept}
        and not exists (select 1 from scored n where n.id = s.contact_id)
      returning s.contact_id as id, s.recorded),
    kept as (
      insert into lead_score_state (tenant_id, contact_id, score, fit, engagement, points, hot_since, armed, recorded,
        recorded_points, changed_at)
      select ${ctx.tenantId}, c.id, c.score, round(c.fit / ${unit}::numeric, 1), round(c.engagement / ${unit}::numeric, 1),
        c.points, case when c.is_hot then coalesce(c.hot_since, ${ctx.now}::timestamptz) end,
        case when c.is_hot then false when c.score < ${hotAt - hysteresis} then true else c.armed end,
        case when c.is_noted or c.is_new then c.score else c.recorded end,
        case when c.is_noted or c.is_new then c.points else c.recorded_points end, ${ctx.now}
      from compared c where c.is_changed or c.is_noted or (not c.armed and c.score < ${hotAt - hysteresis})
      on conflict (tenant_id, contact_id) do update set score = excluded.score, fit = excluded.fit,
        engagement = excluded.engagement, points = excluded.points, hot_since = excluded.hot_since, armed = excluded.armed,
        recorded = excluded.recorded, recorded_points = excluded.recorded_points, changed_at = excluded.changed_at
      returning 1),
    noted as (
      insert into lead_score_change (tenant_id, contact_id, at, from_score, to_score, hot, reasons)
      select ${ctx.tenantId}::uuid, c.id, ${ctx.now}::timestamptz, c.recorded, c.score, c.is_hot and c.hot_since is null,
        ${reasonsOf(sql`c.recorded_points`, sql`c.points`)}
      from compared c where c.is_noted
      union all
      select ${ctx.tenantId}::uuid, gone.id, ${ctx.now}::timestamptz, gone.recorded, null, false, '[]'::jsonb from gone
      on conflict (tenant_id, contact_id, at) do update set to_score = excluded.to_score,
        hot = lead_score_change.hot or excluded.hot, reasons = excluded.reasons
      returning 1),
    shown as (
      update contact k set lead_score = line.score
      from (select id, score from compared union all select id, null from gone) line
      where k.tenant_id = ${ctx.tenantId} and k.id = line.id and k.lead_score is distinct from line.score
      returning 1)
    select (select count(*)::int from scored) as leads,
      (select count(*) filter (where is_changed)::int from compared) + (select count(*)::int from gone) as changed,
      (select count(*)::int from shown) as shown,
      (select coalesce(json_agg(json_build_object('id', c.id, 'score', c.score::float8) order by c.score desc, c.id), '[]')
        from compared c where c.is_hot and c.armed) as hot
    where (select count(*) from kept) >= 0 and (select count(*) from noted) >= 0`.execute(ctx.tx)
  return rows[0]!
}

/** Whether some rule's points moved other than by time wearing them off. */
function stepped({ rules, settings }: Definition, all: readonly StoredRule[]): RawBuilder<unknown> {
  const fades = new Map(
    rules.flatMap(({ place, when, points }) =>
      when.kind === 'behaviour' && when.halfLifeDays !== null ? [[place, points] as const] : [],
    ),
  )
  const moved = all.map(({ place }) => {
    const [now, before] = [
      sql`coalesce(n.points[${sql.lit(place)}], 0)`,
      sql`coalesce(s.recorded_points[${sql.lit(place)}], 0)`,
    ]
    const points = fades.get(place)
    if (points === undefined) return sql`${now} <> ${before}`
    return points > 0 ? sql`${now} > ${before}` : sql`${now} < ${before}`
  })
  // The points of a rule that was deleted are nobody's any more.
  if (settings.lastPlace > all.length) {
    moved.push(sql`exists (select 1 from unnest(s.recorded_points) with ordinality as kept (points, place)
      where kept.points <> 0 and kept.place <> all(${all.map(({ place }) => place)}::int[]))`)
  }
  return moved.length === 0 ? sql`true` : sql`(${sql.join(moved, sql` or `)})`
}

async function tellHot(ctx: Context, hot: readonly HotLead[], { settings }: Definition): Promise<void> {
  const assignees = await assignInTurn(
    ctx,
    hot.map(({ id }) => id),
    settings,
  )
  if (hot.length > mostTold) {
    announce(ctx, {
      type: 'leads.hot',
      payload: { at: ctx.now.toISOString(), leads: hot.length, hotAt: settings.hotAt },
    })
    return
  }
  for (const { id, score } of hot) {
    announce(ctx, {
      type: 'lead.hot',
      subject: { kind: 'contact', id },
      payload: { at: ctx.now.toISOString(), score, hotAt: settings.hotAt, assigneeId: assignees.get(id) ?? null },
    })
  }
}
