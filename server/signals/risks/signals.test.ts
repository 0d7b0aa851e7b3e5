import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { loadRecords } from '../../catalog/conditions/queries/load.ts'
import { compileWith } from '../../catalog/conditions/queries/sql.ts'
import { vocabularyOf } from '../../catalog/conditions/queries/vocabulary.ts'
import { testOf } from '../../catalog/conditions/queries/why.ts'
import { createPayments } from '../../customers/billing/commands/save.ts'
import { createAnswers } from '../../customers/feedback/commands/save.ts'
import { createTickets } from '../../customers/support/commands/save.ts'
import { createCommunication } from '../../customers/timeline/commands.ts'
import { computeAll } from '../metrics/commands/follow.ts'
import { readyMadeSignals } from './catalog.ts'
import * as contract from './contract.ts'

let application: TestApplication
let company: TestCompany
const by = { origin: 'person' } as const

/** What a customer has. Figures are set as they are; the rest are facts. */
interface Facts {
  figures?: Record<string, number>
  /** Events with the days ago on which they happened. */
  use?: Record<string, number[]>
  values?: Record<string, string>
  ticket?: string
  comment?: string
  message?: string
  /** Outcomes of payments, the oldest first. */
  payments?: string[]
}

const used = { 'usage.days_since_last_use': 1, 'usage.active_days_30': 5 }
const figure = (key: string, value: number, more: Record<string, number> = {}): Facts => ({
  figures: { [key]: value, ...more },
})
const pro = (days: number) => ({ plan: 'Pro', contractStart: dayAgo(days) })

