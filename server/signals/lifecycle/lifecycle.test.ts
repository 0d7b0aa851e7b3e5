import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import {
  bulkSaveContacts,
  createContact,
  deleteContact,
  getContact,
  updateContact,
} from '../../customers/contacts/contract.ts'
import { evaluateStages } from './commands/evaluate.ts'
import * as leads from './contract/leads.ts'
import * as stages from './contract/stages.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

async function standard() {
  const { body, status } = await company.admin.call(stages.useStandardStages, { body: { actNow: false } })
  expect(status).toBe(201)
  return body.items
}

async function newLead(values: object = {}): Promise<string> {
  const { body, status } = await company.admin.call(createContact, { body: { name: '山田 太郎', ...values } })
  expect(status).toBe(201)
  await finishJobs(application)
  return body.id
}

async function change(id: string, values: object): Promise<void> {
  const { status } = await company.admin.call(updateContact, { params: { id }, body: values })
  expect(status).toBe(200)
  await finishJobs(application)
}

async function stageOf(id: string) {
  return (await company.admin.call(getContact, { params: { id } })).body.lifecycleStage
}

async function history(id: string) {
  return (await company.admin.call(leads.contactLifecycle, { params: { id } })).body.moves
}

function move(id: string, stage: string, reason: string | null = null) {
  return company.admin.call(leads.moveContact, { params: { id }, body: { stage, reason } })
}

/** Looks at everything, as the hourly job does. */
const evaluate = () => asSystem(company, ctx => evaluateStages(ctx))

