import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { enrolmentsOf, inDays, logOf, newFlow, runAt, startedFlow } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { type Receiver, startReceiver } from '../../../tests/support/receiver.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { getCustomer } from '../../customers/accounts/contract/customers.ts'
import { followFacts } from '../../signals/metrics/commands/follow.ts'
import { listTasks } from '../tasks/contract/tasks.ts'
import { enrol } from './contract/enrolments.ts'

let application: TestApplication
let company: TestCompany
let receiver: Receiver

beforeAll(async () => {
  application = await testApplication({ privateTargets: ['127.0.0.1'] })
  company = await newCompany(application)
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.end()
  await application.end()
})

const end = { key: 'end', kind: 'end' } as const

describe('FLW-2 steps', () => {
  it('wait: a duration, and a time of the day', async () => {
    const customer = await newCustomer(company)
    const id = await startedFlow(
      company,
      [
        { key: 'three', kind: 'wait', amount: 3, unit: 'days', next: 'morning' },
        { key: 'morning', kind: 'wait', amount: 1, unit: 'days', at: '09:00', next: 'end' },
        end,
      ],
      [customer],
    )
    await runAt(company)
    await runAt(company, inDays(2.9))
    expect((await enrolmentsOf(company, id)).map(each => [each.step, each.waiting])).toEqual([['three', true]])
    await runAt(company, inDays(3.01))
    const [waiting] = await enrolmentsOf(company, id)
    expect([waiting!.step, new Date(waiting!.dueAt!).toISOString().slice(11, 16)]).toEqual(['morning', '00:00'])
    await runAt(company, inDays(5.1))
    const [done] = await enrolmentsOf(company, id)
    expect([done!.state, done!.reason, logOf(done!)]).toEqual([
      'ended',
      'finished',
      ['three next', 'morning next', 'end next'],
    ])
  })

  it('wait_date: days before a date, as it is now; none and past ones are told', async () => {
    const [near, past, none] = [
      await newCustomer(company, { renewalOn: dayAgo(-30) }),
      await newCustomer(company, { renewalOn: dayAgo(30) }),
      await newCustomer(company),
    ]
    const id = await startedFlow(
      company,
      [{ key: 'before', kind: 'wait_date', field: 'renewalOn', offsetDays: -10, next: null }],
      [near, past, none],
    )
    await runAt(company)
    const logs = new Map((await enrolmentsOf(company, id)).map(each => [each.subjectId, logOf(each)]))
    expect([logs.get(near), logs.get(past), logs.get(none)]).toEqual([[], ['before date_passed'], ['before no_date']])
    await asSystem(company, ctx =>
      updateCustomers(ctx, [{ id: near, values: { renewalOn: dayAgo(-60) } }], { origin: 'person' }),
    )
    await runAt(company, inDays(21))
    expect((await enrolmentsOf(company, id)).find(each => each.subjectId === near)!.state).toBe('active')
    await runAt(company, inDays(51))
    expect((await enrolmentsOf(company, id)).find(each => each.subjectId === near)!.reason).toBe('finished')
  })

  it('wait_working_hour: not at night, at weekends and on Japanese holidays', async () => {
    const customer = await newCustomer(company)
    const flow = await newFlow(company, { steps: [{ key: 'office', kind: 'wait_working_hour', next: null }] })
    await company.admin.call(enrol, { params: { id: flow.id }, body: { subjectIds: [customer] } })
    // Friday, 29 December 2028, in the evening of Tokyo; then come a weekend and New Year's Day.
    await asSystem(company, ctx =>
      sql`
      update flow_enrolment set due_at = '2028-12-29T11:00:00Z' where tenant_id = ${ctx.tenantId} and flow_id = ${flow.id}`.execute(
        ctx.tx,
      ),
    )
    await runAt(company, new Date('2028-12-29T11:00:00Z'))
    expect(new Date((await enrolmentsOf(company, flow.id))[0]!.dueAt!).toISOString()).toBe('2029-01-02T00:00:00.000Z')
    await runAt(company, new Date('2029-01-02T00:00:30Z'))
    expect((await enrolmentsOf(company, flow.id))[0]!.reason).toBe('finished')
  })

  it('wait_condition: goes on when it holds, or when its time is over', async () => {
    const [one, other] = [await newCustomer(company, { plan: 'Free' }), await newCustomer(company, { plan: 'Free' })]
    const id = await startedFlow(
      company,
      [
        {
          key: 'pro',
          kind: 'wait_condition',
          condition: { field: 'plan', op: 'in', value: ['Pro'] },
          timeoutDays: 7,
          met: 'end',
          timeout: null,
        },
        end,
      ],
      [one, other],
    )
    await runAt(company)
    await asSystem(company, ctx => updateCustomers(ctx, [{ id: one, values: { plan: 'Pro' } }], { origin: 'person' }))
    await asSystem(company, followFacts)
    await finishJobs(application)
    const after = new Map((await enrolmentsOf(company, id)).map(each => [each.subjectId, logOf(each)]))
    expect([after.get(one), after.get(other)]).toEqual([['pro met', 'end next'], []])
    await runAt(company, inDays(7.1))
    expect((await enrolmentsOf(company, id)).find(each => each.subjectId === other)).toMatchObject({
      state: 'ended',
      log: [{ step: 'pro', way: 'timeout' }],
    })
  })

  it('branch takes the first case that holds, split the same arm for ever by its weights', async () => {
    const plans = ['Free', 'Pro', 'Team']
    const ids = await Promise.all(plans.map(plan => newCustomer(company, { plan })))
    const id = await startedFlow(
      company,
      [
        {
          key: 'plan',
          kind: 'branch',
          cases: [
            { name: 'Pro', condition: { field: 'plan', op: 'in', value: ['Pro'] }, next: 'end' },
            { name: 'paid', condition: { field: 'plan', op: 'in', value: ['Pro', 'Team'] }, next: 'end' },
          ],
          otherwise: null,
        },
        end,
      ],
      ids,
    )
    await runAt(company)
    const ways = new Map((await enrolmentsOf(company, id)).map(each => [each.subjectId, each.log[0]!.way]))
    expect(ids.map(each => ways.get(each))).toEqual(['otherwise', 'case:0', 'case:1'])
    const many = await Promise.all(Array.from({ length: 60 }, () => newCustomer(company)))
    const arms = await startedFlow(
      company,
      [
        {
          key: 'half',
          kind: 'split',
          arms: [
            { name: 'A', weight: 3, next: null },
            { name: 'B', weight: 1, next: null },
          ],
        },
      ],
      many,
    )
    await runAt(company)
    const first = (await enrolmentsOf(company, arms)).filter(({ log }) => log[0]!.way === 'arm:0').length
    expect(first).toBeGreaterThan(30)
    expect(first).toBeLessThan(60)
  })

  it('task, call, meeting: tasks for the CSM, linked, due, with a checklist; once', async () => {
    const csm = await newMember(company, 'csm')
    const customer = await newCustomer(company, { name: '東和工業', ownerId: csm.memberId })
    const id = await startedFlow(
      company,
      [
        {
          key: 'plan',
          kind: 'task',
          title: '{name}の計画を作る',
          dueDays: 2,
          priority: 'high',
          assign: { kind: 'owner' },
          checklist: ['議題', '日程'],
          next: 'ring',
        },
        { key: 'ring', kind: 'call', title: '{customer}に電話する', assign: { kind: 'owner' }, next: 'book' },
        {
          key: 'book',
          kind: 'meeting',
          title: '日程調整',
          link: 'https://example.test/book',
          assign: { kind: 'owner' },
          next: null,
        },
      ],
      [customer],
    )
    await runAt(company)
    await runAt(company)
    const { body } = await company.admin.call(listTasks, { query: { customerId: customer } })
    expect(
      body.items
        .map(({ title, priority, assigneeId, source, items }) => [title, priority, assigneeId, source, items])
        .sort(),
    ).toEqual(
      [
        ['東和工業の計画を作る', 'high', csm.memberId, 'flow', 2],
        ['東和工業に電話する', 'medium', csm.memberId, 'flow', 0],
        ['日程調整', 'medium', csm.memberId, 'flow', 0],
      ].sort(),
    )
    expect((await enrolmentsOf(company, id))[0]!.reason).toBe('finished')
  })

  it('change, assign, notice: fields, tags, owner, colleagues', async () => {
    const csm = await newMember(company, 'csm')
    const customer = await newCustomer(company, { name: '北辰', plan: 'Free' })
    const id = await startedFlow(
      company,
      [
        {
          key: 'set',
          kind: 'change',
          changes: [
            { kind: 'field', field: 'plan', value: 'Pro' },
            { kind: 'add_tag', tag: '注目' },
          ],
          next: 'give',
        },
        { key: 'give', kind: 'assign', to: { kind: 'member', id: csm.memberId }, next: 'tell' },
        {
          key: 'tell',
          kind: 'notice',
          title: { ja: '{name}を担当します', en: '{name} is yours' },
          text: { ja: '', en: '' },
          to: [{ kind: 'owner' }],
          next: 'untag',
        },
        { key: 'untag', kind: 'change', changes: [{ kind: 'remove_tag', tag: '注目' }], next: null },
      ],
      [customer],
    )
    await runAt(company)
    const { body } = await company.admin.call(getCustomer, { params: { id: customer } })
    expect(body).toMatchObject({ plan: 'Pro', tags: [] })
    expect((await enrolmentsOf(company, id))[0]!.log.map(({ outcome }) => outcome)).toEqual([
      'done',
      'done',
      'done',
      'done',
    ])
    const { rows } = await asSystem(company, ctx =>
      sql<{ owner: string; title: string }>`
        select c.owner_id as owner, n.title_ja as title from customer c
        join notice n on n.tenant_id = ${ctx.tenantId} and n.subject_id = c.id
        where c.tenant_id = ${ctx.tenantId} and c.id = ${customer}`.execute(ctx.tx),
    )
    expect(rows).toEqual([{ owner: csm.memberId, title: '北辰を担当します' }])
  })
})
