import { type RawBuilder, sql } from 'kysely'
import { memberName, requireCustomer } from '../../../customers/accounts/queries/customers.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { MetricUnit } from '../../../platform/context/vocabulary.ts'
import { calendarOf } from '../../metrics/queries/as-of.ts'
import { type Metrics, metricsOf } from '../../metrics/queries/definitions.ts'
import { causesOf } from '../cause.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'
import { contributions, countedWeights } from '../score.ts'
import { freshnessOf } from './freshness.ts'

interface Row {
  day: string
  computed_at: Date | null
  score: number | null
  raw: number | null
  band: string | null
  coverage: number
  scores: (number | null)[]
  inputs: (number | null)[]
  exception: number | null
  scorecard_id: string
  version: number
  definition: ScorecardDefinition
  name_ja: string
  name_en: string
}

/** The health of a customer now, or on the last kept day until the one asked for. */
async function stateOf(ctx: Context, id: string, day: string | undefined): Promise<Row | undefined> {
  const of = (table: RawBuilder<unknown>, columns: RawBuilder<unknown>, where: RawBuilder<unknown>) => sql<Row>`
    select ${columns}, h.score, h.raw, h.band, h.coverage, h.scores, h.inputs, h.exception, h.scorecard_id, h.version,
      v.definition, s.name_ja, s.name_en
    from ${table} h
    join scorecard_version v on v.tenant_id = ${ctx.tenantId} and v.scorecard_id = h.scorecard_id and v.version = h.version
    join scorecard s on s.tenant_id = ${ctx.tenantId} and s.id = h.scorecard_id
    where h.tenant_id = ${ctx.tenantId} and h.customer_id = ${id} ${where}`
  const { rows } = await (day === undefined
    ? of(
        sql`customer_health`,
        sql`(${ctx.now}::timestamptz at time zone (select t.time_zone from tenant t where t.id = ${ctx.tenantId}))::date::text as day,
          greatest(h.computed_at, (select a.computed_at from health_state a where a.tenant_id = ${ctx.tenantId})) as computed_at`,
        sql``,
      )
    : of(
        sql`health_daily`,
        sql`h.day::text as day, null::timestamptz as computed_at`,
        sql`and h.day <= ${day}::date order by h.day desc limit 1`,
      )
  ).execute(ctx.tx)
  return rows[0]
}

/** Everything that the Health tab of a customer shows. */
export async function customerHealth(ctx: Context, id: string, day: string | undefined) {
  await requireCustomer(ctx, id)
  const state = await stateOf(ctx, id, day)
  const metrics = await metricsOf(ctx)
  const { rows: history } = await sql<{ day: string; score: number | null; band: string | null; version: number }>`
    select day::text as day, score, band, version from health_daily
    where tenant_id = ${ctx.tenantId} and customer_id = ${id} order by day`.execute(ctx.tx)
  const definition = state?.definition
  const exception = state?.exception ? definition!.exceptions[state.exception - 1] : undefined
  return {
    day: state?.day ?? null,
    computedAt: state?.computed_at?.toISOString() ?? null,
    score: state?.score ?? null,
    raw: state?.raw ?? null,
    band: state?.band ?? null,
    coverage: state?.coverage ?? 0,
    exception: exception ? { ja: exception.nameJa, en: exception.nameEn } : null,
    override: await overrideOf(ctx, id),
    scorecard: state
      ? {
          id: state.scorecard_id,
          nameJa: state.name_ja,
          nameEn: state.name_en,
          version: state.version,
          bands: state.definition.bands,
        }
      : null,
    factors: state ? await factorsOf(ctx, id, state, metrics) : [],
    measures: definition ? await measuresOf(ctx, id, definition) : [],
    history,
  }
}

async function factorsOf(ctx: Context, id: string, state: Row, metrics: Metrics) {
  const { definition, scores, inputs } = state
  const freshness = await freshnessOf(ctx, id, definition, state.day, state.computed_at === null)
  const weights = countedWeights(definition, scores)
  const points = contributions(definition, scores)
  return definition.factors.map(({ key, nameJa, nameEn, input }, place) => ({
    key,
    nameJa,
    nameEn,
    weight: weights[place]! * 100,
    points: points[place]!,
    score: scores[place] ?? null,
    input: inputs[place] ?? null,
    unit: unitOf(definition, metrics, place) ?? null,
    ...freshness[place]!,
    source: 'metric' in input ? ('metric' as const) : 'manual' in input ? ('manual' as const) : ('field' as const),
    sourceKey: 'metric' in input ? input.metric : 'manual' in input ? input.manual : input.field,
  }))
}