describe('LIF-1 moves by rules', () => {
  it('LIF-1: by score, at the very boundary, and says by which condition and with which score', async () => {
    await standard()
    const id = await newLead({ leadScore: 49.99 })
    expect(await stageOf(id)).toBe('new')
    await change(id, { leadScore: 50 })
    expect(await stageOf(id)).toBe('mql')
    await change(id, { leadScore: 79.99 })
    expect(await stageOf(id)).toBe('mql')
    await change(id, { leadScore: 80 })
    expect(await stageOf(id)).toBe('sql')
    const moves = await history(id)
    expect(moves.map(({ from, to, cause, leadScore }) => [from, to, cause, leadScore])).toEqual([
      ['mql', 'sql', 'rule', 80],
      ['new', 'mql', 'rule', 50],
      [null, 'new', 'rule', 49.99],
    ])
    expect(moves[1]).toMatchObject({
      condition: { field: 'leadScore', op: 'at_least', value: 50 },
      toNameJa: 'MQL',
      actorName: null,
      daysBefore: 0,
      passed: 0,
    })
  })

  it('LIF-1: by behaviour: a demonstration that was asked for, by a lead of no customer', async () => {
    await standard()
    const id = await newLead({ externalId: 'lead-7' })
    expect(await stageOf(id)).toBe('new')
    const { context: _, ...event } = usageEvent('lead-7', '', 0, 'Demo Requested')
    await sendUse(company, event)
    await asSystem(company, async ctx => {
      const { followFacts } = await import('../metrics/commands/follow.ts')
      await followFacts(ctx)
    })
    await finishJobs(application)
    expect(await stageOf(id)).toBe('sql')
  })

  it('LIF-1: to the furthest stage; those between count as passed, and a rule never moves back', async () => {
    const items = await standard()
    const id = await newLead({ leadScore: 95 })
    expect((await history(id)).map(({ from, to, passed }) => [from, to, passed])).toEqual([[null, 'sql', 2]])
    await change(id, { leadScore: 10 })
    await evaluate()
    expect(await stageOf(id)).toBe('sql')
    const { body } = await company.admin.call(stages.listStages)
    expect(body.items.map(({ key, leads: there, entered30 }) => [key, there, entered30])).toEqual([
      ['new', 0, 1],
      ['mql', 0, 1],
      ['sql', 1, 1],
      ['opportunity', 0, 0],
      ['won', 0, 0],
      ['lost', 0, 0],
    ])
    expect(items).toHaveLength(6)
  })

  it('LIF-1: many leads in one statement, each once, whoever looks at the same time', async () => {
    const rows = Array.from({ length: 60 }, (_, number) => ({ externalId: `l${number}`, leadScore: number * 2 }))
    await company.admin.call(bulkSaveContacts, { body: { rows } })
    await standard()
    await company.admin.call(bulkSaveContacts, { body: { rows: rows.map(row => ({ ...row, leadScore: 90 })) } })
    const moved = await Promise.all([evaluate(), evaluate(), evaluate()])
    expect(moved.sort()).toEqual([0, 0, 60 - 20])
    const { rows: count } = await asSystem(company, ctx =>
      sql`select to_key, cause, count(*)::int as moves from lifecycle_move where tenant_id = ${ctx.tenantId} group by 1, 2 order by 1`.execute(
        ctx.tx,
      ),
    )
    // 0 to 118 by twos: 25 below 50, 15 below 80, 20 above; then all others to SQL.
    expect(count).toEqual([
      { to_key: 'mql', cause: 'rule', moves: 15 },
      { to_key: 'new', cause: 'rule', moves: 25 },
      { to_key: 'sql', cause: 'rule', moves: 60 },
    ])
  })

  it('LIF-1: takes leads of no customer, people of customers only once they are in a stage', async () => {
    await standard()
    const customerId = await newCustomer(company, { status: 'ONBOARDING' })
    const person = await newLead({ customerId, leadScore: 90 })
    expect(await stageOf(person)).toBeNull()
    const lead = await newLead({ leadScore: 60 })
    await change(lead, { customerId })
    expect(await stageOf(lead)).toBe('mql')
    await change(lead, { leadScore: 99 })
    expect(await stageOf(lead)).toBe('sql')
    const { updateCustomers } = await import('../../customers/accounts/commands/save.ts')
    await asSystem(company, ctx =>
      updateCustomers(ctx, [{ id: customerId, values: { status: 'ACTIVE' } }], { origin: 'person' }),
    )
    await evaluate()
    expect(await stageOf(lead)).toBe('won')
  })

  it('LIF-1: a paused stage moves nobody; one whose condition cannot be read any more says why and keeps no other', async () => {
    const items = await standard()
    const [, mql, later] = items
    await company.admin.call(stages.updateStage, { params: { id: mql!.id }, body: { state: 'paused' } })
    const id = await newLead({ leadScore: 60 })
    expect(await stageOf(id)).toBe('new')
    const gone = JSON.stringify({ field: 'attributes.gone', op: 'is_set' })
    await asSystem(company, ctx =>
      sql`update lifecycle_stage set condition = ${gone}::jsonb where tenant_id = ${ctx.tenantId} and id = ${later!.id}`.execute(
        ctx.tx,
      ),
    )
    await company.admin.call(stages.updateStage, { params: { id: mql!.id }, body: { state: 'enabled' } })
    expect(await stageOf(id)).toBe('mql')
    const read = await company.admin.call(stages.getStage, { params: { id: later!.id } })
    expect(read.body.fault).toMatch(/attributes.gone/)
  })
})

