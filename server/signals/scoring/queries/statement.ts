import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { propertiesHold, rawEvents } from '../../../catalog/conditions/queries/behaviour.ts'
import { compileSeveral, compileWith } from '../../../catalog/conditions/queries/sql.ts'
import type { ConditionVocabulary } from '../../../catalog/conditions/queries/vocabulary.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { BehaviourRule } from '../contract/rules.ts'
import { type PointsRule, unit, weightsOf } from '../score.ts'

/** What a statement scores by. */
export interface Scoring {
  rules: readonly (PointsRule & { place: number })[]
  settings: { lead: Condition | null; fitCap: number; engagementCap: number }
  vocabulary: ConditionVocabulary
}

interface Placed {
  column: string
  points: number
  when: BehaviourRule
}

/** A contact that belongs to no customer is a lead where the company says nothing else. */
const withoutCustomer: Condition = { not: { customer: { all: [] } } }

/**
 * The beginning of a statement that scores leads: common tables, the last of which is `name` with `id`, `points` (in
 * millionths, by place), `fit`, `engagement` (in millionths) and `score` (one decimal).
 * @param only a statement of ids to which it keeps; left out: every lead of the company
 */
export function scoring(
  ctx: Pick<Context, 'tenantId'>,
  { rules, settings, vocabulary }: Scoring,
  name: string,
  only?: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const table = (part: string) => sql.id(`${name}_${part}`)
  const chosen = sql`select id from ${table('leads')}`
  const attributes = rules.filter(({ when }) => when.kind === 'attribute')
  const conditions = attributes.map(({ when }) => (when as { condition: Condition }).condition)
  const { joins, where } = compileSeveral(vocabulary, ctx, 'contact', conditions, chosen)
  const behaviours = rules.flatMap(({ when, points, place }) =>
    when.kind === 'behaviour' ? [{ column: `n_${place}`, points, when }] : [],
  )
  const counted = behaviours.filter(({ when }) => when.where.length === 0)
  const looked = behaviours.filter(({ when }) => when.where.length > 0)
  const values = new Map<number, RawBuilder<unknown>>()
  for (const [place, rule] of attributes.entries()) {
    values.set(rule.place, sql`case when ${where[place]} then ${rule.points * unit}::int else 0 end`)
  }
  for (const { column } of behaviours) values.set(Number(column.slice(2)), sql`coalesce(${sql.id(column)}, 0)`)
  const leads = leadsOf(ctx, { rules, settings, vocabulary }, only)
  const use = (part: string, those: Placed[], rows: RawBuilder<unknown>) =>
    those.length === 0
      ? sql``
      : sql`${table(part)} as materialized (${behaviourOf(ctx, those, rows, vocabulary.today, chosen)}),`
  const join = (part: string, those: Placed[]) =>
    those.length === 0 ? sql`` : sql`left join ${table(part)} on ${table(part)}.id = c.id`
  const width = Math.max(0, ...rules.map(({ place }) => place))
  const points = Array.from({ length: width }, (_, place) => values.get(place + 1) ?? sql`0`)
  return sql`${table('leads')} as materialized (${leads}),
    ${use('use', counted, sql`usage_daily u`)}
    ${use('raw', looked, sql`usage_daily u ${rawEvents(ctx.tenantId, vocabulary.zone)}`)}
    ${table('points')} as materialized (
      select c.id, ${width === 0 ? sql`'{}'::int[]` : sql`array[${sql.join(points)}]::int[]`} as points
      from ${table('leads')} l join contact c on c.tenant_id = ${ctx.tenantId} and c.id = l.id
      ${joins} ${join('use', counted)} ${join('raw', looked)}),
    ${table('parts')} as (
      select p.id, p.points, ${partOf(rules, 'fit', settings.fitCap)} as fit,
        ${partOf(rules, 'engagement', settings.engagementCap)} as engagement
      from ${table('points')} p),
    ${sql.id(name)} as materialized (
      select p.*, round(greatest(0, least(${100 * unit}::bigint, p.fit + p.engagement)) / ${unit}::numeric, 1) as score
      from ${table('parts')} p)`
}

/** Who is a lead. A company without rules has none: nothing is known of them. */
function leadsOf(
  ctx: Pick<Context, 'tenantId'>,
  { rules, settings, vocabulary }: Scoring,
  only: RawBuilder<unknown> | undefined,
): RawBuilder<unknown> {
  const lead = settings.lead ?? withoutCustomer
  const { joins, where } = compileWith(vocabulary, ctx, 'contact', lead, only)
  const own = settings.lead ? where : sql`c.customer_id is null`
  return sql`select c.id from contact c ${joins}
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${rules.length > 0} and ${own}
      ${only ? sql`and c.id in (${only})` : sql``}`
}

/** What the points of a part add up to, within its cap, in millionths. */
function partOf(rules: Scoring['rules'], part: string, cap: number): RawBuilder<unknown> {
  const own = rules.filter(rule => rule.part === part)
  if (own.length === 0) return sql`0::bigint`
  const sum = sql.join(
    own.map(({ place }) => sql`p.points[${sql.lit(place)}]::bigint`),
    sql` + `,
  )
  return sql`greatest(${-cap * unit}::bigint, least(${cap * unit}::bigint, ${sum}))`
}

/** Points by use: a column a rule, from one pass over the roll-ups, or over the events behind them. */
function behaviourOf(
  ctx: Pick<Context, 'tenantId'>,
  rules: readonly Placed[],
  rows: RawBuilder<unknown>,
  today: string,
  chosen: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const looks = rules.some(({ when }) => when.where.length > 0)
  const amount = looks ? sql`count(*)` : sql`sum(u.events)`
  const counts = rules.map(({ column, when }) => {
    const named = when.event === '*' ? sql`true` : sql`u.feature = ${when.event}`
    const holds = when.where.length > 0 ? sql` and ${propertiesHold(when.where)}` : sql``
    return sql`${amount} filter (where ${named}${holds}) as ${sql.id(column)}`
  })
  const sums = rules.map(({ column, points, when }) => {
    const weight =
      when.halfLifeDays === null
        ? sql`case when d.age < ${when.days}::int then ${unit}::int end`
        : sql`(${weightsOf(when)}::int[])[d.age + 1]`
    const times = sql.id('d', column)
    const sum =
      when.count === 'days' ? sql`sum(${weight}) filter (where ${times} > 0)` : sql`sum(${times} * (${weight})::bigint)`
    const most = when.most * unit
    return sql`greatest(${-most}::bigint, least(${most}::bigint, coalesce(${sum}, 0) * ${points}::int))::int as ${sql.id(column)}`
  })
  const oldest = Math.max(...rules.map(({ when }) => when.days))
  const names = rules.map(({ when }) => when.event)
  return sql`
    select d.id, ${sql.join(sums)} from (
      select u.contact_id as id, ${today}::date - u.day as age, ${sql.join(counts)}
      from ${rows}
      where u.tenant_id = ${ctx.tenantId} and u.contact_id in (${chosen})
        and u.day > ${today}::date - ${oldest}::int and u.day <= ${today}::date
        and ${names.includes('*') ? sql`true` : sql`u.feature = any(${names}::text[])`}
      group by 1, 2) d group by 1`
}
