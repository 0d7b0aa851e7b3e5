import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { createCustomers } from '../../customers/accounts/commands/save.ts'
import { createAttributes } from '../../customers/attributes/commands/attributes.ts'
import * as cards from './contract/cards.ts'
import { scorecardDefinition } from './contract/definition.ts'

let application: TestApplication
let company: TestCompany
const by = { origin: 'person' } as const

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

describe('HLT-7 on data without a history', () => {
  it('back-tests a scorecard of attributes of the Telco customers against who left', async () => {
    const rows: Record<string, string>[] = parse(readFileSync('docs/sample/telco-customer-churn.csv'), {
      columns: true,
    })
    await asSystem(company, ctx =>
      createAttributes(ctx, [
        { record: 'customer', key: 'tenure', label: '利用月数', type: 'number' },
        {
          record: 'customer',
          key: 'contract',
          label: '契約',
          type: 'one_of',
          options: ['Month-to-month', 'One year', 'Two year'],
        },
        { record: 'customer', key: 'charges', label: '月額', type: 'number' },
      ]),
    )
    for (let first = 0; first < rows.length; first += 1_000) {
      const part = rows.slice(first, first + 1_000).map(row => ({
        id: randomUUID(),
        values: {
          name: row.customerID!,
          status: row.Churn === 'Yes' ? 'CHURNED' : 'ACTIVE',
          attributes: { tenure: Number(row.tenure), contract: row.Contract!, charges: Number(row.MonthlyCharges) },
        },
      }))
      await asSystem(company, ctx => createCustomers(ctx, part, by))
    }
    const definition = scorecardDefinition.parse({
      factors: [
        {
          key: 'tenure',
          nameJa: '利用月数',
          nameEn: 'Tenure',
          weight: 40,
          input: { field: 'attributes.tenure' },
          shape: {
            kind: 'piecewise',
            points: [
              { at: 0, score: 0 },
              { at: 12, score: 50 },
              { at: 60, score: 100 },
            ],
          },
        },
        {
          key: 'contract',
          nameJa: '契約',
          nameEn: 'Contract',
          weight: 45,
          input: { field: 'attributes.contract', values: { 'Month-to-month': 0, 'One year': 70, 'Two year': 100 } },
          shape: { kind: 'linear', from: 0, to: 100 },
        },
        {
          key: 'charges',
          nameJa: '月額',
          nameEn: 'Charges',
          weight: 15,
          input: { field: 'attributes.charges' },
          shape: { kind: 'linear', from: 110, to: 20 },
        },
      ],
      bands: [
        { key: 'good', nameJa: '良', nameEn: 'Good', colour: 'green', from: 60 },
        { key: 'fair', nameJa: '中', nameEn: 'Fair', colour: 'yellow', from: 30 },
        { key: 'poor', nameJa: '悪', nameEn: 'Poor', colour: 'red', from: 0 },
      ],
    })
    const made = await company.admin.call(cards.createScorecard, {
      body: { nameJa: '通信', nameEn: 'Telco', definition },
    })
    const { body } = await company.admin.call(cards.backtestScorecard, {
      params: { id: made.body.id },
      body: { mode: 'now' },
    })
    expect(body).toMatchObject({ observations: 7_043, churned: 1_869, enough: true })
    console.log(`Telco: AUC ${body.auc!.toFixed(4)} (${body.aucInterval!.map(each => each.toFixed(3)).join(' to ')})`)
    expect(body.auc).toBeGreaterThan(0.78)
    const rate = (band: string) => body.bands.find(each => each.band === band)!.rate
    expect(rate('poor')).toBeGreaterThan(rate('fair'))
    expect(rate('fair')).toBeGreaterThan(rate('good'))
  }, 60_000)
})