describe('LIF-1 moves by hand and by what is written', () => {
  it('LIF-1: back only by hand, with a reason, and no rule takes it forward until its condition has not held once', async () => {
    await standard()
    const id = await newLead({ leadScore: 85 })
    const refused = await move(id, 'mql')
    expect([refused.status, refused.problem.errors?.[0]?.path]).toEqual([422, 'body.reason'])
    expect((await move(id, 'mql', '予算が来期になったため')).status).toBe(200)
    await finishJobs(application)
    await evaluate()
    expect(await stageOf(id)).toBe('mql')
    const [latest] = await history(id)
    expect(latest).toMatchObject({
      from: 'sql',
      to: 'mql',
      cause: 'person',
      reason: '予算が来期になったため',
      actorName: '佐藤 美咲',
    })
    await change(id, { leadScore: 70 })
    expect(await stageOf(id)).toBe('mql')
    await change(id, { leadScore: 85 })
    expect(await stageOf(id)).toBe('sql')
  })

  it('LIF-1: to lost with a reason; from there only by hand', async () => {
    await standard()
    const id = await newLead({ leadScore: 60 })
    expect((await move(id, 'lost')).status).toBe(422)
    expect((await move(id, 'lost', '他社に決定')).status).toBe(200)
    await change(id, { leadScore: 99 })
    expect(await stageOf(id)).toBe('lost')
    expect((await move(id, 'new', '再検討のご連絡')).status).toBe(200)
    await evaluate()
    expect(await stageOf(id)).toBe('new')
  })

  it('LIF-1: two people who move the same lead at once make two moves, one after the other', async () => {
    await standard()
    const id = await newLead({ leadScore: 60 })
    const answers = await Promise.all([move(id, 'opportunity'), move(id, 'opportunity'), move(id, 'opportunity')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422])
    expect((await history(id)).filter(({ to }) => to === 'opportunity')).toHaveLength(1)
  })

  it('LIF-1: a stage that is written to the contact is a move; other words stay and count as no stage', async () => {
    await standard()
    const id = await newLead()
    await change(id, { lifecycleStage: 'Opportunity' })
    expect(await stageOf(id)).toBe('opportunity')
    const [latest] = await history(id)
    expect(latest).toMatchObject({ from: 'new', to: 'opportunity', cause: 'record', passed: 2, acts: true })
    await company.admin.call(bulkSaveContacts, {
      body: {
        rows: [
          { externalId: 'x1', lifecycleStage: 'WON' },
          { externalId: 'x2', lifecycleStage: 'evangelist', leadScore: 5 },
        ],
      },
    })
    const customerId = await newCustomer(company)
    const other = await newLead({ customerId, lifecycleStage: 'evangelist' })
    await evaluate()
    expect(await stageOf(other)).toBe('evangelist')
    const { rows } = await asSystem(company, ctx =>
      sql`select c.external_id, c.lifecycle_stage, m.from_key, m.to_key, m.cause, m.acts from contact c
        join lifecycle_move m on m.tenant_id = ${ctx.tenantId} and m.contact_id = c.id
        where c.tenant_id = ${ctx.tenantId} and c.external_id is not null order by 1`.execute(ctx.tx),
    )
    // A file's rows are noted and carry out nothing; a lead with another word begins at the first stage.
    expect(rows).toEqual([
      { external_id: 'x1', lifecycle_stage: 'won', from_key: null, to_key: 'won', cause: 'record', acts: false },
      { external_id: 'x2', lifecycle_stage: 'new', from_key: 'evangelist', to_key: 'new', cause: 'rule', acts: true },
    ])
  })

  it('LIF-1: is refused without the permission, to a stage that there is not, and for somebody else’s lead', async () => {
    await standard()
    const id = await newLead()
    const reader = await newMember(company, 'read_only')
    const body = { stage: 'mql', reason: null }
    expect((await reader.call(leads.moveContact, { params: { id }, body })).status).toBe(403)
    // Who looks after leads moves those of no customer; a customer's people are moved by who writes to customers.
    const sales = await newMember(company, 'sales_marketing')
    expect((await sales.call(leads.moveContact, { params: { id }, body: { stage: 'sql', reason: null } })).status).toBe(
      200,
    )
    const theirs = await newLead({ customerId: await newCustomer(company) })
    expect((await sales.call(leads.moveContact, { params: { id: theirs }, body })).status).toBe(403)
    expect((await move(id, "mql'; drop table contact; --")).status).toBe(422)
    const other = await newCompany(application)
    expect((await other.admin.call(leads.moveContact, { params: { id }, body })).status).toBe(404)
    expect((await other.admin.call(leads.contactLifecycle, { params: { id } })).status).toBe(404)
    expect((await other.admin.call(stages.listStages)).body).toEqual({ items: [], unstaged: 0 })
    expect((await company.admin.call(deleteContact, { params: { id } })).status).toBe(204)
  })
})

