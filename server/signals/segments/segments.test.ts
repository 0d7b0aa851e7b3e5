import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { bulkUpdateCustomers, listCustomers } from '../../customers/accounts/contract/customers.ts'
import { createAttributes } from '../../customers/attributes/commands/attributes.ts'
import { createTickets } from '../../customers/support/commands/save.ts'
import { factKinds } from '../../platform/context/vocabulary.ts'
import { computeAll, followFacts } from '../metrics/commands/follow.ts'
import { changedCustomers } from '../metrics/queries/changed.ts'
import { refreshSegments } from './commands/refresh.ts'
import * as contract from './contract.ts'

let application: TestApplication
let company: TestCompany
const by = { origin: 'person' } as const

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

async function newSegment(condition: object | undefined, wishes: object = {}) {
  const { body, status } = await company.admin.call(contract.createSegment, {
    body: {
      record: 'customer',
      nameJa: '対象',
      nameEn: 'Target',
      kind: condition ? 'dynamic' : 'static',
      ...(condition && { condition: condition as never }),
      ...wishes,
    },
  })
  expect(status).toBe(201)
  return body
}

async function members(id: string, at?: string): Promise<string[]> {
  const { body } = await company.admin.call(contract.listSegmentMembers, {
    params: { id },
    query: { limit: 200, ...(at && { at }) },
  })
  return body.items.map(item => item.id).sort()
}

/** Follows what was noted, as the jobs do. */
async function follow(): Promise<void> {
  await asSystem(company, async ctx => {
    await followFacts(ctx)
    const told = ctx.pending.events.find(event => event.type === 'figures.changed')
    if (!told) return
    const { at, facts } = told.payload as { at: string; facts: never[] }
    await refreshSegments(ctx, { facts, all: false, customers: changedCustomers(ctx, at) })
  })
}

