import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { atMoment, contractOf, customerSince, figureOf } from '../../../tests/support/kpis.ts'
import { createInvoices } from '../../customers/billing/commands/save.ts'

let application: TestApplication
let company: TestCompany
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  const [grown, shrunk, gone, fresh, abroad] = [
    await customerSince(company, '2025-01-01'),
    await customerSince(company, '2025-01-01'),
    await customerSince(company, '2025-01-01', { status: 'CHURNED', churnedOn: '2026-04-01' }),
    await customerSince(company, '2026-04-10'),
    await customerSince(company, '2025-01-01', { currency: 'USD' }),
  ]
  await contractOf(company, grown!, { startsOn: '2025-01-01', amount: 100 }, [
    ['2025-10-01', 150],
    ['2026-04-20', 180],
  ])
  await contractOf(company, shrunk!, { startsOn: '2025-01-01', amount: 200 }, [['2026-04-30', 140]])
  // The last day of March is paid for: it left with the first day of the fiscal year.
  await contractOf(company, gone!, { startsOn: '2025-01-01', amount: 100, endsOn: '2026-03-31' })
  await contractOf(company, fresh!, { startsOn: '2026-04-10', amount: 50 })
  await contractOf(company, abroad!, { startsOn: '2025-01-01', amount: 9_000, currency: 'USD' } as never)
  const invoice = (values: object) => ({
    id: randomUUID(),
    values: { customerId: grown!, amount: 1, currency: 'JPY', issuedOn: '2026-03-01', ...values },
  })
  await atMoment(company, ctx =>
    createInvoices(
      ctx,
      [
        invoice({ dueOn: '2026-04-29', status: 'OPEN' }),
        // Due on the last day of April: not overdue on it.
        invoice({ dueOn: '2026-04-30', status: 'OPEN' }),
        invoice({ dueOn: '2026-04-01', status: 'PAID', paidOn: '2026-05-01' }),
        invoice({ dueOn: '2026-04-01', status: 'PAID', paidOn: '2026-04-30' }),
        invoice({ dueOn: '2026-04-01', status: 'VOID' }),
      ] as never,
      { origin: 'person' },
    ),
  )
})
afterAll(() => application.end())

const figure = (key: string, month: string) => figureOf(company, key, month)

describe('revenue by the ledger, in the company’s currency', () => {
  it('KPI-1: NRR and GRR look at the customers that paid 12 months before', async () => {
    // End of April 2026 against 1 May 2025: 100 + 200 + 100 paid, 180 + 140 + 0 pay.
    expect(await figure('nrr', '2026-04')).toEqual([80, 320, 400])
    expect(await figure('grr', '2026-04')).toEqual([60, 240, 400])
    // To the last day of March nobody had left: 150 + 200 + 100 of 400.
    expect(await figure('nrr', '2026-03')).toEqual([112.5, 450, 400])
  })
  it('KPI-3: expansion since the fiscal year began in April, of the customers that paid then', async () => {
    expect(await figure('expansion_rate', '2026-04')).toEqual([6.666667, 30, 450])
    expect(await figure('expansion_rate', '2026-03')).toEqual([12.5, 50, 400])
  })
  it('shares, growth and churn of a month', async () => {
    expect(await figure('expanded_share', '2026-04')).toEqual([33.333333, 1, 3])
    // 1 April began with 150 + 200 + 100: who left on the first day still counts at the start.
    expect(await figure('mrr_growth', '2026-04')).toEqual([-17.777778, -80, 450])
    expect(await figure('revenue_churn_rate', '2026-04')).toEqual([35.555556, 160, 450])
  })
  it('ARR, ARPA and LTV as of the last day', async () => {
    expect(await figure('arr', '2026-04')).toEqual([370 * 12, 370 * 12, null])
    expect(await figure('arr', '2024-12')).toEqual([0, 0, null])
    expect(await figure('arpa', '2026-04')).toEqual([123.333333, 370, 3])
    expect(await figure('ltv', '2026-04')).toEqual([4_440, 4_440, 1])
    // Nobody lost in the twelve months: nothing can be said.
    expect(await figure('ltv', '2026-03')).toEqual([null, 450 * 12, 0])
  })
  it('overdue invoices as it was on the last day of the month', async () => {
    expect(await figure('overdue_invoices', '2026-04')).toEqual([2, 2, null])
    expect(await figure('overdue_invoices', '2026-05')).toEqual([2, 2, null])
    expect(await figure('overdue_invoices', '2026-02')).toEqual([0, 0, null])
  })
})
