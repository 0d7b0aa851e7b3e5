import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { enrolmentsOf, flowDocumentOf, logOf, newFlow, runAt } from '../../../tests/support/flows.ts'
import { messagesOf, writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { updateContacts } from '../../customers/contacts/commands/save.ts'
import { getTemplate } from '../messages/contract/templates.ts'
import { followGoals } from './commands/leave.ts'
import { enrol } from './contract/enrolments.ts'
import { checkFlow } from './contract/flows.ts'

let application: TestApplication
let company: TestCompany
let key: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  const { template } = await writeTemplate(company)
  key = (await company.admin.call(getTemplate, { params: { id: template }, query: {} })).body.key
})
afterAll(() => application.end())

const mail = (more: object = {}) => ({ key: 'mail', kind: 'email' as const, template: key, next: null, ...more })

async function enter(flowId: string, subjectIds: string[]) {
  expect((await company.admin.call(enrol, { params: { id: flowId }, body: { subjectIds } })).body.enrolled).toBe(
    subjectIds.length,
  )
  await runAt(company)
}

describe('FLW-2 e-mail', () => {
  it('writes to contacts that agreed, each once; the log says who got nothing and why', async () => {
    const ids = await writeContacts(company, 4, place =>
      place === 1 ? { emailConsent: 'DENIED' } : place === 2 ? { emailState: 'UNSUBSCRIBED' } : undefined,
    )
    const flow = await newFlow(company, { subject: 'contact', steps: [mail()] })
    await enter(flow.id, ids)
    await runAt(company)
    const logs = new Map((await enrolmentsOf(company, flow.id)).map(each => [each.subjectId, logOf(each)]))
    expect(ids.map(id => logs.get(id))).toEqual([
      ['mail next'],
      ['mail no_consent'],
      ['mail unsubscribed'],
      ['mail next'],
    ])
    const sent = (await messagesOf(company)).filter(({ contactId }) => ids.includes(contactId))
    expect(sent.map(({ contactId }) => contactId).toSorted()).toEqual([ids[0]!, ids[3]!].toSorted())
  })

  it('what belongs to the contract reaches those who turned off marketing', async () => {
    const { template } = await writeTemplate(company, { kind: 'transactional' })
    const own = (await company.admin.call(getTemplate, { params: { id: template }, query: {} })).body.key
    const ids = await writeContacts(company, 3, place =>
      place === 0
        ? { emailState: 'UNSUBSCRIBED' }
        : place === 1
          ? { emailConsent: 'DENIED' }
          : { emailState: 'BOUNCED' },
    )
    const flow = await newFlow(company, { subject: 'contact', steps: [mail({ template: own })] })
    await enter(flow.id, ids)
    const logs = new Map((await enrolmentsOf(company, flow.id)).map(each => [each.subjectId, logOf(each)]))
    expect(ids.map(id => logs.get(id))).toEqual([['mail next'], ['mail next'], ['mail address_suppressed']])
  })

  it('writes to the main person of a customer, or to everybody there who has an address', async () => {
    const customer = await newCustomer(company)
    const nobody = await newCustomer(company)
    const people = await writeContacts(company, 3, place => ({
      customerId: customer,
      ...(place === 1 && { stakeholderRole: 'CHAMPION' }),
      ...(place === 2 && { email: null }),
    }))
    const to = async (whom: 'main' | 'all') => {
      const before = (await messagesOf(company)).length
      const flow = await newFlow(company, { steps: [mail({ to: whom })] })
      await enter(flow.id, [customer, nobody])
      const logs = (await enrolmentsOf(company, flow.id)).map(each => [each.subjectId === nobody, ...logOf(each)])
      expect(logs.toSorted()).toEqual([
        [false, 'mail next'],
        [true, 'mail no_address'],
      ])
      return (await messagesOf(company)).slice(before).map(({ contactId }) => people.indexOf(contactId))
    }
    expect(await to('main')).toEqual([1])
    expect((await to('all')).toSorted()).toEqual([0, 1])
  })

  it('is refused without a template, or one without a topic', async () => {
    const faults = async (template: string) => {
      const document = flowDocumentOf({ steps: [mail({ template })] })
      return (await company.admin.call(checkFlow, { body: { document } })).body.faults.map(({ path }) => path)
    }
    expect([await faults(key), await faults(''), await faults('gone')]).toEqual([
      [],
      ['steps.0.template'],
      ['steps.0.template'],
    ])
  })

  it('EML-3: a message counts as converted when its reader reaches the goal', async () => {
    const [reader, other] = await writeContacts(company, 2)
    const before = (await messagesOf(company)).length
    const flow = await newFlow(company, {
      subject: 'contact',
      steps: [mail({ next: 'wait' }), { key: 'wait', kind: 'wait', amount: 9, unit: 'days', next: null }],
      goal: { condition: { field: 'title', op: 'is_set' }, withinDays: 30 },
    })
    await enter(flow.id, [reader!, other!])
    // What never went out led to nothing.
    await asSystem(company, async ctx => {
      await sql`update message set state = 'accepted' where tenant_id = ${ctx.tenantId} and contact_id = any(${[reader!, other!]}::uuid[])`.execute(
        ctx.tx,
      )
      await updateContacts(ctx, [{ id: reader!, values: { title: '部長' } }])
      await followGoals(ctx)
    })
    const { rows } = await asSystem(company, ctx =>
      sql<{ contact_id: string; converted: boolean }>`
        select contact_id, converted_at is not null as converted from message where tenant_id = ${ctx.tenantId} order by id offset ${before}`.execute(
        ctx.tx,
      ),
    )
    expect(new Map(rows.map(row => [row.contact_id, row.converted]))).toEqual(
      new Map([
        [reader!, true],
        [other!, false],
      ]),
    )
  })

  it('FLW-4: who is at the goal already does not come in', async () => {
    const [at, away] = [
      await newCustomer(company, { status: 'ACTIVE' }),
      await newCustomer(company, { status: 'AT_RISK' }),
    ]
    const flow = await newFlow(company, {
      goal: { condition: { field: 'status', op: 'in', value: ['ACTIVE'] }, withinDays: 30 },
    })
    const { body } = await company.admin.call(enrol, { params: { id: flow.id }, body: { subjectIds: [at, away] } })
    expect(body).toMatchObject({ enrolled: 1, refused: [{ reason: 'goal_met', count: 1 }] })
  })
})
