/**
 * All alert rules of the programme `saas-success` over 100,000 customers with 30 days of health, under row-level security:
 * what holds is found, alerts are opened, kept and closed, owners given, the changes noted. Between rounds the health of a
 * hundredth of the customers is another one. Beside it the bare SELECTs of the same triggers (of figures of the company:
 * what they are worked out from), as superuser, with nothing written.
 */
import { sql } from 'kysely'
import { z } from 'zod'
import { shippedPart } from '../server/catalog/blueprints/queries.ts'
import { evaluateRules } from '../server/engage/alerts/commands/evaluate.ts'
import { createAlertRule } from '../server/engage/alerts/commands/rules.ts'
import { alertRuleItem, createAlertRule as contract } from '../server/engage/alerts/contract/rules.ts'
import { kpiValue } from '../server/engage/alerts/queries/kpi.ts'
import { matchingOf } from '../server/engage/alerts/queries/matching.ts'
import { computeAll } from '../server/signals/metrics/commands/follow.ts'
import { saasSuccess } from '../server/signals/scorecards/catalog.ts'
import { createScorecard, publishScorecard } from '../server/signals/scorecards/commands/cards.ts'
import { startBenchCompany, timed } from './support/company.ts'
import { median, report } from './support/report.ts'

const customers = 100_000
const rounds = 5

const { admin, tenantId, run, end } = await startBenchCompany()
try {
  // Nobody is there yet: the scores are written below.
  await run(async ctx => {
    const input = { metric: 'usage.active_share_30' }
    const shape = { kind: 'linear', from: 0, to: 100 } as const
    const factor = { key: 'active', nameJa: '利用', nameEn: 'Use', weight: 100, input, shape }
    const definition = { ...saasSuccess, factors: [factor] }
    const card = { nameJa: '計測', nameEn: 'Bench', condition: null, definition }
    await publishScorecard(ctx, await createScorecard(ctx, card), null)
  })
  await fill(tenantId)
  await run(computeAll)
  await admin.query('vacuum analyze')
  const items = shippedPart('saas-success', 'alertRules', z.array(alertRuleItem))
  await run(async ctx => {
    for (const item of items) await createAlertRule(ctx, contract.body.parse(item))
  })
  const first = await timed(() => run(evaluateRules))
  const { rows } = await admin.query(
    'select count(*)::int as open from alert where tenant_id = $1 and ended_at is null',
    [tenantId],
  )
  console.log(`${items.length} rules, the first time: ${Math.round(first)} ms, ${rows[0].open} alerts opened`)
  await admin.query('vacuum analyze alert, alert_step, customer')
  const [ours, bare]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    await admin.query(
      `update customer set health_score = 130 - health_score where tenant_id = $1 and health_score between 30 and 100
        and get_byte(uuid_send(id), 15) % 100 = $2`,
      [tenantId, round],
    )
    let sums = { opened: 0, closed: 0 }
    ours.push(
      await timed(async () => {
        sums = await run(ctx => evaluateRules(ctx))
      }),
    )
    let spent = 0
    for (const { trigger } of items) {
      if (trigger.kind === 'event') continue
      if (trigger.kind === 'kpi') {
        spent += await timed(() => run(ctx => kpiValue(ctx, trigger.kpi)))
        continue
      }
      const { text, values } = await run(async ctx => {
        const { sql: text, parameters } =
          sql`select id, value, detail from (${await matchingOf(ctx, trigger)}) m`.compile(ctx.tx)
        return { text, values: [...parameters] }
      })
      spent += await timed(() => admin.query(text, values))
    }
    bare.push(spent)
    console.log(
      `${Math.round(ours.at(-1)!)} ms (${sums.opened} opened, ${sums.closed} closed), bare ${Math.round(spent)} ms`,
    )
  }
  report({
    bench: `alerts, ${items.length} rules x 100,000 customers`,
    figure: median(ours) / 1_000,
    unit: 's (aim: at most 5)',
    peer: 'bare SELECTs of the same triggers, no row-level security, nothing written',
    peerFigure: median(bare) / 1_000,
    ratio: median(bare) / median(ours),
    aim: 0.5,
  })
} finally {
  await end()
}

/** Customers with renewals, a thirtieth of them Red; their health of 30 days, onboardings, answers, tickets, use. */
async function fill(tenantId: string): Promise<void> {
  // Keys as the product gives them, in the order of time.
  const id = `overlay(overlay(md5('c' || n) placing lpad(to_hex(1672531200000 + n), 12, '0') from 1) placing '7' from 13)::uuid`
  const put = (text: string) => admin.query(text, [tenantId, customers])
  const score = `case when n % 30 = 0 then 35 else 60 + n % 41 end`
  const band = `(select b ->> 'key' from jsonb_array_elements(v.definition -> 'bands') b where (b ->> 'from')::int <= ${score} order by (b ->> 'from')::int desc limit 1)`
  await put(`insert into customer (tenant_id, id, name, currency, plan, status, churned_on, tier, tier_key, contract_start, renewal_on, health_score, origin, created_at)
    select $1, ${id}, '顧客' || n, 'JPY', 'Pro', case when n % 50 = 0 then 'CHURNED' else 'ACTIVE' end, case when n % 50 = 0 then current_date - n % 700 end,
      case when n % 21 = 0 then 'ENTERPRISE' else 'SMALL_BUSINESS' end, case when n % 21 = 0 then 'enterprise' else 'small_business' end,
      current_date - 400, current_date + n % 365, ${score}, 'api', now() - interval '1 year' from generate_series(1, $2::int) n`)
  await put(`insert into customer_health (tenant_id, customer_id, scorecard_id, version, score, raw, band, coverage, scores, inputs, computed_at)
    select $1, ${id}, v.scorecard_id, v.version, ${score}, ${score}, ${band}, 1, '{80,70,90,60}', '{80,70,90,60}', now()
    from scorecard_version v, generate_series(1, $2::int) n where v.tenant_id = $1`)
  await put(`insert into health_daily (tenant_id, day, customer_id, scorecard_id, version, score, raw, band, coverage, scores, inputs)
    select $1, current_date - d, ${id}, v.scorecard_id, v.version, least(100, ${score} + (n + d) % 7), ${score}, 'x', 1, '{80,70,90,60}', '{80,70,90,60}'
    from scorecard_version v, generate_series(1, $2::int) n, generate_series(1, 30) d where v.tenant_id = $1`)
  await put(`insert into success_profile (tenant_id, customer_id, onboarding_status, onboarding_started_on)
    select $1, ${id}, case when n % 10 = 0 then 'IN_PROGRESS' else 'NOT_STARTED' end, case when n % 10 = 0 then current_date - n % 60 end
    from generate_series(1, $2::int, 2) n`)
  await put(`insert into survey_answer (tenant_id, id, customer_id, kind, score, answered_at)
    select $1, md5('a' || n)::uuid, ${id}, 'NPS', n % 11, now() - (n % 150) * interval '1 day' from generate_series(1, $2::int, 5) n`)
  await put(`insert into ticket (tenant_id, id, customer_id, source, subject, priority, status, opened_at)
    select $1, md5('t' || n)::uuid, ${id}, 'api', '件名', 'NORMAL', 'OPEN', now() - (n % 40) * interval '1 day' from generate_series(1, $2::int, 4) n`)
  await admin.query('vacuum analyze')
  console.log(`${customers} customers, ${customers * 30} scores of past days`)
}
