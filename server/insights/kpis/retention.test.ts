import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { atMoment, contractOf, customerSince, figureOf, noon } from '../../../tests/support/kpis.ts'
import { oneKpi } from './queries/kpis.ts'

let application: TestApplication
let company: TestCompany
const left = (churnedOn: string) => ({ status: 'CHURNED', churnedOn })
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  await customerSince(company, '2020-01-01')
  await customerSince(company, '2020-01-01')
  await customerSince(company, '2020-01-01', left('2026-03-31'))
  await customerSince(company, '2020-01-01', left('2026-04-01'))
  await customerSince(company, '2020-01-01', left('2026-04-30'))
  await customerSince(company, '2020-01-01', left('2026-05-01'))
  // Came on the last day before, on the first day, and in the month: only the first is there when April begins.
  await customerSince(company, '2026-03-31')
  await customerSince(company, '2026-04-01')
  await customerSince(company, '2026-04-15', left('2026-04-20'))
  // Announced: it is there until then.
  await customerSince(company, '2020-01-01', left('2026-06-30'))
})
afterAll(() => application.end())

describe('customers that leave', () => {
  it('KPI-4: monthly churn counts who was there when the month began, by the days of the company', async () => {
    // Two at 2020 that stay, two that leave in April, one in May, one in June, one that came on 31 March.
    expect(await figureOf(company, 'monthly_churn_rate', '2026-04')).toEqual([28.571429, 2, 7])
    expect(await figureOf(company, 'monthly_churn_rate', '2026-03')).toEqual([14.285714, 1, 7])
    expect(await figureOf(company, 'monthly_churn_rate', '2026-05')).toEqual([16.666667, 1, 6])
  })
  it('KPI-1: yearly churn runs over the fiscal year from April, and is judged by the last full one', async () => {
    expect(await figureOf(company, 'yearly_churn_rate', '2026-05')).toEqual([42.857143, 3, 7])
    expect(await figureOf(company, 'yearly_churn_rate', '2026-03')).toEqual([14.285714, 1, 7])
    const kpi = await atMoment(company, ctx => oneKpi(ctx, 'yearly_churn_rate', {}))
    expect([kpi.headline, kpi.last.month, kpi.last.from, kpi.last.to, kpi.previous.month, kpi.current.from]).toEqual([
      'last',
      '2026-03',
      '2025-04-01',
      '2026-03-31',
      '2025-03',
      '2026-04-01',
    ])
  })
  it('KPI-4, KPI-5: retention over the twelve months to the last day', async () => {
    // There on 30 April 2025: seven; gone until the end of April 2026: three.
    expect(await figureOf(company, 'logo_retention', '2026-04')).toEqual([57.142857, 4, 7])
  })
  it('a period begins and ends with the days of the company: 23:30 in Japan is still the old month', async () => {
    const before = await atMoment(company, ctx => oneKpi(ctx, 'monthly_churn_rate', {}), '2026-04-30T14:59:00Z')
    expect([before.current.month, before.current.to]).toEqual(['2026-04', '2026-04-30'])
    const after = await atMoment(company, ctx => oneKpi(ctx, 'monthly_churn_rate', {}), '2026-04-30T15:00:00Z')
    expect([after.current.month, after.current.to, after.last.month]).toEqual(['2026-05', '2026-05-01', '2026-04'])
  })
  it('the renewal rate counts yearly anniversaries of contracts, by who pays on the day', async () => {
    const other = await newCompany(application)
    const make = async (values: { startsOn: string; endsOn?: string; interval?: string }) => {
      const id = await customerSince(other, values.startsOn)
      await contractOf(other, id, { amount: 1_200, interval: 'YEAR', ...values })
      return id
    }
    await make({ startsOn: '2024-04-10' })
    await make({ startsOn: '2025-04-10', endsOn: '2026-04-09' })
    const followed = await make({ startsOn: '2025-03-01', endsOn: '2026-02-28' })
    await contractOf(other, followed, { startsOn: '2026-03-01', amount: 1_300, interval: 'YEAR' })
    // Ended long before its next anniversary, and one too young: not due.
    await make({ startsOn: '2024-04-10', endsOn: '2025-10-09' })
    await make({ startsOn: '2025-09-01' })
    await make({ startsOn: '2025-04-20', interval: 'ONE_TIME' })
    expect(await figureOf(other, 'renewal_rate', '2026-04')).toEqual([66.666667, 2, 3])
    expect(await figureOf(other, 'renewal_rate', '2025-12')).toEqual([null, 0, 0])
    expect(noon).toContain('2026-05-15')
  })
})
