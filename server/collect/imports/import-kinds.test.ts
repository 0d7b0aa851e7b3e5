import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { imported, rowsOf, settled, startWorker } from '../../../tests/support/imports.ts'
import { workbookOf } from '../../../tests/support/workbook.ts'
import type { Runner } from '../../platform/work/runner.ts'
import { undoImport } from './contract/imports.ts'
import type { ImportKind } from './contract/shapes.ts'

let application: TestApplication
let worker: Runner
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  worker = startWorker(application)
  const customers = 'id,name,domain\nC-1,Minato,minato.example\nC-2,Hokushin,hokushin.example\n'
  await imported(company.admin, 'customers', customers)
  await imported(
    company.admin,
    'contacts',
    'user id,email,name,company id\nu1,a@minato.example,安藤 葵,C-1\nu2,b@x.example,馬場 蓮,\n',
  )
})
afterAll(async () => {
  await worker.close()
  await application.end()
})

async function stored(table: string) {
  return asSystem(company, async ctx => {
    const { rows } = await sql<{ line: Record<string, unknown> }>`
      select to_jsonb(t) as line from ${sql.table(table)} t where t.tenant_id = ${ctx.tenantId} order by t.created_at, t.id`.execute(
      ctx.tx,
    )
    return rows.map(row => row.line)
  })
}

const files: {
  kind: Exclude<ImportKind, 'customers' | 'usage'>
  table: string
  made: number
  file: string
  wanted: object
}[] = [
  {
    kind: 'contacts',
    table: 'contact',
    made: 1,
    file: 'メールアドレス,姓,名,会社ID,役職,配信同意,登録日\nc@hokushin.example,千葉,翔,C-2,部長,同意,2025/3/1\n',
    wanted: { email: 'c@hokushin.example', name: '千葉 翔', title: '部長', email_consent: 'GRANTED' },
  },
  {
    kind: 'contracts',
    table: 'contract',
    made: 1,
    file: '契約番号,顧客ID,プラン,金額,請求間隔,開始日,自動更新\nK-9,C-1,Pro,"1,200,000円",年払い,2026/1/1,あり\n',
    wanted: { external_id: 'K-9', amount: 1_200_000, interval: 'YEAR', starts_on: '2026-01-01', auto_renew: true },
  },
  {
    kind: 'tickets',
    table: 'ticket',
    made: 1,
    file: 'チケット番号,メールアドレス,件名,優先度,ステータス,受付日時,満足度\nT-1,a@minato.example,ログインできない,高,解決済み,2026-01-05 10:00,4\n',
    wanted: { external_id: 'T-1', priority: 'HIGH', status: 'RESOLVED', satisfaction: 4, source: 'import' },
  },
  {
    kind: 'invoices',
    table: 'invoice',
    made: 1,
    file: '請求書番号,顧客名,請求金額,請求日,支払期限,状態\nI-7,Minato,"¥50,000",2026/2/1,2026/2/28,未入金\n',
    wanted: { number: 'I-7', amount: 50_000, currency: 'JPY', due_on: '2026-02-28', status: 'OPEN' },
  },
  {
    kind: 'payments',
    table: 'payment',
    made: 1,
    file: '顧客ID,請求書番号,金額,決済日,結果,支払方法\nC-1,,30000,2026/2/20,失敗,カード\n',
    wanted: { amount: 30_000, outcome: 'FAILED', method: 'カード' },
  },
  {
    kind: 'survey_answers',
    table: 'survey_answer',
    made: 1,
    file: 'email,NPS score,comment,date\na@minato.example,9,助かっています,2026-01-10\n',
    wanted: { kind: 'NPS', score: 9, comment: '助かっています' },
  },
]

