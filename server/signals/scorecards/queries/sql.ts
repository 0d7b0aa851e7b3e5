import { type RawBuilder, sql } from 'kysely'
import { type ConditionVocabulary, onDay } from '../../../catalog/conditions/queries/vocabulary.ts'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import type { ScorecardDefinition, Shape } from '../contract/definition.ts'
import { missingScore, surveyScales, weightsOf } from '../score.ts'
import { exceptionsOf, inputOf } from './inputs.ts'

export interface Scoring {
  definition: ScorecardDefinition
  /** A SELECT of `customer_id` and a column for each metric of the definition. */
  columns: RawBuilder<unknown>
  /** A condition on the customer `c`: whom the scorecard is for. */
  whom: RawBuilder<unknown>
  /** YYYY-MM-DD: today, or a past day. */
  day: string
  /** Those who had left by then, too: for judging the score itself. */
  withChurned?: boolean
}

/**
 * The scores of all customers of a scorecard as one SELECT: `customer_id, score, raw, band, coverage, scores, inputs,
 * exception`, the same as `scoreOf` says of each. Customers who left have none. Each step is fenced off (`offset 0`):
 * pulled into one, PostgreSQL would work inputs and scores out again wherever they are named.
 */
export function scoreStatement(
  reader: Pick<Reader, 'tenantId'>,
  vocabulary: ConditionVocabulary,
  { definition, columns, whom, day, withChurned }: Scoring,
): RawBuilder<unknown> {
  const { factors, bands } = definition
  const exceptions = exceptionsOf(reader, onDay(vocabulary, day), definition)
  const inputs = factors.map(
    (factor, place) => sql`${inputOf(reader, vocabulary, factor, day)} as ${sql.id(`i${place}`)}`,
  )
  const meets = exceptions.map((meet, place) => sql`, ${meet} as ${sql.id(`e${place}`)}`)
  const scores = factors.map(
    ({ shape }, place) => sql`${shapeSql(shape, sql.id('v', `i${place}`))} as ${sql.id(`s${place}`)}`,
  )
  const weights = weightsOf(definition)
  const column = (letter: string, place: number) => sql.id('s', `${letter}${place}`)
  const sums = factors.map((factor, place) => {
    const score = column('s', place)
    const weight = sql`${weights[place]!}::float8`
    const instead = missingScore(definition, factor)
    return {
      sum:
        instead === undefined
          ? sql`coalesce(${score} * ${weight}, 0)`
          : sql`coalesce(${score}, ${instead}::float8) * ${weight}`,
      total: instead === undefined ? sql`case when ${score} is null then 0 else ${weight} end` : weight,
      known: sql`case when ${score} is null then 0 else ${weight} end`,
    }
  })
  const added = (part: 'sum' | 'total' | 'known') =>
    sql.join(
      sums.map(each => each[part]),
      sql` + `,
    )
  const local = (moment: string) => sql`(o.${sql.id(moment)} at time zone ${vocabulary.zone})::date`
  const overrides = sql`(select distinct on (o.customer_id) o.customer_id, o.score::float8 as score from health_override o
      where o.tenant_id = ${reader.tenantId} and o.expires_on >= ${day}::date
        and ${local('set_at')} <= ${day}::date and (o.ended_at is null or ${local('ended_at')} > ${day}::date)
      order by o.customer_id, o.set_at desc, o.id desc)`
  let excepted: RawBuilder<unknown> = sql`r.raw`
  let decisive: RawBuilder<unknown> = sql`null::int`
  for (const [place, { effect, value }] of definition.exceptions.slice(0, exceptions.length).entries()) {
    const meet = sql.id('r', `e${place}`)
    const worth = sql`${value}::float8`
    const changed =
      effect === 'cap'
        ? sql`least(${excepted}, ${worth})`
        : effect === 'floor'
          ? sql`greatest(${excepted}, ${worth})`
          : worth
    decisive = sql`case when ${meet} and ${changed} <> ${excepted} then ${sql.lit(place + 1)} else ${decisive} end`
    excepted = sql`case when ${meet} and ${excepted} is not null then ${changed} else ${excepted} end`
  }
  const kept = exceptions.map((_, place) => sql`, s.${sql.id(`e${place}`)}`)
  const carried = exceptions.map((_, place) => sql`, v.${sql.id(`e${place}`)}`)
  const byBand = [...bands].sort((one, other) => other.from - one.from)
  const bandCases = byBand.map(({ key, from }) => sql`when floor(x.score + 0.5) >= ${sql.lit(from)} then ${key}`)
  const array = (letter: string, type: RawBuilder<unknown>) =>
    sql`array[${sql.join(factors.map((_, place) => column(letter, place)))}]::${type}[]`
  return sql`
    select x.customer_id, x.score, x.raw, case when x.score is null then null ${sql.join(bandCases, sql` `)} else ${byBand.at(-1)!.key} end as band,
      x.coverage, x.scores, x.inputs, x.exception
    from (
      select r.customer_id, coalesce(r.override, ${excepted}) as score, r.raw, r.coverage, r.scores, r.inputs,
        case when r.override is not null then 0 else ${decisive} end as exception
      from (
        select r.*, o.score as override from (
          select s.customer_id, floor((${added('sum')}) / nullif(${added('total')}, 0) * 10 + 0.5) / 10 as raw,
            ${added('known')} as coverage, ${array('s', sql`real`)} as scores, ${array('i', sql`float8`)} as inputs${sql.join(kept, sql``)}
          from (
            select v.customer_id, ${sql.join(factors.map((_, place) => sql.id('v', `i${place}`)))}, ${sql.join(scores)}${sql.join(carried, sql``)}
            from (
              select c.id as customer_id, ${sql.join(inputs)}${sql.join(meets, sql``)}
              from customer c join (${columns}) m on m.customer_id = c.id
              where c.tenant_id = ${reader.tenantId} and c.merged_into is null
                and ${withChurned ? sql`true` : sql`(c.churned_on is null or c.churned_on > ${day}::date)`} and ${whom} offset 0) v offset 0) s offset 0) r
        left join ${overrides} o on o.customer_id = r.customer_id offset 0) r offset 0) x`
}

