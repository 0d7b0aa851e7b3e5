import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { evaluateRules } from './commands/evaluate.ts'
import { actOnAlerts, getAlert, listAlerts, noteOnAlert } from './contract/alerts.ts'
import { createAlertRule, type NewAlertRule, updateAlertRule } from './contract/rules.ts'

let application: TestApplication
let company: TestCompany
let csm: TestMember
let customer: string

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  csm = await newMember(company, 'csm')
  customer = await newCustomer(company, { name: '東和', ownerId: csm.memberId, status: 'AT_RISK' })
})
afterAll(() => application.end())

async function newRule(wishes: Partial<NewAlertRule> = {}) {
  const { body, status } = await company.admin.call(createAlertRule, {
    body: {
      nameJa: '要注意',
      nameEn: 'At risk',
      severity: 'high',
      topic: 'risk',
      state: 'enabled',
      dueHours: 24,
      trigger: { kind: 'condition', condition: { field: 'status', op: 'in', value: ['AT_RISK'] } },
      ...wishes,
    },
  })
  expect(status).toBe(201)
  return body
}

function setStatus(status: string, id = customer): Promise<void> {
  return asSystem(company, async ctx => {
    await updateCustomers(ctx, [{ id, values: { status } }], { origin: 'person' })
  })
}

/** Looks at all rules, at a moment so many hours from now. */
function evaluate(hours = 0) {
  return asSystem(company, ctx => evaluateRules({ ...ctx, now: new Date(Date.now() + hours * 3_600_000) }))
}

async function alerts(view: 'active' | 'snoozed' | 'closed' | 'all' = 'all', caller: TestMember = company.admin) {
  return (await caller.call(listAlerts, { query: { view } })).body.items
}

async function act(action: string, more: object = {}, caller: TestMember = company.admin) {
  const [alert] = await alerts()
  const answer = await caller.call(actOnAlerts, { body: { action, ids: [alert!.id], ...more } as never })
  return answer.body
}

async function steps(): Promise<string[]> {
  const [alert] = await alerts()
  const { body } = await company.admin.call(getAlert, { params: { id: alert!.id } })
  return body.steps.map(({ kind }) => kind).reverse()
}