describe('kinds of imports (CUS-41)', () => {
  it.each(files)(
    'imports $kind by suggestion, changes nothing the second time, and undoes it',
    async ({ kind, table, made, file, wanted }) => {
      const { admin } = company
      const before = await stored(table)
      const done = await imported(admin, kind, file)
      expect([done.fault, done.counts, await rowsOf(admin, done.id, 'failed')]).toEqual([
        null,
        { created: made, updated: 0, unchanged: 0, skipped: 0, failed: 0 },
        [],
      ])
      const after = await stored(table)
      expect(after).toHaveLength(before.length + made)
      expect(after.at(-1)).toMatchObject(wanted)
      expect(after.at(-1)!.customer_id).not.toBeNull()
      const again = await imported(admin, kind, file)
      expect(again.counts).toEqual({ created: 0, updated: 0, unchanged: made, skipped: 0, failed: 0 })
      expect(await stored(table)).toEqual(after)
      await admin.call(undoImport, { params: { id: done.id } })
      expect(await settled(admin, done.id)).toMatchObject({
        state: 'undone',
        undo: { removed: made, restored: 0, kept: 0 },
      })
      expect(await stored(table)).toEqual(before)
    },
  )

  it('imports use as events, once however often the file comes', async () => {
    const { admin } = company
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
    const file = `user id,event,date,count,plan area\nu1,report.opened,${day},3,x\nu1,report.shared,${day},,y\n`
    const done = await imported(admin, 'usage', file)
    expect([done.fault, done.counts]).toEqual([null, { created: 2, updated: 0, unchanged: 0, skipped: 0, failed: 0 }])
    const again = await imported(admin, 'usage', file)
    expect(again.counts).toMatchObject({ created: 0, unchanged: 2 })
    const events = await asSystem(company, ctx =>
      sql`select name, count(*)::int as count from usage_event where tenant_id = ${ctx.tenantId} group by name order by name`.execute(
        ctx.tx,
      ),
    )
    expect(events.rows).toEqual([
      { name: 'report.opened', count: 3 },
      { name: 'report.shared', count: 1 },
    ])
  })

  it('refuses a row that stands for more than 1,000 events', async () => {
    const { admin } = company
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
    const done = await imported(
      admin,
      'usage',
      `user id,event,date,count\nu1,bulk,${day},1000\nu1,bulk.more,${day},1001\n`,
    )
    expect(done.counts).toMatchObject({ created: 1, failed: 1 })
    const [row] = await rowsOf(admin, done.id, 'failed')
    expect([row!.row, row!.problems[0]!.column, row!.problems[0]!.message.ja]).toEqual([
      3,
      'count',
      expect.stringContaining('1000'),
    ])
  })

  it('imports from Excel and JSON lines', async () => {
    const { admin } = company
    const book = await workbookOf([
      ['ユーザーID', '氏名', 'メールアドレス'],
      ['x1', '江藤 直', 'x1@minato.example'],
    ])
    const people = ['x2', 'x3', 'x4'].map(name => `{"userId":"${name}","email":"${name}@minato.example"}`)
    const lines = [...people, '{"userId":"x5","email":"bad"}'].join('\n')
    expect((await imported(admin, 'contacts', book)).counts).toMatchObject({ created: 1 })
    const json = await imported(admin, 'contacts', lines)
    expect(json.counts).toMatchObject({ created: 3, failed: 1 })
    expect((await rowsOf(admin, json.id, 'failed'))[0]).toMatchObject({
      row: 4,
      problems: [{ column: 'email', value: 'bad' }],
    })
  })

  it('refuses rows about customers that are not there', async () => {
    const { admin } = company
    const done = await imported(admin, 'contracts', '顧客ID,金額,開始日\nC-404,100,2026-01-01\n')
    expect(done.counts).toMatchObject({ created: 0, failed: 1 })
    const [row] = await rowsOf(admin, done.id)
    expect(row!.problems[0]).toMatchObject({ column: '顧客ID', value: 'C-404' })
  })
})

describe('records that exist (duplicates)', () => {
  const first = 'id,name,industry,tags\nD-1,Alpha,IT,a\nD-2,Beta,IT,\n'
  const second = 'id,name,industry,tags\nD-1,Alpha,Retail,b\nD-2,Beta,,\nD-3,Gamma,IT,\nD-3,Gamma,Bank,\n'

  async function fresh() {
    const other = await newCompany(application)
    await imported(other.admin, 'customers', first)
    return other
  }

  it('updates them, leaves what is empty, restores on undo what nobody changed since', async () => {
    const other = await fresh()
    const done = await imported(other.admin, 'customers', second)
    expect(done.counts).toEqual({ created: 1, updated: 2, unchanged: 1, skipped: 0, failed: 0 })
    const read = () =>
      asSystem(other, async ctx => {
        const { rows } = await sql<{ external_id: string; industry: string; tags: string[] }>`
          select c.external_id, c.industry, array(select t.name from customer_tag k join tag t on t.tenant_id = ${ctx.tenantId} and t.id = k.tag_id
            where k.tenant_id = ${ctx.tenantId} and k.customer_id = c.id order by t.name) as tags
          from customer c where c.tenant_id = ${ctx.tenantId} order by c.external_id`.execute(ctx.tx)
        return rows.map(row => `${row.external_id} ${row.industry} ${row.tags.join('+')}`)
      })
    expect(await read()).toEqual(['D-1 Retail a+b', 'D-2 IT ', 'D-3 Bank '])
    await asSystem(other, async ctx => {
      await sql`update customer set plan = 'Pro' where tenant_id = ${ctx.tenantId} and external_id = 'D-1'`.execute(
        ctx.tx,
      )
    })
    await other.admin.call(undoImport, { params: { id: done.id } })
    expect((await settled(other.admin, done.id)).undo).toEqual({ removed: 1, restored: 1, kept: 0 })
    expect(await read()).toEqual(['D-1 IT a', 'D-2 IT '])
  })

  it('keeps what somebody changed since when an import is undone', async () => {
    const other = await fresh()
    const done = await imported(other.admin, 'customers', second)
    await asSystem(other, async ctx => {
      await sql`update customer set industry = 'Media' where tenant_id = ${ctx.tenantId} and external_id = 'D-1'`.execute(
        ctx.tx,
      )
    })
    await other.admin.call(undoImport, { params: { id: done.id } })
    expect((await settled(other.admin, done.id)).undo).toMatchObject({ kept: 1 })
    const { rows } = await asSystem(other, ctx =>
      sql`select industry from customer where tenant_id = ${ctx.tenantId} and external_id = 'D-1'`.execute(ctx.tx),
    )
    expect(rows).toEqual([{ industry: 'Media' }])
  })

  it('skips them', async () => {
    const other = await fresh()
    const done = await imported(other.admin, 'customers', second, { duplicates: 'skip' })
    expect(done.counts).toEqual({ created: 1, updated: 0, unchanged: 0, skipped: 3, failed: 0 })
  })

  it('makes new ones where that can be', async () => {
    const other = await fresh()
    const done = await imported(other.admin, 'customers', second, { duplicates: 'create' })
    expect(done.counts).toEqual({ created: 1, updated: 0, unchanged: 0, skipped: 0, failed: 3 })
    const names = await imported(other.admin, 'customers', 'name\nAlpha\nAlpha\n', { duplicates: 'create' })
    expect(names.counts).toMatchObject({ created: 2 })
  })
})