/** Each signal: who just shows it, and who just does not. */
const boundaries: Record<string, { shows: Facts[]; not: Facts[] }> = {
  'executions-halved': {
    shows: [figure('usage.events_change_28', -50)],
    not: [figure('usage.events_change_28', -49.9)],
  },
  'no-login': {
    shows: [figure('usage.days_since_last_use', 7)],
    not: [figure('usage.days_since_last_use', 6)],
  },
  'custom-agents-idle': {
    shows: [{ use: { 'Custom Agent Run': [30] } }],
    not: [{ use: { 'Custom Agent Run': [40, 29] } }, { use: { Other: [1] } }],
  },
  'engagement-low': {
    shows: [figure('usage.dau_mau', 19.9, used)],
    not: [figure('usage.dau_mau', 20, used), figure('usage.dau_mau', 0)],
  },
  'dashboard-unseen': {
    shows: [{ use: { 'Dashboard Viewed': [14] } }],
    not: [{ use: { 'Dashboard Viewed': [13] } }, { use: { Other: [1] } }],
  },
  'community-left': {
    shows: [{ use: { 'Community Posted': [30] } }],
    not: [{ use: { 'Community Posted': [29] } }, { use: { Other: [1] } }],
  },
  'nps-detractor': { shows: [figure('surveys.nps_latest', 6)], not: [figure('surveys.nps_latest', 6.1)] },
  'support-unhappy': { shows: [figure('tickets.satisfaction_5', 2)], not: [figure('tickets.satisfaction_5', 2.1)] },
  'negative-comment': {
    shows: [
      { comment: '10: 機能は良いですが、サポートの対応が遅く不満です。' },
      { comment: '9: I am DISAPPOINTED by the reports' },
      { comment: '6: まあまあ' },
    ],
    not: [{ comment: '9: 特に不満はありません' }, { comment: '7: まあまあ' }, { comment: '3: ' }],
  },
  'payment-late': { shows: [figure('billing.days_late_now', 30)], not: [figure('billing.days_late_now', 29)] },
  'charges-failed': {
    shows: [{ payments: ['SUCCEEDED', 'FAILED', 'FAILED', 'FAILED'] }],
    not: [
      { payments: ['FAILED', 'FAILED', 'SUCCEEDED', 'FAILED', 'FAILED'] },
      { payments: ['FAILED', 'FAILED', 'FAILED', 'SUCCEEDED'] },
    ],
  },
  'downgrade-attempt': {
    shows: [{ use: { 'Downgrade Attempted': [29] } }],
    not: [{ use: { 'Downgrade Attempted': [30] } }],
  },
  'cancel-page': {
    shows: [{ use: { 'Cancel Page Viewed': [29] } }],
    not: [{ use: { 'Cancel Page Viewed': [30] } }],
  },
  'cancel-words': {
    shows: [
      { ticket: 'ｷｬﾝｾﾙの手続きについて' },
      { ticket: 'How do I CANCEL our plan?' },
      { ticket: '解約を検討しています' },
      { comment: '8: 来期は他社へ切り替えます' },
      { message: 'We will not renew the contract.' },
    ],
    not: [
      { ticket: 'キャンセルボタンが表示されない' },
      { ticket: 'The cancel button is grey' },
      { ticket: '解約はしませんが、質問です' },
      { message: 'We do not plan to cancel.' },
      { ticket: '契約書の再発行' },
    ],
  },
  'executions-down': {
    shows: [figure('usage.events_change_28', -30), figure('usage.events_change_28', -49.9)],
    not: [figure('usage.events_change_28', -29.9), figure('usage.events_change_28', -50)],
  },
  'few-features': {
    shows: [figure('usage.features_30', 3, used)],
    not: [figure('usage.features_30', 4, used), figure('usage.features_30', 0)],
  },
  'parallel-runs-unused': {
    shows: [
      { figures: used, values: { plan: 'Pro' }, use: { 'Parallel Run': [30] } },
      { figures: used, values: { plan: 'Enterprise' } },
    ],
    not: [
      { figures: used, values: { plan: 'Pro' }, use: { 'Parallel Run': [29] } },
      { figures: used, values: { plan: 'Free' } },
      { values: { plan: 'Pro' } },
    ],
  },
  'engagement-middling': {
    shows: [figure('usage.dau_mau', 20), figure('usage.dau_mau', 30)],
    not: [figure('usage.dau_mau', 19.9), figure('usage.dau_mau', 30.1)],
  },
  'dashboard-rare': {
    shows: [{ use: { 'Dashboard Viewed': [29] } }, { use: { 'Dashboard Viewed': [30, 40] } }],
    not: [{ use: { 'Dashboard Viewed': [29, 1] } }],
  },
  'webinars-missed': {
    shows: [{ use: { 'Webinar Attended': [20], 'Webinar Missed': [30, 15, 10, 5] } }],
    not: [
      { use: { 'Webinar Attended': [7], 'Webinar Missed': [15, 12, 10, 5, 3] } },
      { use: { 'Webinar Missed': [10, 5] } },
      { use: { 'Webinar Attended': [5], 'Webinar Missed': [20, 10, 5] } },
    ],
  },
  'support-middling': {
    shows: [figure('tickets.satisfaction_5', 3), figure('tickets.satisfaction_5', 3.5)],
    not: [figure('tickets.satisfaction_5', 2.9), figure('tickets.satisfaction_5', 3.6)],
  },
  'tickets-open': { shows: [figure('tickets.open_now', 2)], not: [figure('tickets.open_now', 1)] },
  'same-problem': { shows: [figure('tickets.repeated_90', 1)], not: [figure('tickets.repeated_90', 0)] },
  'basic-after-pro': {
    shows: [
      { figures: used, values: pro(30) },
      { figures: used, values: pro(60), use: { 'Parallel Run': [30] } },
    ],
    not: [
      { figures: used, values: pro(29) },
      { figures: used, values: pro(30), use: { 'Parallel Run': [29] } },
      { figures: used, values: { ...pro(30), plan: 'Free' } },
    ],
  },
  'no-custom-agent': {
    shows: [{ figures: used, use: { Other: [1] } }],
    not: [{ figures: used, use: { 'Custom Agent Created': [300] } }, { values: { plan: 'Pro' } }],
  },
  'no-team-features': {
    shows: [{ figures: used, use: { Other: [1] } }],
    not: [{ figures: used, use: { 'Team Feature Used': [300] } }, { values: { plan: 'Pro' } }],
  },
  'use-stable': { shows: [figure('usage.events_change_28', -10)], not: [figure('usage.events_change_28', -10.1)] },
  'many-features': { shows: [figure('usage.features_30', 5)], not: [figure('usage.features_30', 4)] },
  'engagement-high': { shows: [figure('usage.dau_mau', 30.1)], not: [figure('usage.dau_mau', 30)] },
  'nps-content': { shows: [figure('surveys.nps_latest', 7)], not: [figure('surveys.nps_latest', 6.9)] },
  'support-content': { shows: [figure('tickets.satisfaction_5', 4)], not: [figure('tickets.satisfaction_5', 3.9)] },
}

interface Made {
  id: string
  key: string
  shows: boolean
  facts: Facts
}
const made: Made[] = []
let bare: string

/** Makes the customers with their facts, as the product's commands write them. */
async function fill(): Promise<void> {
  bare = await newCustomer(company, { name: '何も分からない' })
  const events: object[] = []
  for (const [key, { shows, not }] of Object.entries(boundaries)) {
    for (const [place, facts] of [...shows, ...not].entries()) {
      const externalId = `${key}-${place}`
      const id = await newCustomer(company, { name: externalId, externalId, ...facts.values })
      made.push({ id, key, shows: place < shows.length, facts })
      for (const [event, days] of Object.entries(facts.use ?? {}))
        for (const day of days) events.push(usageEvent(`u-${externalId}`, externalId, day, event))
    }
  }
  for (let at = 0; at < events.length; at += 100) await sendUse(company, ...events.slice(at, at + 100))
  await asSystem(company, async ctx => {
    for (const { id, facts } of made) {
      const [, score, comment] = /^(\d+): (.*)$/.exec(facts.comment ?? '') ?? []
      if (score)
        await createAnswers(
          ctx,
          [
            {
              id: randomUUID(),
              values: { customerId: id, kind: 'NPS', score: Number(score), comment: comment!, answeredAt: daysAgo(3) },
            },
          ],
          by,
        )
      if (facts.ticket)
        await createTickets(
          ctx,
          [{ id: randomUUID(), values: { customerId: id, subject: facts.ticket, openedAt: daysAgo(3) } }],
          by,
        )
      for (const [place, outcome] of (facts.payments ?? []).entries())
        await createPayments(
          ctx,
          [
            {
              id: randomUUID(),
              values: { customerId: id, amount: 1, currency: 'JPY', attemptedAt: daysAgo(20 - place), outcome },
            },
          ],
          by,
        )
      if (facts.message)
        await createCommunication(ctx, id, {
          kind: 'EMAIL',
          direction: 'INBOUND',
          occurredAt: daysAgo(2),
          body: facts.message,
        } as never)
    }
    await computeAll(ctx)
    for (const { id, facts } of made)
      for (const [key, value] of Object.entries(facts.figures ?? {}))
        await sql`update customer_figures set figures[(select place from metric_place where tenant_id = ${ctx.tenantId} and key = ${key})] = ${value}
          where tenant_id = ${ctx.tenantId} and customer_id = ${id}`.execute(ctx.tx)
  })
}