/** What a value is worth, as SQL; null for null. */
function shapeSql(shape: Shape, value: RawBuilder<unknown>): RawBuilder<unknown> {
  const number = (each: number) => sql`${each}::float8`
  switch (shape.kind) {
    case 'steps': {
      const cases = shape.steps
        .toReversed()
        .map(({ from, over, score }) =>
          over === undefined
            ? sql`when ${value} >= ${number(from!)} then ${number(score)}`
            : sql`when ${value} > ${number(over)} then ${number(score)}`,
        )
      return sql`case when ${value} is null then null ${sql.join(cases, sql` `)} else ${number(shape.below)} end`
    }
    case 'linear':
      return along(value, number(shape.from), number(shape.to), number(0), number(100))
    case 'piecewise': {
      const { points } = shape
      const pieces = points.slice(1).map((point, place) => {
        const before = points[place]!
        return sql`when ${value} < ${number(point.at)} then ${along(value, number(before.at), number(point.at), number(before.score), number(point.score))}`
      })
      return sql`case when ${value} is null then null when ${value} < ${number(points[0]!.at)} then ${number(points[0]!.score)}
        ${sql.join(pieces, sql` `)} else ${number(points.at(-1)!.score)} end`
    }
    case 'survey': {
      const [worst, best] = surveyScales[shape.scale]
      return along(value, number(worst), number(best), number(0), number(100))
    }
  }
}

function along(
  value: RawBuilder<unknown>,
  from: RawBuilder<unknown>,
  to: RawBuilder<unknown>,
  low: RawBuilder<unknown>,
  high: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`(case when ${value} is not null then ${low} + least(1, greatest(0, (${value} - ${from}) / (${to} - ${from}))) * (${high} - ${low}) end)`
}
