import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { exportCustomers, listCustomers } from '../../customers/accounts/contract/customers.ts'
import { createAlertRule } from '../../engage/alerts/contract/rules.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'

let application: TestApplication
let company: TestCompany
let id: string
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  id = await newCustomer(company, { name: '港北', externalId: 'k', licenceCount: 4 })
  await newCustomer(company, { name: '静か', externalId: 'q' })
  await sendUse(company, usageEvent('u1', 'k', 1), usageEvent('u1', 'k', 2), usageEvent('u2', 'k', 3))
  await asSystem(company, computeAll)
  const trigger = { kind: 'event', type: 'payment.failed' }
  const rule = await company.admin.call(createAlertRule, {
    body: { nameJa: '規則', nameEn: 'Rule', severity: 'low', topic: 'risk', trigger },
  })
  await asSystem(company, async ctx => {
    const alert = (subject: string, closed: boolean) =>
      sql`insert into alert (tenant_id, id, rule_id, subject_id, customer_id, state, severity, rank, opened_at, updated_at, closed_at, ended_at)
        values (${ctx.tenantId}, ${randomUUID()}, ${rule.body.id}, ${subject}, ${id}, ${closed ? 'closed' : 'open'}, 'low', 4, ${ctx.now}, ${ctx.now},
          ${closed ? ctx.now : null}, ${closed ? ctx.now : null})`.execute(ctx.tx)
    await alert(id, false)
    await alert(id, true)
    await sql`update customer set health_score = 62 where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
    await sql`insert into health_daily (tenant_id, day, customer_id, scorecard_id, version, score, coverage, scores, inputs)
      values (${ctx.tenantId}, ${dayAgo(31)}::date, ${id}, ${id}, 1, 70, 1, '{}', '{}'),
        (${ctx.tenantId}, ${dayAgo(20)}::date, ${id}, ${id}, 1, 90, 1, '{}', '{}')`.execute(ctx.tx)
  })
})
afterAll(() => application.end())

const fields =
  'metrics.usage.active_people_30,metrics.usage.active_share_30,openAlerts,healthChange30,metrics.tickets.open_now'

describe('the portfolio table: metrics, alerts and health beside the record', () => {
  it('shows the fields asked for, sorted and filtered by what the list knows', async () => {
    const { body } = await company.admin.call(listCustomers, { query: { fields, sort: 'name', order: 'desc' } })
    expect(body.items.map(({ name, fields: shown }) => [name, shown])).toEqual([
      [
        '静か',
        {
          'metrics.usage.active_people_30': 0,
          'metrics.usage.active_share_30': null,
          openAlerts: 0,
          healthChange30: null,
          'metrics.tickets.open_now': 0,
        },
      ],
      [
        '港北',
        {
          'metrics.usage.active_people_30': 2,
          'metrics.usage.active_share_30': 50,
          openAlerts: 1,
          healthChange30: -8,
          'metrics.tickets.open_now': 0,
        },
      ],
    ])
    const filter = JSON.stringify({ all: [{ field: 'openAlerts', op: 'at_least', value: 1 }] })
    const alerted = await company.admin.call(listCustomers, { query: { filter } })
    expect(alerted.body.items.map(({ name }) => name)).toEqual(['港北'])
    expect(alerted.body.items[0]!.fields).toBeUndefined()
  })

  it('refuses fields and sorts that there are not, and too many of them', async () => {
    const ask = async (query: object) => (await company.admin.call(listCustomers, { query })).status
    expect(await ask({ fields: 'metrics.none' })).toBe(422)
    expect(await ask({ fields: "name') from customer; --" })).toBe(422)
    expect(await ask({ fields: '__proto__' })).toBe(422)
    expect(await ask({ sort: 'metrics.usage.active_people_30' })).toBe(422)
    const many = Array.from({ length: 21 }, (_, at) => `attributes.a${at}`).join(',')
    expect(await ask({ fields: many })).toBe(422)
  })

  it('goes into the file under its name', async () => {
    const query = { columns: 'name,metrics.usage.active_people_30,openAlerts' }
    const { text } = await company.admin.call(exportCustomers, { query, headers: { 'accept-language': 'ja' } })
    expect(text.replace('\ufeff', '').trim().split('\r\n')).toEqual([
      '顧客名,利用者数（30日）,未対応のアラート',
      '港北,2,1',
      '静か,0,0',
    ])
    const unknown = await company.admin.call(exportCustomers, { query: { columns: 'name,metrics.none' } })
    expect(unknown.status).toBe(422)
  })

  it('keeps to the company and to the customers of the person', async () => {
    const other = await newCompany(application)
    expect((await other.admin.call(listCustomers, { query: { fields } })).body.items).toEqual([])
    const csm = await newMember(company, 'csm')
    const own = await csm.call(listCustomers, { query: { fields, mine: 'own' } })
    expect(own.body.items).toEqual([])
  })
})