describe('SEG-2 segments', () => {
  it('a dynamic one is filled at once, follows the facts that it depends on, and keeps who came and went', async () => {
    const [first, second] = [
      await newCustomer(company, { name: '甲', status: 'AT_RISK' }),
      await newCustomer(company, { name: '乙' }),
    ]
    const segment = await newSegment({ field: 'status', op: 'in', value: ['AT_RISK'] })
    expect(segment).toMatchObject({ members: 1, facts: ['customer'], state: 'enabled' })
    expect(await members(segment.id)).toEqual([first])
    const before = new Date().toISOString()
    await asSystem(company, ctx =>
      updateCustomers(
        ctx,
        [
          { id: second, values: { status: 'AT_RISK' } },
          { id: first, values: { status: 'ACTIVE' } },
        ],
        by,
      ),
    )
    await follow()
    expect(await members(segment.id)).toEqual([second])
    expect(await members(segment.id, before)).toEqual([first])
    const moves = (await company.admin.call(contract.listSegmentMoves, { params: { id: segment.id }, query: {} })).body
      .items
    expect(moves.map(({ name, entered }) => [name, entered]).sort()).toEqual([
      ['乙', true],
      ['甲', false],
      ['甲', true],
    ])
    const { body } = await company.admin.call(contract.segmentStatistics, { params: { id: segment.id } })
    expect(body).toMatchObject({
      members: 1,
      share: 0.5,
      byStatus: [{ key: 'AT_RISK', members: 1 }],
      sizes: [{ members: 1, entered: 2, exited: 1 }],
    })
  })

  it('a static one takes and gives up records by hand; a dynamic one does not', async () => {
    const customer = await newCustomer(company)
    const segment = await newSegment(undefined)
    const change = (id: string, body: object) =>
      company.admin.call(contract.changeSegmentMembers, { params: { id }, body: body as never })
    expect((await change(segment.id, { add: [customer, randomUUID()] })).body).toEqual({
      entered: 1,
      exited: 0,
      members: 1,
    })
    expect((await change(segment.id, { add: [customer] })).body.entered).toBe(0)
    expect((await change(segment.id, { remove: [customer] })).body).toEqual({ entered: 0, exited: 1, members: 0 })
    const dynamic = await newSegment({ field: 'status', op: 'is_set' })
    expect((await change(dynamic.id, { add: [customer] })).status).toBe(409)
    expect((await company.admin.call(contract.refreshSegment, { params: { id: segment.id } })).status).toBe(409)
  })

  it('one that names another follows it; a circle is refused; what is in use cannot be deleted', async () => {
    const customer = await newCustomer(company, { status: 'AT_RISK' })
    const inner = await newSegment({ field: 'status', op: 'in', value: ['AT_RISK'] })
    const outer = await newSegment({ not: { field: 'segments', op: 'in', value: [inner.id] } })
    expect(await members(outer.id)).toEqual([])
    await asSystem(company, ctx => updateCustomers(ctx, [{ id: customer, values: { status: 'ACTIVE' } }], by))
    await follow()
    expect([await members(inner.id), await members(outer.id)]).toEqual([[], [customer]])
    const circle = await company.admin.call(contract.updateSegment, {
      params: { id: inner.id },
      body: { condition: { field: 'segments', op: 'in', value: [outer.id] } },
    })
    expect(circle.status).toBe(422)
    expect(circle.problem.errors![0]!.path).toBe('body.condition')
    expect((await company.admin.call(contract.deleteSegment, { params: { id: inner.id } })).status).toBe(409)
    const list = await company.admin.call(listCustomers, {
      query: { filter: JSON.stringify({ field: 'segments', op: 'in', value: [outer.id] }) },
    })
    expect(list.body.items.map(item => item.id)).toEqual([customer])
    const bulk = await company.admin.call(bulkUpdateCustomers, {
      body: {
        matching: { filter: JSON.stringify({ field: 'segments', op: 'in', value: [outer.id] }) },
        addTags: ['確認'],
      },
    })
    expect(bulk.body.changed).toBe(1)
    expect((await company.admin.call(contract.deleteSegment, { params: { id: outer.id } })).status).toBe(204)
  })

  it('keeps its members and says why when its condition cannot be read any more', async () => {
    await asSystem(company, ctx =>
      createAttributes(ctx, [{ record: 'customer', key: 'x', label: 'X', type: 'boolean' }]),
    )
    const customer = await newCustomer(company)
    await asSystem(company, ctx => updateCustomers(ctx, [{ id: customer, values: { attributes: { x: true } } }], by))
    const segment = await newSegment({ field: 'attributes.x', op: 'is', value: true })
    // As the undoing of an import takes its fields back; by hand a field in use is not deleted.
    await asSystem(company, ctx => sql`delete from attribute where tenant_id = ${ctx.tenantId}`.execute(ctx.tx))
    await asSystem(company, ctx => refreshSegments(ctx, { facts: factKinds, all: true }))
    const { body } = await company.admin.call(contract.getSegment, { params: { id: segment.id } })
    expect(body.members).toBe(1)
    expect(body.fault).toContain('attributes.x')
  })

  it('suggests segments that would hold somebody', async () => {
    await newCustomer(company, { externalId: 'g1' })
    const suggestions = (await company.admin.call(contract.suggestSegments)).body.items
    expect(suggestions.find(({ key }) => key === 'silent')).toMatchObject({ members: 1 })
    await newSegment(suggestions.find(({ key }) => key === 'silent')!.condition, { key: 'silent' })
    expect((await company.admin.call(contract.suggestSegments)).body.items.some(({ key }) => key === 'silent')).toBe(
      false,
    )
  })

  it('followed step by step hold whom a fresh look would find, whatever facts change (property)', async () => {
    const customers = await Promise.all(
      ['g0', 'g1', 'g2'].map(externalId => newCustomer(company, { externalId, contractStart: dayAgo(100) })),
    )
    await asSystem(company, computeAll)
    const conditions = [
      { field: 'status', op: 'in', value: ['AT_RISK'] },
      { event: 'Export', did: 'at_least', times: 2, days: 14 },
      { field: 'metrics.tickets.open_now', op: 'at_least', value: 1 },
      {
        all: [
          { not: { event: '*', did: 'never', days: 7 } },
          { field: 'metrics.usage.active_people_30', op: 'at_least', value: 2 },
        ],
      },
      { field: 'tags', op: 'in', value: ['VIP'] },
    ]
    const segments: { id: string }[] = []
    for (const condition of conditions) segments.push(await newSegment(condition))
    segments.push(await newSegment({ field: 'segments', op: 'in', value: [segments[1]!.id, segments[2]!.id] }))
    const step = fc.record({
      kind: fc.constantFrom('use', 'status', 'ticket', 'tag'),
      customer: fc.nat(2),
      ago: fc.nat(20),
      flip: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async steps => {
        for (const { kind, customer, ago, flip } of steps) {
          const id = customers[customer]!
          if (kind === 'use') await sendUse(company, usageEvent(`u${flip}`, `g${customer}`, ago, 'Export'))
          else
            await asSystem(company, async ctx => {
              if (kind === 'ticket')
                await createTickets(
                  ctx,
                  [{ id: randomUUID(), values: { customerId: id, subject: 's', openedAt: daysAgo(1) } }],
                  by,
                )
              else if (kind === 'tag') await updateCustomers(ctx, [{ id, values: { tags: ['VIP'] } }], by)
              else await updateCustomers(ctx, [{ id, values: { status: flip ? 'AT_RISK' : 'ACTIVE' } }], by)
            })
        }
        await follow()
        const followed = await Promise.all(segments.map(segment => members(segment.id)))
        await asSystem(company, ctx => refreshSegments(ctx, { facts: factKinds, all: true }))
        expect(await Promise.all(segments.map(segment => members(segment.id)))).toEqual(followed)
      }),
      { numRuns: 12, endOnFailure: true },
    )
  })
})
