import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { atMoment } from '../../../tests/support/kpis.ts'
import { fillDemo } from '../../demo-customers.ts'
import { onboardDemo } from '../../demo-onboarding.ts'
import { judgeDemo } from '../../demo-signals.ts'
import { listAuditEntries } from '../../platform/administration/contract/audit.ts'
import { createSegment } from '../../signals/segments/contract.ts'
import { kpis } from './catalog/all.ts'
import { defaultTargets } from './catalog/targets.ts'
import {
  deleteKpiTarget,
  describeKpis,
  exportKpiRows,
  getKpi,
  listKpiRows,
  listKpis,
  setKpiTarget,
} from './contract.ts'
import { judge, targetIn } from './judge.ts'
import type { kpiRows } from './queries/rows.ts'

let application: TestApplication
let company: TestCompany
let other: TestCompany
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  other = await newCompany(application)
  await newMember(company, 'csm')
  await newMember(company, 'csm')
  const now = new Date().toISOString()
  await atMoment(company, ctx => fillDemo(ctx, { customers: 60, months: 14, seed: 3 }, 0), now)
  await atMoment(company, ctx => judgeDemo(ctx, 2), now)
  await atMoment(company, onboardDemo, now)
})
afterAll(() => application.end())

const near = (value: number | null) => (value === null ? null : Number(value.toPrecision(9)))

describe('KPIs that open (KPI-6)', () => {
  it('KPI-6: every KPI says in both languages what it is, how it is worked out and what its rows hold', async () => {
    const { body } = await company.admin.call(describeKpis)
    expect(body.items).toHaveLength(kpis.length)
    expect(new Set(kpis.map(({ key }) => key)).size).toBe(kpis.length)
    for (const { words, definition, formula, parts } of kpis) {
      for (const text of [words, definition, parts.numerator, parts.denominator ?? words]) {
        expect(Math.min(text.ja.length, text.en.length)).toBeGreaterThan(0)
      }
      expect(formula).not.toBe('')
    }
  })

  it('KPI-6: for every KPI and period the rows add up to numerator and denominator, and these give the value', async () => {
    const { body } = await company.admin.call(listKpis, { query: {} })
    expect(body.items.map(({ key }) => key)).toEqual(kpis.map(({ key }) => key))
    let seen = 0
    for (const item of body.items) {
      const { scale = 1, parts } = kpis.find(({ key }) => key === item.key)!
      for (const figure of [item.current, item.last, item.previous]) {
        let [numerator, denominator, customers] = [0, 0, 0]
        let cursor: string | null = null
        do {
          const page: { body: Awaited<ReturnType<typeof kpiRows>> } = await company.admin.call(listKpiRows, {
            params: { key: item.key },
            query: { month: figure.month, limit: 25, ...(cursor && { cursor }) },
          })
          for (const row of page.body.items) {
            numerator += row.numerator
            denominator += row.denominator ?? 0
            customers += 1
          }
          cursor = page.body.next
        } while (cursor)
        expect([item.key, customers]).toEqual([item.key, figure.customers])
        expect(near(numerator)).toEqual(near(figure.numerator))
        if (parts.denominator) expect(near(denominator)).toEqual(near(figure.denominator))
        const value = parts.denominator ? (denominator === 0 ? null : (scale * numerator) / denominator) : numerator
        expect([item.key, near(value)]).toEqual([item.key, near(figure.value)])
        seen += customers
      }
    }
    expect(seen).toBeGreaterThan(1_000)
    // The demo gives nearly all of them something to say.
    const silent = body.items
      .filter(item => item.series.every(({ customers }) => customers === 0))
      .map(({ key }) => key)
    expect(['ces', 'urgent_alerts_in_24h', 'case_studies']).toEqual(expect.arrayContaining(silent))
  })

  it('by tier and by CSM adds up to the whole, filters narrow it, and the file holds the same rows', async () => {
    const params = { key: 'arr' }
    const { body } = await company.admin.call(getKpi, { params, query: {} })
    expect(body.series).toHaveLength(24)
    for (const parts of [body.byTier, body.byOwner]) {
      const sum = parts.reduce((total, part) => total + part.current.numerator, 0)
      expect(near(sum)).toEqual(near(body.current.numerator))
    }
    const [first] = body.byOwner
    const narrowed = await company.admin.call(getKpi, { params, query: { ownerId: first!.key! } })
    expect(narrowed.body.current.value).toBe(first!.current.value)
    const segment = await company.admin.call(createSegment, {
      body: { record: 'customer', nameJa: '無', nameEn: 'None', kind: 'static', state: 'enabled' },
    })
    const none = await company.admin.call(getKpi, { params, query: { segmentId: segment.body.id } })
    expect(none.body.current).toMatchObject({ value: 0, customers: 0 })
    const file = await company.admin.call(exportKpiRows, { params, query: {} })
    expect(file.text.trim().split('\r\n')).toHaveLength(1 + body.current.customers)
  })

  it('a CSM’s own customers only, where asked', async () => {
    const csm = await newMember(company, 'csm')
    const { body } = await csm.call(getKpi, { params: { key: 'arr' }, query: { mine: 'own' } })
    expect(body.current).toMatchObject({ value: 0, customers: 0 })
  })

  it('refuses what it does not know: KPI, theme, month, order, cursor', async () => {
    const ask = async (params: { key: string }, query: object) =>
      (await company.admin.call(listKpiRows, { params, query })).status
    const hostile = "arr' or 1=1 --"
    expect(await ask({ key: hostile }, {})).toBe(404)
    expect(await ask({ key: 'constructor' }, {})).toBe(404)
    expect(await ask({ key: 'arr' }, { month: hostile })).toBe(422)
    expect(await ask({ key: 'arr' }, { month: '2026-13' })).toBe(422)
    expect(await ask({ key: 'arr' }, { month: '2199-01' })).toBe(422)
    expect(await ask({ key: 'arr' }, { order: 'asc; drop table customer' })).toBe(422)
    expect(await ask({ key: 'arr' }, { cursor: hostile })).toBe(400)
    expect(await ask({ key: 'arr' }, { ownerId: hostile })).toBe(422)
    expect((await company.admin.call(listKpis, { query: { theme: hostile } })).status).toBe(422)
    expect(await ask({ key: 'arr' }, { tierKey: hostile })).toBe(200)
  })

  it('another company sees none of it', async () => {
    const { body } = await other.admin.call(listKpis, { query: {} })
    expect(body.items.every(item => item.series.every(({ customers }) => customers === 0))).toBe(true)
    const [tier] = (await company.admin.call(getKpi, { params: { key: 'arr' }, query: {} })).body.byOwner
    const rows = await other.admin.call(listKpiRows, { params: { key: 'arr' }, query: { ownerId: tier!.key! } })
    expect(rows.body.items).toEqual([])
  })
})