let byKey: Map<string, string>
async function holders(key: string): Promise<string[]> {
  const { body } = await company.admin.call(contract.listSignalCustomers, {
    params: { id: byKey.get(key)! },
    query: { limit: 200 },
  })
  return body.items.map(item => item.id)
}

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  await fill()
  const { body } = await company.admin.call(contract.addReadyMadeSignals)
  expect(body).toEqual({ added: 31 })
  const { items } = (await company.admin.call(contract.listRiskSignals, { query: {} })).body
  byKey = new Map(items.map(item => [item.key, item.id]))
}, 120_000)
afterAll(() => application.end())

describe('CHN-6: the ready-made signals of risk', () => {
  it('CHN-6: are 14 high, 12 medium and 5 low ones, each with a test at its boundary', () => {
    const counts = Object.groupBy(readyMadeSignals, ({ level }) => level)
    expect([counts.high!.length, counts.medium!.length, counts.low!.length]).toEqual([14, 12, 5])
    expect(Object.keys(boundaries)).toEqual(readyMadeSignals.map(({ key }) => key))
  })

  it.each(readyMadeSignals.map(({ key, level }) => [key, level]))('CHN-6: %s (%s) at its boundary', async key => {
    const shown = await holders(key)
    const tried = made.filter(each => each.key === key)
    expect(tried.map(({ id, facts }) => [facts, shown.includes(id)])).toEqual(
      tried.map(({ shows, facts }) => [facts, shows]),
    )
  })

  it('CHN-6: a customer of whom nothing is known shows none', async () => {
    const { body } = await company.admin.call(contract.listCustomerSignals, { params: { id: bare } })
    expect(body).toEqual({ items: [], ended: [] })
  })

  it('CHN-6: statement and function say the same of every shipped condition and customer', async () => {
    await asSystem(company, async ctx => {
      const { rows: everybody } = await sql<{ id: string }>`
        select id from customer where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
      const ids = everybody.map(({ id }) => id)
      const vocabulary = await vocabularyOf(ctx)
      for (const { key, condition } of readyMadeSignals) {
        const { joins, where } = compileWith(vocabulary, ctx, 'customer', condition)
        const { rows } = await sql<{ id: string }>`
          select c.id from customer c ${joins} where c.tenant_id = ${ctx.tenantId} and ${where}`.execute(ctx.tx)
        const loaded = await loadRecords(ctx, vocabulary, 'customer', ids, condition)
        const test = testOf(vocabulary, 'customer', condition)
        const held = ids.filter(id => test(loaded.get(id)!))
        expect([key, rows.map(({ id }) => id).sort()]).toEqual([key, held.sort()])
        expect(held.length).toBeGreaterThan(0)
      }
    })
  })

  it('CHN-6: say why, in words of both languages', async () => {
    const one = made.find(({ key, shows }) => key === 'webinars-missed' && shows)!
    const { body } = await company.admin.call(contract.listCustomerSignals, { params: { id: one.id } })
    expect(body.items.find(({ key }) => key === 'webinars-missed')).toMatchObject({
      nameJa: 'ウェビナーを3回連続で欠席',
      level: 'medium',
      facts: [
        {
          ja: '連続して欠席したウェビナー: 3（3以上）',
          en: 'Webinars missed in a row: 3 (at least 3)',
        },
      ],
    })
    const dashboard = made.find(({ key, shows }) => key === 'dashboard-unseen' && shows)!
    const shown = await company.admin.call(contract.listCustomerSignals, { params: { id: dashboard.id } })
    expect(shown.body.items.find(({ key }) => key === 'dashboard-unseen')!.facts).toEqual([
      { ja: '「Dashboard Viewed」: 1回（全期間）', en: '“Dashboard Viewed”: 1 times (ever)' },
      { ja: '「Dashboard Viewed」: 0回（直近14日）', en: '“Dashboard Viewed”: 0 times (last 14 days)' },
    ])
  })
})
