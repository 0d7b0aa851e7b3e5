import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { imported, inspected, map, rowsOf, settled, startWorker, upload } from '../../../tests/support/imports.ts'
import type { Runner } from '../../platform/work/runner.ts'
import { dryRunImport, previewImport, runImport, undoImport } from './contract/imports.ts'

let application: TestApplication
let company: TestCompany
let worker: Runner

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  worker = startWorker(application)
})
afterAll(async () => {
  await worker.close()
  await application.end()
})

const customerCsv = `顧客ID,会社名,ドメイン,月額,契約開始日,ステータス,担当部署
C-1,株式会社みなと,minato.example.jp,"¥120,000",2025年4月1日,契約中,営業部
C-2,北辰精密工業株式会社,hokushin.example.jp,８０００円,令和6年10月1日,解約済み,製造部
C-3,合同会社さくら,sakura.example.jp,,2026/1/5,導入中,営業部
`

async function customersOf(of: TestCompany) {
  return asSystem(of, async ctx => {
    const { rows } = await sql<Record<string, unknown>>`
      select external_id, name, status, mrr::float8, contract_start::text, churned_on is not null as churned, attributes
      from customer where tenant_id = ${ctx.tenantId} order by external_id`.execute(ctx.tx)
    return rows
  })
}

describe('an import of customers (CUS-41)', () => {
  it('suggests, previews, checks, writes, changes nothing the second time, and is undone', async () => {
    const { admin } = company
    const id = await upload(admin, 'customers', customerCsv)
    const { suggestion, format, encoding } = await inspected(admin, id)
    expect([format, encoding]).toEqual(['csv', 'utf-8'])
    expect(Object.fromEntries(suggestion.assignments.map(({ column, target }) => [column, target]))).toMatchObject({
      顧客ID: 'externalId',
      会社名: 'name',
      ドメイン: 'domain',
      月額: 'mrr',
      契約開始日: 'contractStart',
      ステータス: 'status',
    })
    await map(admin, id)
    const preview = await admin.call(previewImport, { params: { id } })
    expect(preview.body.rows.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created'])
    expect(preview.body.rows[1]!.values).toMatchObject({ status: 'CHURNED', mrr: 8000, contractStart: '2024-10-01' })
    await admin.call(dryRunImport, { params: { id } })
    const dry = await settled(admin, id)
    expect(dry.dryCounts).toEqual({ created: 3, updated: 0, unchanged: 0, skipped: 0, failed: 0 })
    expect(await customersOf(company)).toEqual([])
    await admin.call(runImport, { params: { id } })
    const done = await settled(admin, id)
    expect([done.state, done.fault, done.counts]).toEqual(['done', null, dry.dryCounts])
    const stored = await customersOf(company)
    expect(stored.map(({ external_id, status, mrr, churned }) => [external_id, status, mrr, churned])).toEqual([
      ['C-1', 'ACTIVE', 120_000, false],
      ['C-2', 'CHURNED', 0, true],
      ['C-3', 'ONBOARDING', 0, false],
    ])
    const again = await imported(admin, 'customers', customerCsv)
    expect(again.counts).toEqual({ created: 0, updated: 0, unchanged: 3, skipped: 0, failed: 0 })
    expect(await customersOf(company)).toEqual(stored)
    await admin.call(undoImport, { params: { id } })
    const undone = await settled(admin, id)
    expect([undone.state, undone.undo]).toEqual(['undone', { removed: 3, restored: 0, kept: 0 }])
    expect(await customersOf(company)).toEqual([])
    const { rows } = await asSystem(company, ctx =>
      sql`select 1 from attribute where tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    expect(rows).toEqual([])
  })

  it('reports each faulty cell with row, column and reason, and imports the other rows', async () => {
    const { admin } = await newCompany(application)
    const csv = 'id,name,employees,start date\nA,Alpha,ten,2026-01-05\nB,Beta,20,2026-13-05\nC,Gamma,30,2026-01-07\n'
    const id = await upload(admin, 'customers', csv)
    await map(admin, id, {
      assignments: [
        { column: 'id', target: 'externalId', reading: 'value' },
        { column: 'name', target: 'name', reading: 'value' },
        { column: 'employees', target: 'employeeCount', reading: 'value' },
        { column: 'start date', target: 'contractStart', reading: 'value' },
      ],
    })
    await admin.call(runImport, { params: { id } })
    const done = await settled(admin, id)
    expect(done.counts).toMatchObject({ created: 1, failed: 2 })
    const failed = await rowsOf(admin, id, 'failed')
    expect(failed.map(({ row, problems }) => [row, problems[0]!.column, problems[0]!.value])).toEqual([
      [2, 'employees', 'ten'],
      [3, 'start date', '2026-13-05'],
    ])
  })

  it('imports a file like that of the Telco data set as it suggests itself, churn with a day', async () => {
    const telco = await newCompany(application)
    const file = telcoFile(600)
    const done = await imported(telco.admin, 'customers', file)
    expect([done.fault, done.counts]).toEqual([null, { created: 600, updated: 0, unchanged: 0, skipped: 0, failed: 0 }])
    const { rows } = await asSystem(telco, ctx =>
      sql`select status, count(*)::int, sum(mrr)::float8 as mrr, count(churned_on)::int as days from customer
        where tenant_id = ${ctx.tenantId} group by status order by status`.execute(ctx.tx),
    )
    expect(rows).toMatchObject([
      { status: 'ACTIVE', count: 450, days: 0 },
      { status: 'CHURNED', count: 150, mrr: 0, days: 150 },
    ])
    const attributes = await asSystem(telco, ctx =>
      sql`select key, type from attribute where tenant_id = ${ctx.tenantId} order by key`.execute(ctx.tx),
    )
    expect(attributes.rows).toEqual([
      { key: 'contract', type: 'one_of' },
      { key: 'internet_service', type: 'one_of' },
      { key: 'payment_method', type: 'one_of' },
      { key: 'senior_citizen', type: 'boolean' },
      { key: 'tenure', type: 'number' },
    ])
    const ledger = await asSystem(telco, ctx =>
      sql`select kind, count(*)::int from revenue_movement where tenant_id = ${ctx.tenantId} group by kind order by kind`.execute(
        ctx.tx,
      ),
    )
    expect(ledger.rows[0]).toMatchObject({ kind: 'CHURN' })
    const again = await imported(telco.admin, 'customers', file)
    expect(again.counts).toEqual({ created: 0, updated: 0, unchanged: 600, skipped: 0, failed: 0 })
  })
})

/** Header and kinds of values of the IBM Telco data set. */
function telcoFile(count: number): string {
  const lines = [
    'customerID,SeniorCitizen,tenure,InternetService,Contract,PaymentMethod,MonthlyCharges,TotalCharges,Churn',
  ]
  for (let index = 0; index < count; index++) {
    const tenure = index % 73
    const monthly = 18.25 + (index % 400) / 4
    const cells = [
      `${1_000 + index}-ABCDE`,
      String(index % 2),
      String(tenure),
      ['DSL', 'Fiber optic', 'No'][index % 3],
      ['Month-to-month', 'One year', 'Two year'][index % 3],
      ['Electronic check', 'Mailed check'][index % 2],
      monthly.toFixed(2),
      tenure === 0 ? ' ' : (tenure * monthly).toFixed(2),
      index % 4 === 0 ? 'Yes' : 'No',
    ]
    lines.push(cells.join(','))
  }
  return `${lines.join('\n')}\n`
}
