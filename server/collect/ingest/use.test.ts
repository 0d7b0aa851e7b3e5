import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newSource, processAll, rollUpFaults, type TestSource } from '../../../tests/support/ingest.ts'
import { findCustomers } from '../../customers/accounts/queries/match.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import { removeOldEvents } from './commands/retention.ts'
import { changeRetention, listFindings, listSources, readRetention } from './contract/sources.ts'
import { customerUsage } from './contract/usage.ts'

let application: TestApplication
let company: TestCompany
let source: TestSource

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  source = await newSource(company)
})
afterAll(() => application.end())

const day = 86_400_000
const at = (daysAgo: number) => new Date(Date.now() - daysAgo * day).toISOString()

async function send(...batch: Record<string, unknown>[]) {
  const answer = await new Caller(application).send({
    method: 'POST',
    url: '/v1/batch',
    headers: { authorization: `Basic ${btoa(`${source.writeKey}:`)}` },
    payload: { batch: batch.map(message => ({ messageId: randomUUID(), ...message })) },
  })
  expect(answer.status).toBe(200)
  return answer.body
}

async function usage(externalId: string) {
  const [id] = await asSystem(company, ctx => findCustomers(ctx, [{ externalId }]))
  return (await company.admin.call(customerUsage, { params: { id }, query: { days: 10 } })).body
}

async function findings() {
  return (await company.admin.call(listFindings, { params: { id: source.id } })).body.items
}

describe('use of a customer (CUS-4)', () => {
  it('tells days, features with the period before, and weeks; late calls move what they are about', async () => {
    await send({ type: 'group', userId: 'u1', groupId: 'g1', timestamp: at(20) })
    await send(
      ...[1, 1, 2].map(ago => ({ type: 'track', event: 'Export', userId: 'u1', timestamp: at(ago) })),
      { type: 'track', event: 'Export', userId: 'u1', timestamp: at(15) },
      { type: 'page', name: 'Home', anonymousId: 'a1', timestamp: at(1) },
    )
    await processAll(company)
    const before = await usage('g1')
    expect(before.features).toEqual([{ feature: 'Export', events: 3, contacts: 1, before: 1 }])
    expect(before.days).toHaveLength(10)
    expect(before.days.reduce((sum, each) => sum + each.events, 0)).toBe(3)
    expect(before.weeks.reduce((sum, each) => sum + each.events, 0)).toBe(4)
    // The anonymous page view turns out to be the user's; and for a day the user worked for another company.
    await send(
      { type: 'identify', userId: 'u1', anonymousId: 'a1', timestamp: at(0.5) },
      { type: 'group', userId: 'u1', groupId: 'g2', timestamp: at(2.5) },
      { type: 'group', userId: 'u1', groupId: 'g1', timestamp: at(1.5) },
    )
    await processAll(company)
    expect((await usage('g1')).features).toEqual([
      { feature: 'Export', events: 2, contacts: 1, before: 1 },
      { feature: 'page:Home', events: 1, contacts: 1, before: 0 },
    ])
    expect((await usage('g2')).features).toEqual([{ feature: 'Export', events: 1, contacts: 1, before: 0 }])
    expect(await rollUpFaults(company)).toEqual([])
  })

  it('cuts days anew when the company moves to another time zone', async () => {
    await send({ type: 'track', event: 'E', userId: 'u1', timestamp: `${at(5).slice(0, 10)}T16:30:00.000Z` })
    await processAll(company)
    await asSystem(company, ctx =>
      sql`update tenant set time_zone = 'America/New_York' where id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    await processAll(company)
    await processAll(company)
    expect(await rollUpFaults(company)).toEqual([])
    const days = await asSystem(company, async ctx => {
      const { rows } = await sql<{ day: string }>`
        select day::text as day from usage_daily where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
      return rows.map(row => row.day)
    })
    expect(days).toEqual([at(5).slice(0, 10)])
  })
})

describe('retention (CUS-40)', () => {
  it('removes raw events and their ids after their time, keeps roll-ups, and refuses what comes too late', async () => {
    const old = { type: 'track', event: 'Old', userId: 'u1', timestamp: at(40), messageId: 'old' }
    await send(
      old,
      { type: 'track', event: 'New', userId: 'u1', timestamp: at(1) },
      { type: 'identify', userId: 'u1', timestamp: at(40) },
    )
    await processAll(company)
    expect((await company.admin.call(readRetention)).body).toEqual({ retentionDays: 400 })
    await company.admin.call(changeRetention, { body: { retentionDays: 30 } })
    await asSystem(company, ctx => removeOldEvents(ctx, ''))
    const left = await asSystem(company, async ctx => {
      const { rows } = await sql<{ raw: string[]; rolled: string[]; ids: number }>`
        select (select array_agg(coalesce(name, type) order by name) from usage_event where tenant_id = ${ctx.tenantId}) as raw,
          (select array_agg(feature order by feature) from usage_daily where tenant_id = ${ctx.tenantId}) as rolled,
          (select count(*) from ingest_message where tenant_id = ${ctx.tenantId}) as ids`.execute(ctx.tx)
      return rows[0]
    })
    expect(left).toEqual({ raw: ['New', 'identify'], rolled: ['New', 'Old'], ids: 2 })
    expect(await send(old)).toMatchObject({ accepted: 0, rejected: 1 })
    expect(await findings()).toEqual([expect.objectContaining({ code: 'too_old', messageId: 'old' })])
  })
})

describe('addresses that two claim', () => {
  const contacts = () =>
    asSystem(company, async ctx => {
      const { rows } = await sql<{ external_id: string; email: string | null; origin: string }>`
        select external_id, email, origin from contact where tenant_id = ${ctx.tenantId} order by external_id`.execute(
        ctx.tx,
      )
      return rows
    })

  it('gives one to the user who named it first, whoever arrives first, and tells of the other', async () => {
    const traits = { email: 'shared@example.test' }
    await send({ type: 'identify', userId: 'late', traits, timestamp: at(1) })
    await processAll(company)
    await send({ type: 'identify', userId: 'early', traits, timestamp: at(2) })
    await processAll(company)
    await send({ type: 'identify', userId: 'late', traits, timestamp: at(0.5) })
    await processAll(company)
    expect(await contacts()).toEqual([
      { external_id: 'early', email: 'shared@example.test', origin: 'ingest' },
      { external_id: 'late', email: null, origin: 'ingest' },
    ])
    expect(await findings()).toEqual([
      expect.objectContaining({ kind: 'notice', code: 'email_taken', person: 'u:late' }),
    ])
  })

  it('makes an imported contact the one of the user who has its address', async () => {
    const values = { email: 'known@example.test', name: '既知 太郎' }
    await asSystem(company, ctx => createContacts(ctx, [{ id: randomUUID(), values }], { origin: 'import' }))
    await send({ type: 'identify', userId: 'u9', traits: { email: 'Known@example.test', plan: 'Pro' } })
    await processAll(company)
    expect(await contacts()).toEqual([{ external_id: 'u9', email: 'known@example.test', origin: 'import' }])
  })
})

it('counts what a source sent', async () => {
  await send({ type: 'track', event: 'E', userId: 'u' }, { type: 'track', userId: 'u' })
  await processAll(company)
  const { body } = await company.admin.call(listSources)
  expect(body.items[0]).toMatchObject({
    day: { accepted: 1, duplicated: 0, rejected: 1, conflicting: 0, hours: [...Array(23).fill(0), 1] },
    lastSeenAt: expect.any(String),
  })
})