describe('LIF-1 stages', () => {
  it('LIF-1: are made, put into an order, refused while leads are in them, deleted', async () => {
    const items = await standard()
    const again = await standard()
    expect(again.map(({ id }) => id)).toEqual(items.map(({ id }) => id))
    const ids = items.map(({ id }) => id)
    const swapped = [ids[1]!, ids[0]!, ...ids.slice(2)]
    const ordered = await company.admin.call(stages.orderStages, { body: { ids: swapped } })
    expect(ordered.body.items.map(({ id }) => id)).toEqual(swapped)
    expect((await company.admin.call(stages.orderStages, { body: { ids: ids.slice(1) } })).status).toBe(422)
    expect(
      (await company.admin.call(stages.orderStages, { body: { ids: [...ids.slice(1), randomUUID()] } })).status,
    ).toBe(422)
    const lead = await newLead()
    const kept = await company.admin.call(stages.deleteStage, { params: { id: ids[0]! } })
    expect([kept.status, kept.problem.detail]).toEqual([409, expect.stringMatching(/1/)])
    await company.admin.call(deleteContact, { params: { id: lead } })
    expect((await company.admin.call(stages.deleteStage, { params: { id: ids[0]! } })).status).toBe(204)
  })

  it('LIF-1: a changed rule is tried before it is kept, and its first run carries out no actions unless asked', async () => {
    const items = await standard()
    const mql = items[1]!
    for (const leadScore of [30, 35, 45]) await newLead({ leadScore })
    const condition = { field: 'leadScore', op: 'at_least', value: 35 } as const
    const preview = await company.admin.call(stages.previewStage, { body: { stageId: mql.id, condition } })
    expect(preview.body).toMatchObject({ meeting: 2, moving: 2, samples: [{ from: 'new' }, { from: 'new' }] })
    await company.admin.call(stages.updateStage, { params: { id: mql.id }, body: { condition, actNow: false } })
    const { body } = await company.admin.call(leads.listLeads, { query: { stageId: mql.id } })
    expect(body.items.map(({ leadScore }) => leadScore).sort()).toEqual([35, 45])
    const { body: told } = await company.admin.call(leads.listMoves, { query: { limit: 2 } })
    expect(told.items.map(({ acts, to }) => [acts, to])).toEqual([
      [false, 'mql'],
      [false, 'mql'],
    ])
    expect(told.next).not.toBeNull()
  })

  it.each([
    [
      'an unknown variable',
      { kind: 'welcome_mail', subjectJa: '{{password}}', subjectEn: 'x', bodyJa: 'x', bodyEn: 'x' },
      'body.actions.0.subjectJa',
    ],
    ['nobody to tell', { kind: 'notify', to: [], channels: [] }, 'body.actions.0.to'],
    [
      'a colleague who is not there',
      { kind: 'notify', to: [{ kind: 'member', id: randomUUID() }] },
      'body.actions.0.to.0',
    ],
    ['an owner who is not there', { kind: 'create_customer', ownerId: randomUUID() }, 'body.actions.0.ownerId'],
  ])('LIF-1: refuses %s, with its place', async (_, action, path) => {
    const { status, problem } = await company.admin.call(stages.createStage, {
      body: { key: 'x', nameJa: 'x', nameEn: 'x', actions: [action] as never },
    })
    expect([status, problem.errors?.[0]?.path]).toEqual([422, path])
  })

  it('LIF-1: refuses a condition that cannot be read, and a key that is taken', async () => {
    const body = { key: 'x', nameJa: 'x', nameEn: 'x' }
    const condition = { field: 'password', op: 'is_set' } as const
    expect((await company.admin.call(stages.createStage, { body: { ...body, condition } })).status).toBe(422)
    expect((await company.admin.call(stages.createStage, { body })).status).toBe(201)
    const taken = await company.admin.call(stages.createStage, { body })
    expect([taken.status, taken.problem.errors?.[0]?.path]).toEqual([422, 'body.key'])
  })
})
