import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { enrolmentsOf, logOf, runAt } from '../../../tests/support/flows.ts'
import { applyProgramme, flowId, inHours, setScore, tasksOf } from '../../../tests/support/playbooks.ts'
import { shippedBlueprints } from '../../catalog/blueprints/queries.ts'
import { getCustomer } from '../../customers/accounts/contract/customers.ts'
import { decideRequest, listRequests } from '../../engage/flows/contract/enrolments.ts'
import { getFlow, publishFlow, updateFlow } from '../../engage/flows/contract/flows.ts'
import { flowFaults } from '../../engage/flows/queries/check.ts'
import { flowsOf } from '../../engage/flows/queries/stored.ts'
import { completeTask } from '../../engage/tasks/contract/tasks.ts'
import * as contract from './contract/blueprints.ts'

type Member = Awaited<ReturnType<typeof newMember>>

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

describe('the flows of the programmes', () => {
  it.each(shippedBlueprints().map(({ key }) => key))(
    'PLB-1 to PLB-4, ONB-2, ONB-4, UPS-1, UPS-2: every flow of %s can run, in both languages',
    async key => {
      for (const locale of ['ja', 'en'] as const) {
        company = await newCompany(application)
        await asSystem(company, ctx =>
          sql`update tenant set locale = ${locale} where id = ${ctx.tenantId}`.execute(ctx.tx),
        )
        await applyProgramme(company, key)
        const flows = await asSystem(company, flowsOf)
        expect([flows.length > 0, flows.filter(({ state }) => state !== 'enabled')]).toEqual([true, []])
        for (const flow of flows) {
          expect([flow.key, await asSystem(company, ctx => flowFaults(ctx, flow.draft))]).toEqual([flow.key, []])
        }
        const texts = flows.map(({ description, draft }) => [
          description,
          draft.steps.filter(({ kind }) => kind !== 'notice'),
        ])
        expect(/[ぁ-ん]/.test(JSON.stringify(texts))).toBe(locale === 'ja')
        const body = { source: { blueprint: key }, replaceOthers: false }
        expect((await company.admin.call(contract.planBlueprint, { body })).body.changes).toEqual([])
      }
    },
  )

  it('a plan names for whom the flows hold; taken back they are archived or gone', async () => {
    const names = await Promise.all(
      Array.from({ length: 12 }, async (_, place) => {
        const name = `顧客${String(place).padStart(2, '0')}`
        await setScore(company, await newCustomer(company, { name }), 85)
        return name
      }),
    )
    const { radius, id } = await applyProgramme(company, 'plugin-marketplace')
    const rescue = radius.flows.find(({ key }) => key === 'rescue-high')!
    expect([rescue.matching, rescue.samples.map(({ name }) => name)]).toEqual([12, names.slice(0, 10)])
    expect(await enrolmentsOf(company, await flowId(company, 'rescue-high'))).toEqual([])
    const source = { rollback: id }
    const { body } = await company.admin.call(contract.planBlueprint, { body: { source, replaceOthers: false } })
    const back = await company.admin.call(contract.applyBlueprint, {
      body: { source, replaceOthers: false, fingerprint: body.fingerprint },
    })
    expect(back.status).toBe(201)
    const flows = await asSystem(company, flowsOf)
    expect(new Set(flows.map(({ state }) => state))).toEqual(new Set(['archived']))
    expect((await company.admin.call(contract.blueprintDrift)).body).toEqual({ items: [], managed: 0 })
    await applyProgramme(company, 'plugin-marketplace')
    expect(new Set((await asSystem(company, flowsOf)).map(({ state }) => state))).toEqual(new Set(['enabled']))
  })

  it('exported flows name people by their address and plan without a difference; drafts and drift are seen', async () => {
    const csm = await newMember(company, 'csm')
    await applyProgramme(company, 'lead-growth')
    const params = { id: await flowId(company, 'hot-lead-call') }
    const { document } = (await company.admin.call(getFlow, { params })).body
    const steps = document.steps.map(step =>
      step.kind === 'call' ? { ...step, assign: { kind: 'member' as const, id: csm.memberId } } : step,
    )
    await company.admin.call(updateFlow, { params, body: { document: { ...document, steps } } })
    const drift = async () => (await company.admin.call(contract.blueprintDrift)).body.items.map(({ key }) => key)
    // A draft that nobody published changes nothing of what runs.
    expect(await drift()).toEqual([])
    expect((await company.admin.call(publishFlow, { params, body: { startMatching: false } })).status).toBe(200)
    expect(await drift()).toEqual(['hot-lead-call'])
    const { text } = await company.admin.call(contract.exportBlueprint, { query: {} })
    expect(text).toContain(csm.email)
    expect(text).not.toContain(csm.memberId)
    const source = { files: [{ name: 'own.yaml', text }] }
    const { body } = await company.admin.call(contract.planBlueprint, { body: { source, replaceOthers: false } })
    expect([body.faults, body.changes]).toEqual([[], []])
    await applyProgramme(company, 'lead-growth')
    expect(await drift()).toEqual([])
    const { published } = (await company.admin.call(getFlow, { params })).body
    expect(published!.steps.find(({ kind }) => kind === 'call')).toMatchObject({ assign: { kind: 'role' } })
  })
})

