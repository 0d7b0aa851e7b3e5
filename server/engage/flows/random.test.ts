import fc from 'fast-check'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { newFlow } from '../../../tests/support/flows.ts'
import { runDue } from './commands/run.ts'
import type { FlowDocumentInput } from './contract/document.ts'
import { flowDocument } from './contract/document.ts'
import { actOnEnrolments, enrol } from './contract/enrolments.ts'
import { graphFaults } from './contract/graph.ts'
import type { Step } from './contract/steps.ts'
import type { StepDefinition } from './steps/definition.ts'
import { stepKinds } from './steps/kinds.ts'

let application: TestApplication
let company: TestCompany
let customers: string[]
const hour = 3_600_000

/** What a step of the kind "task" does here: it leaves a row for each of its visitors, without any key. */
let fails: () => 'no' | 'before' | 'after' | 'away' = () => 'no'
const effects = stepKinds.task as { run: StepDefinition<'task'>['run'] }
const original = effects.run

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  customers = await Promise.all(
    ['Free', 'Pro', 'Team', 'Free', 'Pro', 'Team', 'Free'].map(plan => newCustomer(company, { plan })),
  )
  const owner = new pg.Client({ connectionString: application.database.ownerUrl })
  await owner.connect()
  await owner.query('create table flow_effect (tenant_id uuid, enrolment_id uuid, visit int)')
  await owner.query('grant select, insert on flow_effect to kizuna_app')
  await owner.end()
  effects.run = async (ctx, _, batch) => {
    const fault = fails()
    if (fault === 'away') throw Object.assign(new Error('terminating connection'), { code: '57P01' })
    if (fault === 'before') throw new Error('before')
    for (const { id, visit } of batch.visitors) {
      await sql`insert into flow_effect (tenant_id, enrolment_id, visit) values (${ctx.tenantId}, ${id}, ${visit})`.execute(
        ctx.tx,
      )
    }
    if (fault === 'after') throw new Error('after')
    return batch.visitors.map(({ id }) => ({ id, way: 'next' }))
  }
})
afterAll(async () => {
  effects.run = original
  await application.end()
})

const plans = (value: string) => ({ field: 'plan', op: 'in' as const, value: [value] })

