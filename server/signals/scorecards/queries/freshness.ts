import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { keptColumns } from '../../metrics/queries/statement.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'

/** Metrics that say how many days ago the last fact of an area was, by the area that keys of metrics begin with. */
const ageMetrics: Readonly<Record<string, string>> = {
  usage: 'usage.days_since_last_use',
  surveys: 'surveys.days_since_nps',
  billing: 'billing.days_since_payment',
  communications: 'communications.days_since_contact',
}

export interface Freshness {
  /** Day of the last fact that the factor was worked out from; null where the facts carry no day of their own. */
  asOf: string | null
  /** It is older than the factor allows. */
  stale: boolean
}

/**
 * How old what each factor looks at is, by its place. A factor without a limit is never stale; one whose facts carry no
 * day of their own (licences, contracts, fields) is as fresh as the figures.
 * @param day YYYY-MM-DD of the score
 * @param isPast the figures of that day were kept; else they are those of now
 */
export async function freshnessOf(
  ctx: Context,
  customerId: string,
  { factors }: Pick<ScorecardDefinition, 'factors'>,
  day: string,
  isPast: boolean,
): Promise<Freshness[]> {
  const wanted = [
    ...new Set(factors.flatMap(({ input }) => ('metric' in input ? (ageMetricOf(input.metric) ?? []) : []))),
  ]
  const known = new Map<string, string | null>()
  if (wanted.length > 0) {
    const columns = await keptColumns(ctx, {
      keys: wanted,
      ...(isPast && { day }),
      customers: [customerId],
    })
    const ages = wanted.map(key => sql`${key}::text, (${day}::date - ${sql.id('m', key)}::int)::text`)
    const { rows } = await sql<{ days: Record<string, string | null> }>`
      select json_build_object(${sql.join(ages)}) as days from (${columns}) m`.execute(ctx.tx)
    for (const [key, value] of Object.entries(rows[0]?.days ?? {})) known.set(key, value)
  }
  for (const [key, value] of await judgedOn(ctx, customerId, day)) known.set(`manual ${key}`, value)
  return factors.map(({ input, freshDays }) => {
    const name =
      'metric' in input ? ageMetricOf(input.metric) : 'manual' in input ? `manual ${input.manual}` : undefined
    const asOf = (name !== undefined && known.get(name)) || null
    const age = asOf === null ? 0 : (Date.parse(day) - Date.parse(asOf)) / 86_400_000
    return { asOf, stale: freshDays !== undefined && age > freshDays }
  })
}

function ageMetricOf(key: string): string | undefined {
  return ageMetrics[key.split('.')[0]!]
}

/** The days on which factors were last judged by hand, until a day. */
async function judgedOn(ctx: Context, customerId: string, day: string): Promise<[string, string][]> {
  const local: RawBuilder<unknown> = sql`(j.measured_at at time zone t.time_zone)::date`
  const { rows } = await sql<{ key: string; day: string }>`
    select j.key, max(${local})::text as day from manual_measure j join tenant t on t.id = ${ctx.tenantId}
    where j.tenant_id = ${ctx.tenantId} and j.customer_id = ${customerId} and ${local} <= ${day}::date group by j.key`.execute(
    ctx.tx,
  )
  return rows.map(row => [row.key, row.day])
}
