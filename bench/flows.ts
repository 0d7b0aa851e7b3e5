/**
 * 100,000 enrolments of customers that are due in the same minute, through the end of a wait, a branch by plan and a change of a
 * field, as the job takes them: batches with their log, under row-level security, and everything that follows from a changed
 * customer (facts noted, tiers judged, history). Beside it the same rows written by bare SQL as superuser: for each of the three
 * steps one UPDATE of the enrolments and one INSERT of the log, and one UPDATE of the customers.
 */

import { createFlow, publishFlow } from '../server/engage/flows/commands/flows.ts'
import { runDue } from '../server/engage/flows/commands/run.ts'
import { createFlow as contract } from '../server/engage/flows/contract/flows.ts'
import { startBenchCompany, timed } from './support/company.ts'
import { median, report } from './support/report.ts'

const enrolments = 100_000
const rounds = 3
const steps = enrolments * 3

const { admin, tenantId, run, end } = await startBenchCompany()
try {
  const id = `overlay(overlay(md5($1 || n) placing lpad(to_hex(1672531200000 + n), 12, '0') from 1) placing '7' from 13)::uuid`
  await admin.query(
    `insert into customer (tenant_id, id, name, currency, plan, region, status, origin, created_at)
      select $2, ${id}, '顧客' || n, 'JPY', case when n % 2 = 0 then 'Pro' else 'Free' end, 'east', 'ACTIVE', 'api', now() - interval '1 year'
      from generate_series(1, $3::int) n`,
    ['c', tenantId, enrolments],
  )
  const change = (key: string, value: string) => ({
    key,
    kind: 'change' as const,
    changes: [{ kind: 'field' as const, field: 'region', value }],
    next: null,
  })
  const flow = await run(async ctx => {
    const document = {
      subject: 'customer' as const,
      triggers: [{ kind: 'manual' as const }],
      start: 'wait',
      steps: [
        { key: 'wait', kind: 'wait' as const, amount: 3, unit: 'days' as const, next: 'plan' },
        {
          key: 'plan',
          kind: 'branch' as const,
          cases: [{ name: 'Pro', condition: { field: 'plan', op: 'in' as const, value: ['Pro'] }, next: 'pro' }],
          otherwise: 'free',
        },
        change('pro', 'west'),
        change('free', 'north'),
      ],
    }
    const made = await createFlow(ctx, contract.body.parse({ nameJa: '計測', nameEn: 'Bench', document }))
    await publishFlow(ctx, made, { startMatching: false })
    return made
  })
  const [ours, bare]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    await enrol(flow, `ours ${round}`)
    let gone = 0
    ours.push(
      await timed(async () => {
        // As the job does: one transaction after the other until nobody is due.
        for (let last = -1; last !== 0; gone += last) last = await run(ctx => runDue(ctx))
      }),
    )
    if (gone !== steps) throw new Error(`${gone} steps were gone instead of ${steps}.`)
    await enrol(flow, `bare ${round}`)
    bare.push(await timed(() => bareSql(flow)))
    console.log(
      `${Math.round((steps / ours.at(-1)!) * 1_000)} steps/s, bare ${Math.round((steps / bare.at(-1)!) * 1_000)} steps/s`,
    )
  }
  report({
    bench: 'flows, 100,000 enrolments due through a wait, a branch and a change',
    figure: Math.round((steps / median(ours)) * 1_000),
    unit: 'steps/s (aim: at least 5,000)',
    peer: 'the same rows written by bare SQL, no row-level security, nothing else following',
    peerFigure: Math.round((steps / median(bare)) * 1_000),
    ratio: median(bare) / median(ours),
    aim: 0.1,
  })
} finally {
  await end()
}

/** Everybody stands at the end of the wait. */
async function enrol(flow: string, cause: string): Promise<void> {
  await admin.query('delete from flow_step_run where tenant_id = $1', [tenantId])
  await admin.query('delete from flow_enrolment where tenant_id = $1', [tenantId])
  await admin.query(
    `insert into flow_enrolment (tenant_id, id, flow_id, version, subject_id, customer_id, state, step, arrived_at, due_at, waits_for, cause,
        cause_key, entered_at)
      select $1, gen_random_uuid(), $2, 1, c.id, c.id, 'active', 'wait', now() - interval '3 days', now() - interval '1 minute', 'time', 'manual',
        $3, now() - interval '3 days' from customer c where c.tenant_id = $1`,
    [tenantId, flow, cause],
  )
  await admin.query('delete from fact_change where tenant_id = $1', [tenantId])
  await admin.query('vacuum analyze')
}

async function bareSql(flow: string): Promise<void> {
  const log = (step: string, kind: string, way: string, where: string) =>
    admin.query(
      `insert into flow_step_run (tenant_id, enrolment_id, visit, flow_id, version, step, kind, arrived_at, at, outcome, way)
        select e.tenant_id, e.id, e.visit, e.flow_id, e.version, e.step, $3, e.arrived_at, now(), 'done', ${way}
        from flow_enrolment e join customer c on c.tenant_id = e.tenant_id and c.id = e.subject_id
        where e.tenant_id = $1 and e.flow_id = $2 and e.step = $4 ${where}`,
      [tenantId, flow, kind, step],
    )
  const move = (from: string, to: string) =>
    admin.query(
      `update flow_enrolment e set step = ${to}, visit = e.visit + 1, arrived_at = now(), due_at = now(), waits_for = null
        from customer c where e.tenant_id = $1 and e.flow_id = $2 and e.step = $3 and c.tenant_id = e.tenant_id and c.id = e.subject_id`,
      [tenantId, flow, from],
    )
  await admin.query('begin')
  await log('wait', 'wait', `'next'`, '')
  await move('wait', `'plan'`)
  await log('plan', 'branch', `case when c.plan = 'Pro' then 'case:0' else 'otherwise' end`, '')
  await move('plan', `case when c.plan = 'Pro' then 'pro' else 'free' end`)
  for (const [step, region] of [
    ['pro', 'west'],
    ['free', 'north'],
  ] as const) {
    await admin.query(
      `update customer c set region = $3, updated_at = now() from flow_enrolment e
        where e.tenant_id = $1 and e.flow_id = $2 and e.step = $4 and c.tenant_id = e.tenant_id and c.id = e.subject_id`,
      [tenantId, flow, region, step],
    )
    await log(step, 'change', `'next'`, '')
    await admin.query(
      `update flow_enrolment e set state = 'ended', reason = 'finished', ended_at = now(), due_at = null, visit = e.visit + 1
        where e.tenant_id = $1 and e.flow_id = $2 and e.step = $3`,
      [tenantId, flow, step],
    )
  }
  await admin.query('commit')
}