/** Steps that lead forward, and back only from a wait. */
const graph = fc
  .array(fc.record({ kind: fc.nat(5), first: fc.nat(20), second: fc.nat(20), hours: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 2,
    maxLength: 8,
  })
  .map(lines => {
    const keys = lines.map((_, place) => `s${place}`)
    const forward = (place: number, wish: number) => keys[place + 1 + (wish % 3)] ?? null
    const steps = lines.map(({ kind, first, second, hours }, place): object => {
      const key = keys[place]!
      // A wait may lead back; one in five does.
      const back = first % 5 === 0 ? keys[second % keys.length]! : forward(place, first)
      switch (kind) {
        case 0:
          return { key, kind: 'wait', amount: hours, unit: 'hours', next: back }
        case 1:
          return {
            key,
            kind: 'wait_condition',
            condition: plans('Team'),
            timeoutDays: 1,
            met: forward(place, first),
            timeout: forward(place, second),
          }
        case 2:
          return {
            key,
            kind: 'branch',
            cases: [{ name: 'Pro', condition: plans('Pro'), next: forward(place, first) }],
            otherwise: forward(place, second),
          }
        case 3:
          return {
            key,
            kind: 'split',
            arms: [
              { name: 'A', weight: 1, next: forward(place, first) },
              { name: 'B', weight: 2, next: forward(place, second) },
            ],
          }
        default:
          return { key, kind: 'task', title: '連絡', assign: { kind: 'nobody' }, next: forward(place, first) }
      }
    })
    return flowDocument.parse({ subject: 'customer', triggers: [{ kind: 'manual' }], start: 's0', steps })
  })
  // What nothing leads to is left out.
  .map(document => {
    const unreached = new Set(graphFaults(document).map(({ step }) => step))
    return { ...document, steps: document.steps.filter(({ key }) => !unreached.has(key)) as Step[] }
  })
  .filter(document => graphFaults(document).length === 0)

interface Row {
  id: string
  state: string
  visit: number
  due: Date | null
  logged: number
  last: number | null
  done: number
  effects: number
}

async function rowsOf(flowId: string): Promise<Row[]> {
  const { rows } = await asSystem(company, ctx =>
    sql<Row>`
      select e.id, e.state, e.visit, e.due_at as due, count(r.visit)::int as logged, max(r.visit) as last,
        count(*) filter (where r.kind = 'task' and r.outcome = 'done')::int as done,
        (select count(*)::int from flow_effect x where x.tenant_id = ${ctx.tenantId} and x.enrolment_id = e.id) as effects
      from flow_enrolment e left join flow_step_run r on r.tenant_id = ${ctx.tenantId} and r.enrolment_id = e.id
      where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flowId} group by e.tenant_id, e.id`.execute(ctx.tx),
  )
  return rows
}

/** Whatever happened: nobody is lost, each visit is logged once, each effect is there once. */
function expectWhole(rows: readonly Row[]): void {
  expect(rows.length).toBe(customers.length)
  for (const { visit, logged, last, done, effects: made } of rows) {
    expect([logged, logged === 0 ? 0 : last! + 1, made]).toEqual([visit, visit, done])
  }
}

describe('FLW-3', () => {
  it('random graphs, random faults and lost workers: no enrolment is lost, none goes twice, none is stuck (property)', async () => {
    await fc.assert(
      fc.asyncProperty(graph, fc.infiniteStream(fc.nat(99)), async (document, chances) => {
        const next = () => chances.next().value as number
        const flow = await newFlow(company, document as FlowDocumentInput)
        await company.admin.call(enrol, { params: { id: flow.id }, body: { subjectIds: customers } })
        let now = Date.now()
        const run = (dies: boolean) =>
          asSystem(company, async ctx => {
            await runDue({ ...ctx, now: new Date(now) }, 60_000)
            if (dies) throw new Error('the worker is killed')
          }).catch(() => undefined)
        fails = () => {
          const chance = next()
          return chance < 8 ? 'before' : chance < 16 ? 'after' : chance < 20 ? 'away' : 'no'
        }
        for (let tick = 0; tick < 16; tick++) {
          // One that dies before it commits, then two at the same time.
          if (next() < 40) await run(true)
          await Promise.all([run(next() < 20), run(next() < 20)])
          expectWhole(await rowsOf(flow.id))
          now += hour * (1 + (next() % 6))
        }
        fails = () => 'no'
        for (let tick = 0; tick < 12; tick++) {
          const failed = (await rowsOf(flow.id)).filter(({ state }) => state === 'failed').map(({ id }) => id)
          if (failed.length > 0) {
            await company.admin.call(actOnEnrolments, { body: { action: 'retry', ids: failed } })
          }
          await run(false)
          // Whoever has not ended waits for a time that comes.
          for (const { state, due } of await rowsOf(flow.id)) {
            expect(['active', 'ended']).toContain(state)
            if (state === 'active') expect(due!.getTime()).toBeGreaterThan(now)
          }
          now += 26 * hour
        }
        const rows = await rowsOf(flow.id)
        expectWhole(rows)
        const circles = document.steps.some(step => step.kind === 'wait' && step.next !== null && step.next <= step.key)
        if (!circles) expect(rows.map(({ state }) => state)).toEqual(customers.map(() => 'ended'))
        await asSystem(company, ctx =>
          sql`update flow set state = 'paused' where tenant_id = ${ctx.tenantId} and id = ${flow.id}`.execute(ctx.tx),
        )
      }),
      { numRuns: 12 },
    )
  }, 300_000)
})