function unitOf({ factors }: ScorecardDefinition, metrics: Metrics, place: number): MetricUnit | undefined {
  const { input } = factors[place]!
  if (!('metric' in input)) return undefined
  return input.expected ? 'percent' : metrics.get(input.metric)?.definition.unit
}

async function overrideOf(ctx: Context, id: string) {
  const { rows } = await sql<{ item: never }>`
    select json_build_object('id', o.id, 'score', o.score, 'reason', o.reason, 'setByName', ${memberName(ctx, sql`o.set_by`)},
      'setAt', o.set_at, 'expiresOn', o.expires_on) as item
    from health_override o join tenant t on t.id = ${ctx.tenantId}
    where o.tenant_id = ${ctx.tenantId} and o.customer_id = ${id} and o.ended_at is null
      and o.expires_on >= (${ctx.now}::timestamptz at time zone t.time_zone)::date
    order by o.set_at desc, o.id desc limit 1`.execute(ctx.tx)
  return rows[0]?.item ?? null
}

/** What is judged by hand, with the last judgement of each. */
async function measuresOf(ctx: Context, id: string, { factors }: ScorecardDefinition) {
  const manual = factors.flatMap(({ input, nameJa, nameEn }) =>
    'manual' in input ? [{ key: input.manual, nameJa, nameEn }] : [],
  )
  const { rows } = await sql<{ key: string; item: Measured }>`
    select distinct on (j.key) j.key, json_build_object('value', j.value, 'note', j.note, 'measuredByName', ${memberName(ctx, sql`j.measured_by`)},
      'measuredAt', j.measured_at, 'expiresOn', j.expires_on) as item
    from manual_measure j where j.tenant_id = ${ctx.tenantId} and j.customer_id = ${id}
    order by j.key, j.measured_at desc, j.id desc`.execute(ctx.tx)
  const known = new Map(rows.map(({ key, item }) => [key, item]))
  const none: Measured = { value: null, note: null, measuredByName: null, measuredAt: null, expiresOn: null }
  return manual.map(measure => ({ ...measure, ...(known.get(measure.key) ?? none) }))
}

interface Measured {
  value: number | null
  note: string | null
  measuredByName: string | null
  measuredAt: string | null
  expiresOn: string | null
}

/** What changed between two days, and why. Scores of two scorecards or versions are compared by the later one's factors. */
export async function healthChanges(ctx: Context, id: string, { from, to }: { from?: string; to?: string }) {
  await requireCustomer(ctx, id)
  const start = from ?? fourWeeksBefore((await calendarOf(ctx)).today)
  const [before, after] = [await stateOf(ctx, id, start), await stateOf(ctx, id, to)]
  const metrics = await metricsOf(ctx)
  const told = (row: Row | undefined) => (row ? { day: row.day, score: row.score } : null)
  return {
    from: told(before),
    to: told(after),
    causes: before && after ? causesBetween(before, after, metrics) : [],
  }
}

function causesBetween(before: Row, after: Row, metrics: Metrics) {
  const { definition } = after
  // Factors of the former version by their key: places may have moved.
  const place = (key: string) => before.definition.factors.findIndex(factor => factor.key === key)
  const was = {
    scores: definition.factors.map(({ key }) => before.scores[place(key)] ?? null),
    inputs: definition.factors.map(({ key }) => before.inputs[place(key)] ?? null),
  }
  return causesOf(definition, was, after, at => unitOf(definition, metrics, at))
}

/** The causes of a move, for rows that were read elsewhere. */
export function causesOfMove(
  definition: ScorecardDefinition,
  metrics: Metrics,
  before: { scores: (number | null)[]; inputs: (number | null)[] },
  after: { scores: (number | null)[]; inputs: (number | null)[] },
) {
  return causesOf(definition, before, after, place => unitOf(definition, metrics, place))
}

function fourWeeksBefore(day: string): string {
  return new Date(Date.parse(day) - 28 * 86_400_000).toISOString().slice(0, 10)
}