describe('ALR-4 episodes', () => {
  it('opens once with owner, due time and its cause in words; closes itself when the cause ends; opens anew', async () => {
    await newRule()
    const [alert, ...others] = await alerts()
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      state: 'open',
      severity: 'high',
      customerName: '東和',
      ownerId: csm.memberId,
      facts: [{ ja: '状態: 要注意', en: expect.stringContaining('Status: ') }],
    })
    expect(Date.parse(alert!.dueAt!) - Date.parse(alert!.openedAt)).toBe(24 * 3_600_000)
    expect(await evaluate()).toEqual({ opened: 0, closed: 0 })
    await setStatus('ACTIVE')
    expect(await evaluate()).toEqual({ opened: 0, closed: 1 })
    expect(await alerts()).toMatchObject([{ state: 'closed', closeReason: 'condition_ended' }])
    expect(await steps()).toEqual(['opened', 'closed'])
    await setStatus('AT_RISK')
    expect(await evaluate()).toEqual({ opened: 1, closed: 0 })
    expect((await alerts()).map(({ state }) => state).sort()).toEqual(['closed', 'open'])
  })

  it('opens one alert a customer when several evaluations run at the same time', async () => {
    const rule = await newRule({ state: 'draft' })
    for (let more = 0; more < 20; more++) await newCustomer(company, { name: `甲${more}`, status: 'AT_RISK' })
    await company.admin.call(updateAlertRule, { params: { id: rule.id }, body: { state: 'paused' } })
    await asSystem(company, async ctx => {
      await sql`update alert_rule set state = 'enabled' where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
    })
    const runs = await Promise.all(Array.from({ length: 6 }, () => evaluate()))
    expect(runs.reduce((sum, run) => sum + run.opened, 0)).toBe(21)
    const { rows } = await asSystem(company, ctx =>
      sql<{ open: number }>`
        select count(*)::int as open from alert where tenant_id = ${ctx.tenantId} group by subject_id`.execute(ctx.tx),
    )
    expect(rows.map(({ open }) => open)).toEqual(Array(21).fill(1))
    await setStatus('ACTIVE')
    const closing = await Promise.all([evaluate(), evaluate(), evaluate()])
    expect(closing.reduce((sum, run) => sum + run.closed, 0)).toBe(1)
  })

  it('is acknowledged, assigned, noted and resolved, each with who did it', async () => {
    await newRule()
    expect(await act('acknowledge', {}, csm)).toEqual({ changed: 1, skipped: [] })
    expect((await act('acknowledge', {}, csm)).skipped).toMatchObject([{ reason: 'same' }])
    expect(await act('assign', { ownerId: company.admin.memberId }, csm)).toMatchObject({ changed: 1 })
    const [alert] = await alerts()
    expect(alert).toMatchObject({ state: 'acknowledged', ownerId: company.admin.memberId })
    const noted = await csm.call(noteOnAlert, { params: { id: alert!.id }, body: { text: '電話した' } })
    expect(noted.status).toBe(201)
    expect(await act('resolve', { note: '計画を合意' })).toMatchObject({ changed: 1 })
    const { body } = await company.admin.call(getAlert, { params: { id: alert!.id } })
    expect(body.steps.map(({ kind, note, actorName }) => [kind, note, actorName !== null]).reverse()).toEqual([
      ['opened', null, false],
      ['acknowledged', null, true],
      ['assigned', null, true],
      ['note', '電話した', true],
      ['resolved', '計画を合意', true],
    ])
    expect(body.steps[2]).toMatchObject({ kind: 'assigned', assigneeName: '佐藤 美咲' })
    expect((await act('resolve', { note: 'x' })).skipped).toMatchObject([{ reason: 'closed' }])
  })

  it('resolved while the cause lasts, the same cause opens no second one; a later one does', async () => {
    await newRule()
    await act('resolve', { note: '対応済み' })
    expect(await evaluate()).toEqual({ opened: 0, closed: 0 })
    await setStatus('ACTIVE')
    expect(await evaluate()).toEqual({ opened: 0, closed: 0 })
    expect(await alerts()).toMatchObject([{ state: 'closed', closeReason: 'resolved' }])
    await setStatus('AT_RISK')
    expect(await evaluate()).toEqual({ opened: 1, closed: 0 })
  })

  it('snoozed until a date with a reason: sleeps, wakes at its time, and stays closed meanwhile where the cause comes back', async () => {
    await newRule()
    const until = new Date(Date.now() + 48 * 3_600_000).toISOString()
    expect(await act('snooze', { until, reason: '先方の年度末' })).toMatchObject({ changed: 1 })
    expect(await alerts('active')).toEqual([])
    expect(await alerts('snoozed')).toMatchObject([{ state: 'snoozed', snoozedUntil: expect.any(String) }])
    expect(await evaluate(1)).toEqual({ opened: 0, closed: 0 })
    // The cause ends and comes back before the snooze is over.
    await setStatus('ACTIVE')
    expect(await evaluate(2)).toEqual({ opened: 0, closed: 1 })
    await setStatus('AT_RISK')
    expect(await evaluate(3)).toEqual({ opened: 0, closed: 0 })
    expect(await evaluate(49)).toEqual({ opened: 1, closed: 0 })
    const past = await company.admin.call(actOnAlerts, {
      body: { action: 'snooze', ids: [randomUUID()], until: '2020-01-01T00:00:00Z', reason: 'x' },
    })
    expect(past.problem.errors).toMatchObject([{ path: 'body.until' }])
  })

  it('wakes at its time and tells its owner; a rule may forbid to snooze', async () => {
    const rule = await newRule()
    const until = new Date(Date.now() + 3_600_000).toISOString()
    await act('snooze', { until, reason: 'x' })
    await evaluate(2)
    expect(await alerts('active')).toMatchObject([{ state: 'open' }])
    expect(await steps()).toEqual(['opened', 'snoozed', 'woke'])
    await company.admin.call(updateAlertRule, { params: { id: rule.id }, body: { maySnooze: false } })
    expect((await act('snooze', { until, reason: 'x' })).skipped).toMatchObject([{ reason: 'no_snooze' }])
  })

  it('waits for a person where the rule does not close itself', async () => {
    await newRule({ closesItself: false })
    await setStatus('ACTIVE')
    expect(await evaluate()).toEqual({ opened: 0, closed: 0 })
    expect(await alerts()).toMatchObject([{ state: 'open', clearedAt: expect.any(String) }])
    await setStatus('AT_RISK')
    expect(await evaluate()).toEqual({ opened: 0, closed: 0 })
    expect(await alerts()).toMatchObject([{ state: 'open', clearedAt: null }])
    await setStatus('ACTIVE')
    await evaluate()
    await act('resolve', { note: '済' })
    await setStatus('AT_RISK')
    expect(await evaluate()).toEqual({ opened: 1, closed: 0 })
    expect(await alerts()).toHaveLength(2)
  })

  it('is reopened, but not beside a newer one of the same cause', async () => {
    await newRule()
    const [first] = await alerts()
    await act('resolve', { note: '済' })
    expect((await act('reopen')).changed).toBe(1)
    expect(await alerts()).toMatchObject([{ state: 'open', closedAt: null }])
    await setStatus('ACTIVE')
    await evaluate()
    await setStatus('AT_RISK')
    await evaluate()
    const again = await company.admin.call(actOnAlerts, { body: { action: 'reopen', ids: [first!.id] } })
    expect(again.body).toEqual({ changed: 0, skipped: [{ id: first!.id, reason: 'open_again' }] })
  })

  it('ends with its rule and with a customer that was merged', async () => {
    const rule = await newRule()
    await company.admin.call(updateAlertRule, { params: { id: rule.id }, body: { state: 'archived' } })
    expect(await alerts()).toMatchObject([{ state: 'closed', closeReason: 'rule_archived' }])
    const other = await newCustomer(company, { name: '東和', status: 'ACTIVE' })
    await newRule({ closesItself: false, key: 'second' })
    await asSystem(company, async ctx => {
      await sql`update customer set merged_into = ${other} where tenant_id = ${ctx.tenantId} and id = ${customer}`.execute(
        ctx.tx,
      )
    })
    await evaluate()
    expect((await alerts('closed')).map(({ closeReason }) => closeReason).sort()).toEqual([
      'customer_merged',
      'rule_archived',
    ])
  })

  it('is done in bulk; what one may not handle is as if it were not there', async () => {
    const others = await Promise.all([1, 2, 3].map(() => newCustomer(company, { name: '乙', status: 'AT_RISK' })))
    await newRule()
    const all = (await alerts()).map(({ id }) => id)
    expect(all).toHaveLength(1 + others.length)
    const own = await csm.call(actOnAlerts, { body: { action: 'acknowledge', ids: [...all, randomUUID()] } })
    expect(own.body.changed).toBe(1)
    expect(own.body.skipped.map(({ reason }) => reason)).toEqual(Array(4).fill('not_found'))
    expect((await alerts('active', csm)).filter(({ mayHandle }) => mayHandle)).toHaveLength(1)
    const whole = await company.admin.call(actOnAlerts, { body: { action: 'resolve', ids: all, note: '一括' } })
    expect(whole.body).toEqual({ changed: 4, skipped: [] })
    const reader = await newMember(company, 'read_only')
    expect((await reader.call(actOnAlerts, { body: { action: 'reopen', ids: all } })).status).toBe(403)
  })
})
