import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newAlertRule } from '../../../tests/support/alert-rules.ts'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, stranger, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { enrolmentsOf, flowDocumentOf, newFlow, runAt } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import type { CustomerValues } from '../../customers/accounts/commands/values.ts'
import { createContacts, updateContacts } from '../../customers/contacts/commands/save.ts'
import { createAnswer } from '../../customers/feedback/contract.ts'
import { useStandardStages } from '../../signals/lifecycle/commands/stages.ts'
import { moveContact } from '../../signals/lifecycle/contract/leads.ts'
import { followFacts } from '../../signals/metrics/commands/follow.ts'
import { createSegment } from '../../signals/segments/contract.ts'
import { followSchedules, followTriggers } from './commands/follow.ts'
import type { FlowDocumentInput } from './contract/document.ts'
import { enrol } from './contract/enrolments.ts'
import { checkFlow, rotateFlowHook } from './contract/flows.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

type Trigger = FlowDocumentInput['triggers'][number]

const flowOf = async (trigger: Trigger, wishes: Partial<FlowDocumentInput> = {}, more = {}) =>
  (await newFlow(company, { triggers: [trigger], ...wishes }, more)).id

/** Who came into a flow, with what brought them. */
async function cameInto(id: string) {
  return (await enrolmentsOf(company, id)).map(({ subjectId, cause }) => `${cause} ${subjectId}`).sort()
}

async function change(id: string, values: CustomerValues): Promise<void> {
  await asSystem(company, ctx => updateCustomers(ctx, [{ id, values }], { origin: 'person' }))
  await settle()
}

async function settle(): Promise<void> {
  await asSystem(company, followFacts)
  await finishJobs(application)
}

async function newContact(values: Record<string, string | number | null> = {}): Promise<string> {
  const id = randomUUID()
  await asSystem(company, ctx =>
    createContacts(ctx, [{ id, values: { name: '鈴木', ...values } }], { origin: 'person' }),
  )
  return id
}

