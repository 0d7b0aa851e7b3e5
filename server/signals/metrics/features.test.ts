import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, newCustomer, sendUse, usageEvent as use } from '../../../tests/support/facts.ts'
import { createInvoices, createPayments } from '../../customers/billing/commands/save.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import { createContracts, updateContracts } from '../../customers/contracts/commands/save.ts'
import { createAnswers } from '../../customers/feedback/commands/save.ts'
import { createTickets } from '../../customers/support/commands/save.ts'
import { createCommunication } from '../../customers/timeline/commands.ts'
import type { Context } from '../../platform/context/context.ts'
import { computeDay } from './commands/compute.ts'
import { openRun } from './commands/follow.ts'
import { figuresOfCustomer } from './queries/catalogue.ts'
import { isUndated, metricsOf } from './queries/definitions.ts'
import { metricColumns } from './queries/statement.ts'

let application: TestApplication
let company: TestCompany
const by = { origin: 'person' } as const

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

/** Figures of a customer as of so many days ago, by their keys without the area. */
async function figures(area: string, keys: string, customer: string, ago = 0) {
  const names = keys.split(' ')
  return asSystem(company, async ctx => {
    const columns = await metricColumns(ctx, {
      keys: names.map(name => `${area}.${name}`),
      day: dayAgo(ago),
      customers: [customer],
    })
    const { rows } = await sql<Record<string, number | null>>`select m.* from (${columns}) m`.execute(ctx.tx)
    return Object.fromEntries(names.map(name => [name, rows[0]![`${area}.${name}`]]))
  })
}

const near = (value: number) => expect.closeTo(value, 6)
const old = { contractStart: dayAgo(700) }

