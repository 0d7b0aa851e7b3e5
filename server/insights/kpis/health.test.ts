import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { atMoment, customerSince, figureOf } from '../../../tests/support/kpis.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'
import { earlySuccess } from '../../signals/scorecards/catalog.ts'
import { createScorecard, publishScorecard } from '../../signals/scorecards/commands/cards.ts'

let application: TestApplication
let company: TestCompany
let card: string
const customers: string[] = []
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  customers.push(
    await customerSince(company, '2025-01-01'),
    await customerSince(company, '2025-01-01'),
    await customerSince(company, '2025-01-01'),
    await customerSince(company, '2025-01-01', { status: 'CHURNED', churnedOn: '2026-04-20' }),
  )
  await atMoment(company, async ctx => {
    await computeAll(ctx)
    card = await createScorecard(ctx, {
      key: 'k',
      nameJa: '健全度',
      nameEn: 'Health',
      condition: null,
      definition: earlySuccess,
    })
    await publishScorecard(ctx, card, null)
    // Figures and health of now and of two past days, as the product keeps them.
    await sql`delete from customer_health where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
    await sql`update customer set health_score = null where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
    await sql`delete from customer_figures where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
    const { rows } = await sql<{ key: string; place: number }>`
      select key, place from metric_place where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
    const most = Math.max(...rows.map(row => row.place))
    const figures = (values: Record<string, number>) =>
      Array.from({ length: most }, (_, at) => values[rows.find(row => row.place === at + 1)?.key ?? ''] ?? null)
    const bands = earlySuccess.bands
    const band = (colour: string) => bands.find(each => each.colour === colour)!.key
    const scored = async (day: string | null, place: number, score: number, colour: string) => {
      const into = day
        ? sql`health_daily (tenant_id, customer_id, scorecard_id, version, score, band, coverage, scores, inputs, day)`
        : sql`customer_health (tenant_id, customer_id, scorecard_id, version, score, band, coverage, scores, inputs, computed_at)`
      await sql`insert into ${into} values (${ctx.tenantId}, ${customers[place]}, ${card}, 1, ${score}, ${band(colour)}, 1, '{}', '{}',
        ${day ? sql`${day}::date` : sql`${ctx.now}::timestamptz`})`.execute(ctx.tx)
    }
    for (const day of ['2026-03-31', '2026-04-26']) {
      await sql`insert into figures_day (tenant_id, day, computed_at) values (${ctx.tenantId}, ${day}::date, ${ctx.now})`.execute(
        ctx.tx,
      )
    }
    await scored('2026-03-31', 0, 90, 'green')
    await scored('2026-03-31', 3, 20, 'red')
    // The last kept day of April is the 26th; whoever left before it does not count any more.
    await scored('2026-04-26', 0, 80, 'green')
    await scored('2026-04-26', 1, 60, 'yellow')
    await scored('2026-04-26', 3, 10, 'red')
    await scored(null, 0, 70, 'green')
    await sql`update customer set health_score = 70 where tenant_id = ${ctx.tenantId} and id = ${customers[0]}`.execute(
      ctx.tx,
    )
    // From outside, without a scorecard: by its level.
    await sql`update customer set health_score = 65 where tenant_id = ${ctx.tenantId} and id = ${customers[1]}`.execute(
      ctx.tx,
    )
    const used = async (day: string | null, place: number, values: Record<string, number>) => {
      const into = day
        ? sql`figures_daily (tenant_id, customer_id, figures, day)`
        : sql`customer_figures (tenant_id, customer_id, figures, day, computed_at)`
      await sql`insert into ${into} values (${ctx.tenantId}, ${customers[place]}, ${figures(values)}::float8[],
        ${day ? sql`${day}::date` : sql`'2026-05-15'::date, ${ctx.now}::timestamptz`})`.execute(ctx.tx)
    }
    const people = (count: number, daily: number, days: number, licences: number) => ({
      'usage.active_people_30': count,
      'usage.dau_mau': daily,
      'usage.login_days_30': days,
      'contracts.licences': licences,
    })
    await used('2026-04-26', 0, { ...people(10, 50, 12, 8), 'success.adoption_rate': 90 })
    await used('2026-04-26', 1, { ...people(30, 10, 4, 60), 'success.adoption_rate': 50 })
    await used('2026-04-26', 2, people(0, 0, 0, 32))
    await used(null, 0, people(20, 25, 5, 40))
  })
})
afterAll(() => application.end())

const figure = (key: string, month: string) => figureOf(company, key, month)

describe('health', () => {
  it('KPI-4: mean health of now and of the last kept day of a past month', async () => {
    expect(await figure('mean_health', '2026-05')).toEqual([67.5, 135, 2])
    expect(await figure('mean_health', '2026-04')).toEqual([70, 140, 2])
    expect(await figure('mean_health', '2026-03')).toEqual([55, 110, 2])
    expect(await figure('mean_health', '2026-01')).toEqual([null, 0, 0])
  })
  it('KPI-2, KPI-5: colours by the bands of the scorecard, of the version of that day', async () => {
    expect(await figure('green_ratio', '2026-05')).toEqual([50, 1, 2])
    expect(await figure('healthy_share', '2026-05')).toEqual([100, 2, 2])
    expect(await figure('green_ratio', '2026-04')).toEqual([50, 1, 2])
    expect(await figure('healthy_share', '2026-03')).toEqual([50, 1, 2])
  })
})

describe('use, from the figures of the month’s end', () => {
  it('KPI-2: adoption is the mean of those that have one', async () => {
    expect(await figure('core_adoption', '2026-04')).toEqual([70, 140, 2])
  })
  it('KPI-5: DAU/MAU, frequency and seats over all people, not means of means', async () => {
    // 5 + 3 people a day of 40; 120 + 120 days of 40 people; seats at most what there is: 8 + 30 of 100.
    expect(await figure('dau_mau', '2026-04')).toEqual([20, 8, 40])
    expect(await figure('login_frequency', '2026-04')).toEqual([6, 240, 40])
    expect(await figure('seat_use', '2026-04')).toEqual([38, 38, 100])
    expect(await figure('active_customers', '2026-04')).toEqual([66.666667, 2, 3])
    expect(await figure('dau_mau', '2026-05')).toEqual([25, 5, 20])
  })
})