describe('FLW-1 triggers', () => {
  it('event: of the product’s use, with its properties; each event once', async () => {
    const [one, other] = [
      await newCustomer(company, { externalId: 'g-one' }),
      await newCustomer(company, { externalId: 'g-two' }),
    ]
    const id = await flowOf(
      {
        kind: 'event',
        event: 'Limit Reached',
        where: [{ property: 'share', op: 'at_least', value: 80 }],
      },
      { reentry: { kind: 'after_end' } },
    )
    await sendUse(
      company,
      usageEvent('u1', 'g-one', 0, 'Limit Reached', { share: 85 }),
      usageEvent('u2', 'g-two', 0, 'Limit Reached', { share: 50 }),
    )
    await settle()
    expect(await cameInto(id)).toEqual([`event ${one}`])
    await asSystem(company, ctx => followTriggers(ctx))
    expect(await cameInto(id)).toEqual([`event ${one}`])
    await sendUse(company, usageEvent('u2', 'g-two', 0, 'Limit Reached', { share: 99 }))
    await settle()
    expect(await cameInto(id)).toEqual([`event ${one}`, `event ${other}`].sort())
  })

  it('happening: a customer churns; a flow of contacts takes in its contacts', async () => {
    const customer = await newCustomer(company)
    const contact = await newContact({ customerId: customer })
    const id = await flowOf({ kind: 'happening', type: 'customer.churned' })
    const people = await flowOf({ kind: 'happening', type: 'customer.churned' }, { subject: 'contact' })
    await change(customer, { status: 'CHURNED' })
    expect([await cameInto(id), await cameInto(people)]).toEqual([[`happening ${customer}`], [`happening ${contact}`]])
  })

  it('condition: when it becomes true, again after it was false; who meets it already is left alone or started by choice', async () => {
    const [before, later] = [await newCustomer(company, { plan: 'Gold' }), await newCustomer(company, { plan: 'Tin' })]
    const trigger = { kind: 'condition', condition: { field: 'plan', op: 'in', value: ['Gold'] } } as const
    const id = await flowOf(trigger, { reentry: { kind: 'after_end' } })
    const all = await flowOf(trigger, {}, { startMatching: true })
    await settle()
    expect([await cameInto(id), await cameInto(all)]).toEqual([[], [`condition ${before}`]])
    await change(later, { plan: 'Gold' })
    expect(await cameInto(id)).toEqual([`condition ${later}`])
    await change(later, { plan: 'Tin' })
    await change(later, { plan: 'Gold' })
    expect(await cameInto(id)).toEqual([`condition ${later}`, `condition ${later}`])
  })

  it('segment: entered and left', async () => {
    const customer = await newCustomer(company, { plan: 'Blue' })
    await company.admin.call(createSegment, {
      body: {
        key: 'reds',
        nameJa: '赤',
        nameEn: 'Reds',
        record: 'customer',
        kind: 'dynamic',
        condition: { field: 'plan', op: 'in', value: ['Red'] },
      } as never,
    })
    const entered = await flowOf({ kind: 'segment', segment: 'reds', move: 'entered' })
    const left = await flowOf({ kind: 'segment', segment: 'reds', move: 'left' })
    await change(customer, { plan: 'Red' })
    expect([await cameInto(entered), await cameInto(left)]).toEqual([[`segment ${customer}`], []])
    await change(customer, { plan: 'Blue' })
    expect(await cameInto(left)).toEqual([`segment ${customer}`])
  })

  it('score: lead score of contacts, churn and health of customers, crossed up and down', async () => {
    const customer = await newCustomer(company)
    const contact = await newContact({ leadScore: 10 })
    const lead = await flowOf({ kind: 'score', score: 'lead', crosses: 'up', value: 80 }, { subject: 'contact' })
    const churn = await flowOf({ kind: 'score', score: 'churn', crosses: 'up', value: 70 })
    const health = await flowOf({ kind: 'score', score: 'health', crosses: 'down', value: 40 })
    await asSystem(company, async ctx => {
      await updateContacts(ctx, [{ id: contact, values: { leadScore: 85 } }])
      await sql`
        update customer set churn_score = 71, health_score = 39 where tenant_id = ${ctx.tenantId} and id = ${customer}`.execute(
        ctx.tx,
      )
      await followTriggers(ctx)
    })
    expect([await cameInto(lead), await cameInto(churn), await cameInto(health)]).toEqual([
      [`score ${contact}`],
      [`score ${customer}`],
      [`score ${customer}`],
    ])
  })

  it('health band: a change of band brings the customer in', async () => {
    const customer = await newCustomer(company)
    const id = await flowOf({ kind: 'health_band', bands: ['red'] })
    const band = (name: string) =>
      asSystem(company, async ctx => {
        await sql`
          insert into customer_health (tenant_id, customer_id, scorecard_id, version, band, coverage, scores, inputs, computed_at)
          values (${ctx.tenantId}, ${customer}, gen_random_uuid(), 1, ${name}, 1, '{}', '{}', ${ctx.now})
          on conflict (tenant_id, customer_id) do update set band = excluded.band`.execute(ctx.tx)
        await followTriggers(ctx)
      })
    await band('green')
    expect(await cameInto(id)).toEqual([])
    await band('red')
    expect(await cameInto(id)).toEqual([`health_band ${customer}`])
  })

  it('alert: one that is opened', async () => {
    const rule = await newAlertRule(company, {
      key: 'silver',
      trigger: { kind: 'condition', condition: { field: 'plan', op: 'in', value: ['Silver'] } },
    })
    const id = await flowOf({ kind: 'alert', rule: rule.key })
    const customer = await newCustomer(company)
    await change(customer, { plan: 'Silver' })
    expect(await cameInto(id)).toEqual([`alert ${customer}`])
  })

  it('survey answer: of one kind and score, by the customer or the person; old answers that are imported start nothing', async () => {
    const [unhappy, happy] = [await newCustomer(company), await newCustomer(company)]
    const contact = await newContact({ customerId: unhappy })
    const trigger = { kind: 'answer', survey: 'NPS', least: 0, most: 6 } as const
    const [ofCustomer, ofContact] = [await flowOf(trigger), await flowOf(trigger, { subject: 'contact' })]
    const answer = async (customerId: string, kind: 'NPS' | 'CSAT', score: number, more: object = {}) => {
      const body = { customerId, kind, score, answeredAt: new Date().toISOString(), ...more }
      expect((await company.admin.call(createAnswer, { body })).status).toBe(201)
    }
    await answer(unhappy, 'CSAT', 3)
    await answer(happy, 'NPS', 7)
    await answer(happy, 'NPS', 2, { answeredAt: new Date(Date.now() - 30 * 86_400_000).toISOString() })
    await settle()
    expect([await cameInto(ofCustomer), await cameInto(ofContact)]).toEqual([[], []])
    await answer(unhappy, 'NPS', 6, { contactId: contact })
    await settle()
    expect([await cameInto(ofCustomer), await cameInto(ofContact)]).toEqual([
      [`answer ${unhappy}`],
      [`answer ${contact}`],
    ])
    const turned = flowDocumentOf({ triggers: [{ ...trigger, least: 7 }] })
    const { body } = await company.admin.call(checkFlow, { body: { document: turned } })
    expect(body.faults.map(({ path }) => path)).toEqual(['triggers.0.least'])
  })

  it('date: 90 days before the renewal, once for each date', async () => {
    const [due, early] = [
      await newCustomer(company, { renewalOn: dayAgo(-90) }),
      await newCustomer(company, { renewalOn: dayAgo(-95) }),
    ]
    const id = await flowOf({ kind: 'date', field: 'renewalOn', offsetDays: -90 }, { reentry: { kind: 'after_end' } })
    const at = (days: number) =>
      asSystem(company, ctx => followTriggers({ ...ctx, now: new Date(Date.now() + days * 86_400_000) }))
    await at(0)
    await at(0)
    expect(await cameInto(id)).toEqual([`date ${due}`])
    await at(6)
    expect(await cameInto(id)).toEqual([`date ${due}`, `date ${early}`].sort())
  })

  it('date: two distances of the same day each bring the customer', async () => {
    const customer = await newCustomer(company, { renewalOn: dayAgo(-90) })
    const [far, near] = [-90, -30].map(offsetDays => ({ kind: 'date', field: 'renewalOn', offsetDays }) as const)
    const wishes = { triggers: [far!, near!], reentry: { kind: 'after_end' } } as const
    const { id } = await newFlow(company, { ...wishes, triggers: [...wishes.triggers] })
    for (const days of [0, 60]) {
      const now = new Date(Date.now() + days * 86_400_000)
      await asSystem(company, ctx => followTriggers({ ...ctx, now }))
      await runAt(company, now)
    }
    expect((await cameInto(id)).filter(line => line.endsWith(customer))).toHaveLength(2)
  })

  it('stage: a contact enters a stage of the lifecycle', async () => {
    await asSystem(company, ctx => useStandardStages(ctx, { actNow: false }))
    const { rows } = await asSystem(company, ctx =>
      sql<{ key: string }>`
        select key from lifecycle_stage where tenant_id = ${ctx.tenantId} and kind = 'open' order by position desc limit 1`.execute(
        ctx.tx,
      ),
    )
    const contact = await newContact()
    const id = await flowOf({ kind: 'stage', stage: rows[0]!.key }, { subject: 'contact' })
    const moved = await company.admin.call(moveContact, {
      params: { id: contact },
      body: { stage: rows[0]!.key, reason: null } as never,
    })
    expect(moved.status).toBeLessThan(300)
    await finishJobs(application)
    expect(await cameInto(id)).toEqual([`stage ${contact}`])
  })

  it('schedule: everybody who meets the entry condition at its time, which comes once', async () => {
    const customer = await newCustomer(company, { plan: 'Monthly' })
    const id = await flowOf(
      { kind: 'schedule', cron: '0 9 * * *' },
      { entry: { field: 'plan', op: 'in', value: ['Monthly'] }, reentry: { kind: 'after_end' } },
    )
    const at = (hours: number) =>
      asSystem(company, ctx => followSchedules({ ...ctx, now: new Date(Date.now() + hours * 3_600_000) }))
    await at(0)
    expect(await cameInto(id)).toEqual([])
    await at(24)
    await at(24)
    expect(await cameInto(id)).toEqual([`schedule ${customer}`])
  })

  it('webhook: a program calls the secret address; the same id starts once, a forged address nothing', async () => {
    const customer = await newCustomer(company, { externalId: 'hooked' })
    const id = await flowOf({ kind: 'webhook' }, { reentry: { kind: 'after_end' } })
    const { body } = await company.admin.call(rotateFlowHook, { params: { id } })
    const call = (url: string, payload: object) => stranger(application).send({ method: 'POST', url, payload })
    const first = await call(body.path, { customerId: 'hooked', id: 'order-1' })
    expect([first.status, first.body]).toEqual([202, { enrolled: 1, reason: null }])
    await finishJobs(application)
    expect((await call(body.path, { customerId: 'hooked', id: 'order-1' })).body).toEqual({ enrolled: 0, reason: null })
    expect((await call(body.path, { customerId: 'nobody' })).status).toBe(422)
    expect((await call(`${body.path.slice(0, -1)}x`, { customerId: 'hooked' })).status).toBe(404)
    await company.admin.call(rotateFlowHook, { params: { id } })
    expect((await call(body.path, { customerId: 'hooked' })).status).toBe(404)
    expect(await cameInto(id)).toEqual([`webhook ${customer}`])
  })

  it('manual: many at once, only where the flow is begun by hand', async () => {
    const ids = await Promise.all([1, 2].map(() => newCustomer(company)))
    const byHand = await flowOf({ kind: 'manual' })
    const other = await flowOf({ kind: 'webhook' })
    const many = await company.admin.call(enrol, { params: { id: byHand }, body: { subjectIds: ids } })
    expect(many.body).toEqual({ enrolled: 2, heldOut: 0, refused: [] })
    expect((await company.admin.call(enrol, { params: { id: other }, body: { subjectIds: ids } })).status).toBe(409)
  })
})