describe('PLB-2 the rescue of a customer at high risk', () => {
  let csm: Member
  let head: Member
  let customer: string
  let hours: number

  beforeEach(async () => {
    csm = await newMember(company, 'csm')
    head = await newMember(company, 'head_of_cs')
    customer = await newCustomer(company, { name: '東和工業', ownerId: csm.memberId })
    await applyProgramme(company, 'plugin-marketplace')
    await setScore(company, customer, 85)
    hours = 0
    await runAt(company, inHours(hours))
  })

  const answers = async (who: Member, word: 'approved' | 'refused' | 'silent') => {
    if (word === 'silent') hours += 200
    else {
      const { items } = (await who.call(listRequests, { query: {} })).body
      const open = items.filter(({ state }) => state === 'waiting')
      expect(open).toHaveLength(1)
      const decided = await who.call(decideRequest, {
        params: { id: open[0]!.id },
        body: { approve: word === 'approved', note: '' },
      })
      expect([decided.status, decided.problem.detail]).toEqual([200, undefined])
      hours += 20
    }
    await runAt(company, inHours(hours))
  }
  const log = async () => logOf((await enrolmentsOf(company, await flowId(company, 'rescue-high')))[0]!)
  const tags = async () => (await company.admin.call(getCustomer, { params: { id: customer } })).body.tags
  const titles = async () => (await tasksOf(company, customer)).map(({ title }) => title)

  it('PLB-2 step 1 and 2: a call within 24 hours; the offer is accepted once the lead has approved it', async () => {
    const [call] = await tasksOf(company, customer)
    expect(call).toMatchObject({
      title: '東和工業に24時間以内に電話する',
      priority: 'urgent',
      assigneeId: csm.memberId,
    })
    const done = await csm.call(completeTask, { params: { id: call!.id } })
    expect(done.status).toBe(200)
    await answers(csm, 'approved')
    expect(await titles()).not.toContain('東和工業に救済案を提示する')
    await answers(head, 'approved')
    expect(await titles()).toContain('東和工業に救済案を提示する')
    await answers(csm, 'approved')
    expect(await titles()).toContain('東和工業と約束した内容を実行する')
    expect(await log()).toEqual([
      'call next',
      'reached approved',
      'offer-approval approved',
      'offer next',
      'offer-answer approved',
      'saved next',
      'stays next',
    ])
    expect(await tags()).toEqual([])
  })

  it.each(['refused', 'silent'] as const)(
    'PLB-2 step 2: where the lead’s approval is %s no offer is made, and the executives take over',
    async word => {
      await answers(csm, 'refused')
      await answers(head, word)
      expect(await titles()).not.toContain('東和工業に救済案を提示する')
      expect((await log()).slice(0, 5)).toEqual([
        'call next',
        'reached refused',
        'not-reached next',
        `offer-approval ${word}`,
        'escalate next',
      ])
      const call = (await tasksOf(company, customer)).find(({ title }) => title.startsWith('経営層から'))
      expect(call?.assigneeId).toBe(head.memberId)
      await answers(head, 'approved')
      expect(await titles()).toContain('東和工業と約束した内容を実行する')
    },
  )

  it.each(['refused', 'silent'] as const)(
    'PLB-2 step 3 and 4: an offer that is %s goes to the executives; all failed, a graceful exit and the win-back tag',
    async word => {
      await answers(csm, 'approved')
      await answers(head, 'approved')
      await answers(csm, word)
      expect((await log()).slice(-3)).toEqual([`offer-answer ${word}`, 'escalate next', 'executive-call next'])
      // Silence says nobody farewell: it is asked about again.
      if (word === 'silent') {
        await answers(head, word)
        expect((await log()).slice(-2)).toEqual(['executive-answer silent', 'no-word next'])
        await answers(head, word)
        expect((await log()).slice(-2)).toEqual(['executive-again silent', 'unknown next'])
        expect(await tags()).toEqual([])
        return
      }
      await answers(head, word)
      expect((await log()).slice(-5)).toEqual([
        `executive-answer ${word}`,
        'graceful-exit next',
        'farewell no_address',
        'win-back-list next',
        'lost next',
      ])
      expect([await tags(), await titles()]).toEqual([
        ['Win-back'],
        expect.arrayContaining(['東和工業の終了手続きを支援する']),
      ])
    },
  )

  it('PLB-2: a customer that gets better leaves the rescue, and what was asked is asked no more', async () => {
    await setScore(company, customer, 50)
    await answers(csm, 'approved')
    const [enrolment] = await enrolmentsOf(company, await flowId(company, 'rescue-high'))
    expect([enrolment!.state, enrolment!.reason]).toEqual(['ended', 'goal'])
  })
})