describe('CHN-1: features of churn, worked out by hand', () => {
  it('tell how regular use is and where it goes, and look at nothing after the day', async () => {
    const customer = await newCustomer(company, { externalId: 'g', licenceCount: 10, ...old })
    // Weeks, the latest first: 1, 0, 2, 0, 0, 3, 0, 2 events.
    const ages = [0, 15, 16, 36, 37, 38, 50, 51]
    await sendUse(company, ...ages.map(age => use('u', 'g', age)))
    const keys = 'events_trend_8w volatility_8w longest_gap_60 active_people_before_7 login_days_before_30'
    // Places -3.5 … 3.5 from the oldest week on: (7·1 + 3·2 − 3·3 − 7·2) ÷ 84 a week, of a mean of one.
    expect(await figures('usage', keys, customer)).toEqual({
      events_trend_8w: near((100 * (7 + 6 - 9 - 14)) / 84),
      volatility_8w: near(100 * Math.sqrt((1 + 4 + 9 + 4) / 8 - 1)),
      longest_gap_60: 19,
      active_people_before_7: 0,
      login_days_before_30: 5,
    })
    // Twenty days ago: days 16, 17, 18, 30, 31 before it.
    expect(await figures('usage', keys, customer, 20)).toEqual({
      events_trend_8w: near((100 * (3 * 3 - 2 * 1)) / 84 / (5 / 8)),
      volatility_8w: near(100 * Math.sqrt((9 + 4) / 8 / (25 / 64) - 1)),
      longest_gap_60: 28,
      active_people_before_7: 0,
      login_days_before_30: 2,
    })
    const silent = await newCustomer(company, old)
    expect(await figures('usage', `${keys} dau_mau login_days_30`, silent)).toEqual({
      events_trend_8w: null,
      volatility_8w: null,
      longest_gap_60: 60,
      active_people_before_7: 0,
      login_days_before_30: 0,
      dau_mau: 0,
      login_days_30: 0,
    })
  })

  it('tell new and dropped features, named events, and shares of seats and people against the period before', async () => {
    const customer = await newCustomer(company, { externalId: 'g', licenceCount: 4, ...old })
    await sendUse(
      company,
      use('a', 'g', 1, 'Export'),
      use('a', 'g', 1, 'Export'),
      use('a', 'g', 2, 'Export'),
      use('a', 'g', 3, 'Dashboard Viewed'),
      use('b', 'g', 31, 'Dashboard Viewed'),
      use('a', 'g', 33, 'Report'),
      use('c', 'g', 34, 'Report'),
      use('a', 'g', 5, 'Cancel Page Viewed'),
      { ...use('a', 'g', 6), type: 'page', name: '解約', event: undefined },
      use('a', 'g', 70, 'Downgrade Attempted'),
      use('a', 'g', 80, 'Community Posted'),
    )
    const keys =
      'features_30 features_new_30 features_dropped_30 outside_top_feature_share_30 dashboard_views_30 dashboard_change_30 cancel_page_views_30 downgrade_attempts_90 community_posts_90 docs_views_30 active_share_change_30 people_kept_share_30 active_days_change_30'
    expect(await figures('usage', keys, customer)).toEqual({
      features_30: 3,
      features_new_30: 2,
      features_dropped_30: 1,
      outside_top_feature_share_30: near(40),
      dashboard_views_30: 1,
      dashboard_change_30: 0,
      cancel_page_views_30: 2,
      downgrade_attempts_90: 1,
      community_posts_90: 1,
      docs_views_30: 0,
      active_share_change_30: -50,
      people_kept_share_30: near(100 / 3),
      active_days_change_30: 2,
    })
    expect(await figures('usage', 'features_30 cancel_page_views_30 downgrade_attempts_90', customer, 30)).toEqual({
      features_30: 2,
      cancel_page_views_30: 0,
      downgrade_attempts_90: 1,
    })
  })

  it('tell what champions do, and since when one is gone', async () => {
    const customer = await newCustomer(company, { externalId: 'g', ...old })
    await asSystem(company, ctx =>
      createContacts(
        ctx,
        ['champion', 'user'].map(externalId => ({
          id: randomUUID(),
          values: {
            customerId: customer,
            externalId,
            name: externalId,
            stakeholderRole: externalId === 'champion' ? 'CHAMPION' : 'USER',
            leftOn: externalId === 'champion' ? dayAgo(10) : null,
          },
        })),
        by,
      ),
    )
    await sendUse(company, ...[12, 20, 40].map(age => use('champion', 'g', age)), use('user', 'g', 1))
    const keys = 'champion_days_30 champion_days_before_30 champion_days_change_30 champion_days_since_use'
    expect(await figures('usage', keys, customer)).toEqual({
      champion_days_30: 2,
      champion_days_before_30: 1,
      champion_days_change_30: 1,
      champion_days_since_use: 12,
    })
    expect(await figures('usage', keys, customer, 15)).toEqual({
      champion_days_30: 2,
      champion_days_before_30: 0,
      champion_days_change_30: 2,
      champion_days_since_use: 5,
    })
    expect(await figures('contacts', 'days_since_champion_left', customer)).toEqual({ days_since_champion_left: 10 })
    expect(await figures('contacts', 'days_since_champion_left', customer, 11)).toEqual({
      days_since_champion_left: null,
    })
  })

  it('tell tickets, answers, messages and bills against the period before, as they were known on the day', async () => {
    const customer = await newCustomer(company, { externalId: 'g', ...old })
    await asSystem(company, ctx => facts(ctx, customer))
    const tickets =
      'opened_change_90 open_now open_before_30 open_change_30 urgent_90 defects_90 unhappy_words_90 satisfaction_90 satisfaction_change_90 days_since_opened'
    expect(await figures('tickets', tickets, customer)).toEqual({
      opened_change_90: 2,
      open_now: 1,
      open_before_30: 2,
      open_change_30: -1,
      urgent_90: 1,
      defects_90: 2,
      unhappy_words_90: 1,
      satisfaction_90: 2,
      satisfaction_change_90: -3,
      days_since_opened: 20,
    })
    // Thirty days ago the ticket of 40 days ago was neither solved nor rated.
    expect(await figures('tickets', 'opened_90 open_now satisfaction_90 satisfaction_5', customer, 30)).toEqual({
      opened_90: 2,
      open_now: 2,
      satisfaction_90: null,
      satisfaction_5: 5,
    })
    expect(await figures('surveys', 'csat_change_90 nps_lowest_180', customer)).toEqual({
      csat_change_90: -2,
      nps_lowest_180: 3,
    })
    expect(await figures('communications', 'contacts_change_90 unhappy_words_90 days_since_meeting', customer)).toEqual(
      { contacts_change_90: 0, unhappy_words_90: 1, days_since_meeting: 100 },
    )
    expect(await figures('billing', 'days_late_90 days_late_change_90 failed_share_365', customer)).toEqual({
      days_late_90: 12,
      days_late_change_90: 9,
      failed_share_365: 50,
    })
    // Ten days after it was due it was not paid yet.
    expect(await figures('billing', 'days_late_90 failed_share_365', customer, 20)).toEqual({
      days_late_90: 6.5,
      failed_share_365: 0,
    })
  })

  it('do not tell of a past day when a contract was going to end, which was not known then', async () => {
    const customer = await newCustomer(company, { contractStart: dayAgo(400) })
    const contract = randomUUID()
    const values = { amount: 100, currency: 'JPY', interval: 'YEAR', startsOn: dayAgo(300), renewsOn: dayAgo(-65) }
    await asSystem(company, ctx =>
      createContracts(
        ctx,
        [{ id: contract, values: { customerId: customer, status: 'ACTIVE', autoRenew: true, ...values } }],
        by,
      ),
    )
    const kept = () =>
      asSystem(company, async ctx => {
        await computeDay(ctx, await openRun(ctx), dayAgo(50))
        return (await figuresOfCustomer(ctx, customer, { day: dayAgo(50) })).figures
      })
    const before = await kept()
    expect(before).toMatchObject({ 'contracts.days_to_renewal': 115, 'contracts.auto_renew': 1 })
    await asSystem(company, ctx =>
      updateContracts(
        ctx,
        [{ id: contract, values: { status: 'CANCELLED', autoRenew: false, renewsOn: null, endsOn: dayAgo(2) } }],
        by,
      ),
    )
    expect(await kept()).toEqual(before)
    const undated = (key: string) => asSystem(company, async ctx => isUndated(await metricsOf(ctx), key))
    expect(await undated('contracts.days_to_renewal')).toBe(true)
    expect(await undated('contracts.days_to_term_end')).toBe(false)
    expect(await undated('usage.active_share_30')).toBe(true)
    expect(await undated('usage.people_change_30')).toBe(false)
  })

  it('tell the term of a contract by its rhythm, whatever becomes of it later', async () => {
    const customer = await newCustomer(company, { contractStart: '2024-03-01' })
    const contract = (values: object) => ({
      id: randomUUID(),
      values: { customerId: customer, amount: 1_200, currency: 'JPY', status: 'ACTIVE', ...values },
    })
    await asSystem(company, ctx =>
      createContracts(ctx, [contract({ interval: 'YEAR', startsOn: '2024-03-01', licenceCount: 5 })], by),
    )
    const keys = 'days_to_term_end term_elapsed_share months_per_term'
    const asOf = async (day: string) => {
      const ago = Math.round((Date.parse(dayAgo(0)) - Date.parse(day)) / 86_400_000)
      return figures('contracts', keys, customer, ago)
    }
    const before = await asOf('2025-12-31')
    expect(before).toEqual({
      days_to_term_end: 60,
      term_elapsed_share: near((100 * 305) / 365),
      months_per_term: 12,
    })
    expect(await asOf('2026-03-01')).toMatchObject({ days_to_term_end: 365, term_elapsed_share: 0 })
    // Cancelled in the meantime: that day's figures stay.
    await asSystem(company, ctx =>
      sql`update contract set status = 'CANCELLED', ends_on = '2026-04-10', auto_renew = false where tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      ),
    )
    expect(await asOf('2025-12-31')).toEqual(before)
    const monthly = await newCustomer(company, old)
    await asSystem(company, ctx =>
      createContracts(
        ctx,
        [{ ...contract({ interval: 'MONTH', startsOn: dayAgo(200) }), id: randomUUID() }].map(row => ({
          ...row,
          values: { ...row.values, customerId: monthly },
        })),
        by,
      ),
    )
    expect(await figures('contracts', 'months_since_price_change contractions_90', monthly)).toEqual({
      months_since_price_change: null,
      contractions_90: 0,
    })
  })
})

async function facts(ctx: Context, customerId: string): Promise<void> {
  const ticket = (subject: string, ago: number, more: object = {}) => ({
    id: randomUUID(),
    values: { customerId, subject, openedAt: daysAgo(ago), ...more },
  })
  await createTickets(
    ctx,
    [
      ticket('集計でエラーが出る', 20, { priority: 'HIGH' }),
      ticket('画面が表示されない。最悪です', 40, { status: 'RESOLVED', resolvedAt: daysAgo(10), satisfaction: 2 }),
      ticket('宛名を変えたい', 60, { status: 'RESOLVED', resolvedAt: daysAgo(15) }),
      ticket('使い方', 120, { status: 'RESOLVED', resolvedAt: daysAgo(110), satisfaction: 5 }),
    ],
    by,
  )
  const answer = (kind: string, score: number, ago: number) => ({
    id: randomUUID(),
    values: { customerId, kind, score, answeredAt: daysAgo(ago) },
  })
  await createAnswers(
    ctx,
    [answer('CSAT', 2, 10), answer('CSAT', 4, 100), answer('NPS', 9, 20), answer('NPS', 3, 30)],
    by,
  )
  const message = (kind: 'EMAIL' | 'MEETING', body: string, ago: number) =>
    createCommunication(ctx, customerId, {
      kind,
      direction: kind === 'EMAIL' ? 'INBOUND' : null,
      occurredAt: daysAgo(ago),
      durationMinutes: null,
      subject: null,
      body,
      contactIds: [],
    })
  await message('EMAIL', '対応が遅く、とても残念です', 5)
  await message('MEETING', '定例', 100)
  const invoice = (due: number, paid: number) => ({
    id: randomUUID(),
    values: {
      customerId,
      amount: 100,
      currency: 'JPY',
      issuedOn: dayAgo(due + 30),
      dueOn: dayAgo(due),
      paidOn: dayAgo(paid),
      status: 'PAID',
    },
  })
  await createInvoices(ctx, [invoice(30, 9), invoice(80, 77), invoice(150, 147)], by)
  const payment = (outcome: string, ago: number) => ({
    id: randomUUID(),
    values: { customerId, amount: 100, currency: 'JPY', attemptedAt: daysAgo(ago), outcome },
  })
  await createPayments(ctx, [payment('FAILED', 15), payment('SUCCEEDED', 25)], by)
}