describe('targets', () => {
  it('KPI-4: steps by year count from their start, the last one stays; near is within a tenth', () => {
    const target = { bound: 'less_than', steps: [3, 2.5, 2], startsOn: '2025-04-01' } as const
    const reached = ['2025-03', '2025-04', '2026-03', '2026-04', '2027-04', '2031-04'].map(month =>
      targetIn(target, month),
    )
    expect(reached).toEqual([null, 3, 3, 2.5, 2, 2])
    expect(judge(2.99, 3, 'less_than')).toBe('met')
    expect([
      judge(3, 3, 'less_than'),
      judge(3, 3, 'at_most'),
      judge(3.3, 3, 'at_most'),
      judge(3.4, 3, 'at_most'),
    ]).toEqual(['near', 'met', 'near', 'missed'])
    expect([judge(95, 95, 'at_least'), judge(95, 95, 'more_than'), judge(85, 95, 'at_least')]).toEqual([
      'met',
      'near',
      'missed',
    ])
    expect([judge(null, 95, 'at_least'), judge(95, null, 'at_least'), judge(1, 0, 'at_most')]).toEqual([
      'none',
      'none',
      'missed',
    ])
  })

  it('KPI-1 to KPI-5: the targets of the programmes name KPIs of the catalogue', () => {
    for (const { targets } of defaultTargets) {
      expect(targets.filter(({ kpi }) => !kpis.some(({ key }) => key === kpi))).toEqual([])
    }
  })

  it('are set, changed and taken away by who manages them, with a line in the audit log', async () => {
    const { admin } = other
    const params = { key: 'monthly_churn_rate' }
    const member = await newMember(other, 'cs_manager', { name: '高橋 蓮' })
    expect((await member.call(setKpiTarget, { params, body: { steps: [3] } })).status).toBe(403)
    const set = await admin.call(setKpiTarget, {
      params,
      body: { steps: [3, 2.5, 2], bound: 'less_than', startsOn: '2026-04-01', responsibleId: member.memberId },
    })
    expect(set.body).toEqual({
      bound: 'less_than',
      steps: [3, 2.5, 2],
      startsOn: '2026-04-01',
      responsibleId: member.memberId,
      responsibleName: '高橋 蓮',
    })
    const { body } = await admin.call(getKpi, { params, query: {} })
    expect(body.current.target).toBe(3)
    expect(body.suggested).toEqual([{ blueprint: 'plugin-marketplace', bound: 'less_than', steps: [3, 2.5, 2] }])
    // By the direction, and from the fiscal year on.
    const again = await admin.call(setKpiTarget, { params, body: { steps: [1] } })
    expect(again.body).toMatchObject({ bound: 'at_most', steps: [1], responsibleId: null })
    expect(again.body.startsOn).toMatch(/-04-01$/)
    expect((await admin.call(setKpiTarget, { params, body: { steps: [] } })).status).toBe(422)
    const stranger = await newMember(company, 'csm')
    const foreign = await admin.call(setKpiTarget, { params, body: { steps: [1], responsibleId: stranger.memberId } })
    expect(foreign.problem.errors?.map(({ path }) => path)).toEqual(['body.responsibleId'])
    expect((await admin.call(deleteKpiTarget, { params })).status).toBe(204)
    expect((await admin.call(deleteKpiTarget, { params })).status).toBe(404)
    const log = await admin.call(listAuditEntries, { query: { limit: 20 } })
    const actions = log.body.items.map(({ action }) => action).filter(action => action.startsWith('kpi'))
    expect(actions).toEqual(['kpi_target.removed', 'kpi_target.set', 'kpi_target.set'])
  })
})
