import { sql } from 'kysely'
import { expect } from 'vitest'
import { updateCustomers } from '../../server/customers/accounts/commands/save.ts'
import { runDue } from '../../server/engage/flows/commands/run.ts'
import type { FlowDocumentInput } from '../../server/engage/flows/contract/document.ts'
import { enrol, getEnrolment, listEnrolments } from '../../server/engage/flows/contract/enrolments.ts'
import * as contract from '../../server/engage/flows/contract/flows.ts'
import { asSystem, type TestCompany } from './factories.ts'
import { newCustomer } from './facts.ts'

/** A document that is begun by hand and goes through steps in their order, unless it says otherwise. */
export function flowDocumentOf(wishes: Partial<FlowDocumentInput> = {}): FlowDocumentInput {
  return {
    subject: 'customer',
    triggers: [{ kind: 'manual' }],
    start: wishes.steps?.[0]?.key ?? 'end',
    steps: [{ key: 'end', kind: 'end' }],
    ...wishes,
  }
}

/** A condition on the plan. */
export const plan = (value: string) => ({ field: 'plan', op: 'in' as const, value: [value] })

/** A day's rest, then a call that nobody is given. */
export const restAndRing = [
  { key: 'rest', kind: 'wait', amount: 1, unit: 'days', next: 'ring' },
  { key: 'ring', kind: 'call', title: '電話', assign: { kind: 'nobody' }, next: null },
] satisfies FlowDocumentInput['steps']

/** Gives a customer another plan. */
export const setPlan = (company: TestCompany, id: string, value: string): Promise<void> =>
  asSystem(company, ctx => updateCustomers(ctx, [{ id, values: { plan: value } }], { origin: 'person' }))

/** New customers. */
export const newCustomers = (company: TestCompany, count: number, values = {}): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => newCustomer(company, values)))

/** Takes subjects into a flow by hand, as an administrator. */
export async function enrolIn(company: TestCompany, flowId: string, subjectIds: string[]) {
  const { body, status } = await company.admin.call(enrol, { params: { id: flowId }, body: { subjectIds } })
  expect(status).toBe(200)
  return body
}

/** A flow of steps with somebody in it. @returns its id */
export async function startedFlow(
  company: TestCompany,
  steps: NonNullable<FlowDocumentInput['steps']>,
  ids: string[],
  wishes: Partial<FlowDocumentInput> = {},
): Promise<string> {
  const flow = await newFlow(company, { steps, ...wishes })
  expect((await enrolIn(company, flow.id, ids)).enrolled).toBe(ids.length)
  return flow.id
}

/** Makes a flow as an administrator and publishes it. */
export async function newFlow(
  company: TestCompany,
  wishes: Partial<FlowDocumentInput> = {},
  { startMatching = false, key }: { startMatching?: boolean; key?: string } = {},
) {
  const made = await company.admin.call(contract.createFlow, {
    body: { nameJa: 'フロー', nameEn: 'Flow', ...(key && { key }), document: flowDocumentOf(wishes) },
  })
  expect([made.status, made.problem.detail]).toEqual([201, undefined])
  const { id } = made.body
  const published = await company.admin.call(contract.publishFlow, { params: { id }, body: { startMatching } })
  expect([published.status, made.body.faults, published.problem.detail]).toEqual([200, [], undefined])
  return { ...published.body.flow, enrolled: published.body.enrolled }
}

/** Takes everybody who is due at a moment on. @returns how many steps were gone */
export function runAt(company: TestCompany, now = new Date()): Promise<number> {
  return asSystem(company, ctx => runDue({ ...ctx, now }, 60_000))
}

/** A moment so many days from now. */
export function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000)
}

/** The enrolments of a flow as the API shows them, with their logs. */
export async function enrolmentsOf(company: TestCompany, flowId: string) {
  const { body } = await company.admin.call(listEnrolments, { query: { flowId, limit: 200 } })
  return Promise.all(
    body.items.map(async ({ id }) => (await company.admin.call(getEnrolment, { params: { id } })).body),
  )
}

/** Steps, ways and reasons of a log. */
export function logOf({ log }: Awaited<ReturnType<typeof enrolmentsOf>>[number]) {
  return log.map(({ step, way, reason }) => [step, reason ?? way].join(' '))
}

/** Everything of a record that flows left in a table, for a test. */
export async function countRows(company: TestCompany, table: string): Promise<number> {
  const { rows } = await asSystem(company, ctx =>
    sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} t where t.tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
  )
  return rows[0]!.count
}
