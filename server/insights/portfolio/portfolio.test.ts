import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { setRevenue } from '../../customers/contracts/commands/save.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'
import { rankedWork } from './contract.ts'
import { reasonsOf } from './reason.ts'

let application: TestApplication
let company: TestCompany
const by = { origin: 'person' } as const

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

const calm = {
  health: 90,
  healthChange: 0,
  daysToRenewal: null,
  useChange: 0,
  daysSinceUse: 1,
  daysSinceContact: 5,
  urgentTickets: 0,
  openTickets: 0,
  daysLate: 0,
  detractors: 0,
  championsLeft: 0,
  highSignals: null,
}

describe('home: today’s work', () => {
  it('gives the most pressing reasons first, with their numbers, in both languages', () => {
    expect(reasonsOf(calm)).toEqual([])
    const reasons = reasonsOf({ ...calm, urgentTickets: 2, useChange: -62.4, daysToRenewal: 12, daysSinceContact: 80 })
    expect(reasons).toEqual([
      { ja: '緊急のチケットが2件未解決', en: '2 urgent tickets open' },
      { ja: '更新まで12日', en: 'Renews in 12 days' },
      { ja: '利用が前の4週より62%減少', en: 'Use fell by 62% against four weeks before' },
    ])
    expect(reasonsOf({ ...calm, useChange: null, daysToRenewal: -3 })).toEqual([])
    const highSignals = [
      { ja: '解約ページを閲覧', en: 'Cancel page viewed' },
      { ja: '実行回数が半減', en: 'Executions halved' },
    ]
    expect(reasonsOf({ ...calm, highSignals, championsLeft: 1 })[0]).toEqual({
      ja: '高リスクシグナル2件（解約ページを閲覧ほか）',
      en: '2 high risk signals (Cancel page viewed, and others)',
    })
    expect(reasonsOf({ ...calm, highSignals: highSignals.slice(0, 1) })).toEqual([
      { ja: '高リスクシグナル: 解約ページを閲覧', en: 'High risk signal: Cancel page viewed' },
    ])
  })

  it('ranks by revenue, risk and days to renewal, within the reach of the person', async () => {
    const csm = await newMember(company, 'csm')
    const make = async (name: string, mrr: number, renewalOn: string | null, ownerId: string | null) => {
      const id = await newCustomer(company, { name, externalId: name, renewalOn, ownerId })
      await asSystem(company, ctx => setRevenue(ctx, [{ customerId: id, mrr }], by))
      return id
    }
    const [large, soon, small] = [
      await make('大口', 100_000, null, null),
      await make('更新間近', 60_000, dayAgo(-20), csm.memberId),
      await make('小口', 1_000, null, null),
    ]
    await sendUse(company, usageEvent('u1', '更新間近', 35), usageEvent('u1', '更新間近', 36))
    await asSystem(company, ctx => updateCustomers(ctx, [{ id: small, values: { status: 'CHURNED' } }], by))
    await asSystem(company, computeAll)
    const { body } = await company.admin.call(rankedWork, { query: {} })
    expect(body.items.map(item => item.id)).toEqual([soon, large])
    expect(body.items[0]!.reasons.map(({ ja }) => ja)).toEqual([
      '利用が前の4週より100%減少',
      '更新まで20日',
      '35日間利用なし',
    ])
    const own = await csm.call(rankedWork, { query: { mine: 'own' } })
    expect(own.body.items.map(item => item.id)).toEqual([soon])
    const first = await company.admin.call(rankedWork, { query: { limit: 1 } })
    const second = await company.admin.call(rankedWork, { query: { limit: 1, cursor: first.body.next! } })
    expect(second.body.items.map(item => item.id)).toEqual([large])
  })
})
