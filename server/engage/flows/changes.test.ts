import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { enrolIn, enrolmentsOf, inDays, logOf, newFlow, plan, runAt, setPlan } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { messagesOf, writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { tasksOf } from '../../../tests/support/playbooks.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { updateContacts } from '../../customers/contacts/commands/save.ts'
import { followFacts } from '../../signals/metrics/commands/follow.ts'
import { createInAppMessage, updateInAppMessage } from '../in-app/contract/messages.ts'
import { messagesFor } from '../in-app/queries/shown.ts'
import { getTemplate } from '../messages/contract/templates.ts'
import { runJob } from './commands/enrol.ts'
import { followGoals } from './commands/leave.ts'
import { actOnEnrolments } from './contract/enrolments.ts'
import { changeFlowState, flowResult, getFlow, publishFlow, updateFlow } from './contract/flows.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

const rest = { key: 'rest', kind: 'wait', amount: 20, unit: 'days', next: null } as const
const enrol = (flowId: string, subjectIds: string[]) => enrolIn(company, flowId, subjectIds)
const goals = (days = 0) => asSystem(company, ctx => followGoals({ ...ctx, now: inDays(days) }))
const one = async (flowId: string) => (await enrolmentsOf(company, flowId))[0]!
const state = (id: string, to: 'paused' | 'enabled' | 'archived') =>
  company.admin.call(changeFlowState, { params: { id }, body: { to } })

describe('what changes while somebody is on the way', () => {
  it('FLW-3: who stays on an older version keeps its goal, also where the newer one has another', async () => {
    const customer = await newCustomer(company, { plan: 'Free' })
    const { id } = await newFlow(company, { steps: [rest] })
    await enrol(id, [customer])
    await runAt(company)
    const { document } = (await company.admin.call(getFlow, { params: { id } })).body
    const goal = { condition: plan('Pro'), withinDays: 30, ends: true }
    await company.admin.call(updateFlow, { params: { id }, body: { document: { ...document, goal } } })
    await company.admin.call(publishFlow, { params: { id }, body: { startMatching: false } })
    await setPlan(company, customer, 'Pro')
    await goals()
    expect(await one(id)).toMatchObject({ state: 'active', version: 1, goalAt: null })
  })

  it('FLW-4: a goal that is reached while the flow is paused, or after it was archived, counts', async () => {
    const customer = await newCustomer(company, { plan: 'Free' })
    const goal = { condition: plan('Pro'), withinDays: 30, ends: false }
    const [paused, archived] = [
      await newFlow(company, { steps: [rest], goal }),
      await newFlow(company, { steps: [rest], goal }),
    ]
    for (const { id } of [paused, archived]) await enrol(id, [customer])
    await runAt(company)
    await state(paused.id, 'paused')
    await state(archived.id, 'archived')
    await setPlan(company, customer, 'Pro')
    await goals()
    for (const { id } of [paused, archived]) expect((await one(id)).goalAt).not.toBeNull()
  })

  it('FLW-4: who meets a goal already that only measures is taken along and counts for nothing', async () => {
    const [there, comes] = [await newCustomer(company, { plan: 'Pro' }), await newCustomer(company, { plan: 'Free' })]
    const { id } = await newFlow(company, {
      steps: [rest],
      goal: { condition: plan('Pro'), withinDays: 10, ends: false },
    })
    expect(await enrol(id, [there, comes])).toMatchObject({ enrolled: 2, refused: [] })
    await runAt(company)
    await setPlan(company, comes, 'Pro')
    await goals()
    await asSystem(company, ctx =>
      sql`update flow_enrolment set entered_at = entered_at - interval '11 days', goal_at = goal_at - interval '11 days'
        where tenant_id = ${ctx.tenantId} and flow_id = ${id}`.execute(ctx.tx),
    )
    const { body } = await company.admin.call(flowResult, { params: { id } })
    expect([body.treated.people, body.treated.converted]).toEqual([1, 1])
  })

  it('a step is about the customer to whom the contact belongs now', async () => {
    const [before, after] = [await newCustomer(company, { name: '旧' }), await newCustomer(company, { name: '新' })]
    const owner = await newMember(company, 'csm')
    const [contact] = await writeContacts(company, 1, () => ({ customerId: before }))
    const { id } = await newFlow(company, {
      subject: 'contact',
      steps: [
        { ...rest, next: 'ask' },
        { key: 'ask', kind: 'task', title: '確認', assign: { kind: 'member', id: owner.memberId }, next: null },
      ],
    })
    await enrol(id, [contact!])
    await runAt(company)
    await asSystem(company, ctx => updateContacts(ctx, [{ id: contact!, values: { customerId: after } }]))
    await runAt(company, inDays(21))
    expect([(await tasksOf(company, before)).length, (await tasksOf(company, after)).length]).toEqual([0, 1])
  })

  it('FLW-2: a wait for a date ends on the new day where the date is moved to an earlier one', async () => {
    const customer = await newCustomer(company, { renewalOn: dayAgo(-90) })
    const { id } = await newFlow(company, {
      steps: [
        { key: 'near', kind: 'wait_date', field: 'renewalOn', offsetDays: -30, at: '09:00', next: 'end' },
        { key: 'end', kind: 'end' },
      ],
    })
    await enrol(id, [customer])
    await runAt(company)
    await asSystem(company, ctx =>
      updateCustomers(ctx, [{ id: customer, values: { renewalOn: dayAgo(-40) } }], { origin: 'person' }),
    )
    await asSystem(company, followFacts)
    await finishJobs(application, [runJob])
    await runAt(company)
    await runAt(company, inDays(9))
    expect((await one(id)).state).toBe('active')
    await runAt(company, inDays(12))
    expect(logOf(await one(id))).toEqual(['near next', 'end next'])
  })

  it('cancelled: what waits to be sent is not sent, what is shown inside the product is taken down', async () => {
    const { template } = await writeTemplate(company)
    const { key } = (await company.admin.call(getTemplate, { params: { id: template }, query: {} })).body
    const content = { ja: { title: 'お知らせ' } }
    const banner = await company.admin.call(createInAppMessage, {
      body: { key: 'banner', name: 'お知らせ', document: { kind: 'banner', content } },
    })
    await company.admin.call(updateInAppMessage, { params: { id: banner.body.id }, body: { state: 'enabled' } })
    const [stops, stays] = await writeContacts(company, 2, place => ({ externalId: `person-${place}` }))
    const { id } = await newFlow(company, {
      subject: 'contact',
      steps: [
        { key: 'mail', kind: 'email', template: key, next: 'show' },
        { key: 'show', kind: 'in_app', message: 'banner', next: 'rest' },
        rest,
      ],
    })
    await enrol(id, [stops!, stays!])
    await runAt(company)
    const chosen = (await enrolmentsOf(company, id)).find(({ subjectId }) => subjectId === stops)!
    await company.admin.call(actOnEnrolments, { body: { action: 'cancel', ids: [chosen.id] } })
    const mails = new Map((await messagesOf(company)).map(each => [each.contactId, [each.state, each.reason]]))
    expect([mails.get(stops!), mails.get(stays!)]).toEqual([
      ['suppressed', 'cancelled'],
      ['pending', null],
    ])
    const seen = (contactId: string) =>
      asSystem(company, async ctx => (await messagesFor(ctx, contactId, { path: '/', language: 'ja' })).length)
    expect([await seen(stops!), await seen(stays!)]).toEqual([0, 1])
  })

  it('somebody who has left is neither called nor counted as reached', async () => {
    const [left] = await writeContacts(company, 1, () => ({ leftOn: dayAgo(1) }))
    const { id } = await newFlow(company, {
      subject: 'contact',
      steps: [{ key: 'ring', kind: 'call', title: '電話', assign: { kind: 'role', role: 'csm' }, next: null }],
    })
    await enrol(id, [left!])
    await runAt(company)
    expect(logOf(await one(id))).toEqual(['ring nobody_there'])
  })
})
