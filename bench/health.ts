/**
 * Health of 210,000 customers of one company by a scorecard of eight factors, straight from the roll-ups and records,
 * under row-level security: worked out, written, and the customers' own fields following. Beside it the statement that
 * only aggregates the same roll-ups, as superuser, with nothing scored and nothing written.
 */
import { sql } from 'kysely'
import { computeAll } from '../server/signals/metrics/commands/follow.ts'
import { metricColumns } from '../server/signals/metrics/queries/statement.ts'
import { saasSuccess } from '../server/signals/scorecards/catalog.ts'
import { createScorecard, publishScorecard } from '../server/signals/scorecards/commands/cards.ts'
import { recalculateHealth } from '../server/signals/scorecards/commands/recalculate.ts'
import type { Shape } from '../server/signals/scorecards/contract/definition.ts'
import { metricKeys } from '../server/signals/scorecards/queries/inputs.ts'
import { startBenchCompany, timed } from './support/company.ts'
import { median, report } from './support/report.ts'

const customers = 210_000
const rounds = 3

const linear = (from: number, to: number): Shape => ({ kind: 'linear', from, to })
const percent = linear(0, 100)
const factor = (key: string, weight: number, metric: string, shape: Shape) => ({
  key,
  nameJa: key,
  nameEn: key,
  weight,
  input: { metric },
  shape,
})

const definition = {
  ...saasSuccess,
  factors: [
    factor('active', 25, 'usage.active_share_30', percent),
    factor('features', 15, 'usage.features_30', linear(0, 12)),
    factor('logins', 10, 'usage.login_days_30', linear(0, 20)),
    factor('tickets', 10, 'tickets.resolution_share_30', percent),
    factor('nps', 10, 'surveys.nps_score', { kind: 'survey', scale: 'nps' }),
    factor('payment', 5, 'billing.days_late_now', linear(30, 0)),
    factor('roi', 15, 'success.value_metrics_met_share', percent),
    factor('people', 10, 'contacts.people', linear(0, 5)),
  ],
}

const { admin, tenantId, run, end } = await startBenchCompany()
try {
  await fill(tenantId)
  const publish = await timed(() =>
    run(async ctx => {
      const id = await createScorecard(ctx, { nameJa: '計測', nameEn: 'Bench', condition: null, definition })
      await publishScorecard(ctx, id, null)
    }),
  )
  console.log(`published, everybody scored for the first time: ${Math.round(publish)} ms`)
  const { text, values } = await run(async ctx => {
    const keys = metricKeys(definition)
    const sums = sql.join(keys.map(key => sql`sum(${sql.id('m', key)})`))
    const { sql: text, parameters: values } =
      sql`select count(*), ${sums} from (${await metricColumns(ctx, { keys })}) m`.compile(ctx.tx)
    return { text, values: [...values] }
  })
  const [ours, bare]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    // A sixth of the customers has another score than before.
    await admin.query(
      'update success_profile set value_metrics = $2::jsonb where tenant_id = $1 and get_byte(uuid_send(customer_id), 15) % 3 = $3',
      [tenantId, JSON.stringify([{ name: 'KPI', target: 10, current: 12 }]), round],
    )
    await admin.query('vacuum analyze customer, customer_health, success_profile')
    let changed = 0
    ours.push(
      await timed(async () => {
        changed = (await run(ctx => recalculateHealth(ctx, undefined, 'facts'))).changed
      }),
    )
    await admin.query("set enable_nestloop = off; set work_mem = '64MB'")
    bare.push(await timed(() => admin.query(text, values)))
    console.log(`${Math.round(ours.at(-1)!)} ms (${changed} changed), only aggregated ${Math.round(bare.at(-1)!)} ms`)
  }
  report({
    bench: 'health, 210,000 customers, 8 factors from roll-ups',
    figure: median(ours) / 1_000,
    unit: 's (aim: at most 10)',
    peer: 'the same roll-ups aggregated only, no row-level security, nothing scored or written',
    peerFigure: median(bare) / 1_000,
    ratio: median(bare) / median(ours),
    aim: 0.5,
  })
  console.log(`the night's whole computation, all metrics kept: ${Math.round(await timed(() => run(computeAll)))} ms`)
  const kept = await timed(() => run(ctx => recalculateHealth(ctx)))
  console.log(`health from kept figures: ${Math.round(kept)} ms`)
} finally {
  await end()
}

/** 200,000 small customers of one person, 10,000 with five; use of 60 days, tickets, answers, invoices, profiles. */
async function fill(tenantId: string): Promise<void> {
  // Keys as the product gives them, in the order of time.
  const id = (number: string) =>
    `overlay(overlay(md5('c' || ${number}) placing lpad(to_hex(1767225600000 + ${number}), 12, '0') from 1) placing '7' from 13)::uuid`
  const put = (text: string) => admin.query(text, [tenantId, customers])
  await put(`insert into customer (tenant_id, id, name, currency, plan, status, licence_count, origin, created_at)
    select $1, ${id('n')}, '顧客' || n, 'JPY', case when n % 21 = 0 then 'Pro' else 'Free' end, 'ACTIVE',
      case when n % 21 = 0 then 10 else 1 end, 'api', now() - interval '1 year' from generate_series(1, $2::int) n`)
  await put(`insert into contact (tenant_id, id, customer_id, name, origin, created_at)
    select $1, md5('k' || n || '-' || p)::uuid, ${id('n')}, '関係者', 'api', now() - interval '1 year'
    from generate_series(1, $2::int) n, generate_series(1, case when n % 21 = 0 then 5 else 1 end) p`)
  await put(`insert into usage_daily (tenant_id, person, day, attributed_id, feature, customer_id, events, first_at, last_at)
    select $1, 'u:' || n || '-' || p, current_date - d, '00000000-0000-0000-0000-000000000000', 'F' || (n + d) % 12, ${id('n')},
      1 + (n + d) % 7, now(), now()
    from generate_series(1, $2::int) n, generate_series(1, case when n % 21 = 0 then 5 else 1 end) p,
      generate_series(n % 5, 59, case when n % 21 = 0 then 3 else 6 end) d`)
  await put(`insert into ticket (tenant_id, id, customer_id, source, subject, priority, status, opened_at, resolved_at)
    select $1, md5('t' || n)::uuid, ${id('n')}, 'api', '件名', 'NORMAL', case when n % 3 = 0 then 'OPEN' else 'RESOLVED' end,
      now() - (n % 40) * interval '1 day', case when n % 3 > 0 then now() - (n % 20) * interval '1 day' end
    from generate_series(1, $2::int, 4) n`)
  await put(`insert into survey_answer (tenant_id, id, customer_id, kind, score, answered_at)
    select $1, md5('a' || n)::uuid, ${id('n')}, 'NPS', n % 11, now() - (n % 150) * interval '1 day' from generate_series(1, $2::int, 5) n`)
  await put(`insert into invoice (tenant_id, id, customer_id, amount, currency, issued_on, due_on, status)
    select $1, md5('i' || n)::uuid, ${id('n')}, 1000, 'JPY', current_date - 60, current_date - n % 45, case when n % 4 = 0 then 'OPEN' else 'PAID' end
    from generate_series(1, $2::int, 3) n`)
  await put(`insert into success_profile (tenant_id, customer_id, value_metrics)
    select $1, ${id('n')}, '[{"name":"KPI","target":10,"current":8}]'::jsonb from generate_series(1, $2::int, 2) n`)
  const { rows } = await admin.query('select count(*)::int as rows from usage_daily where tenant_id = $1', [tenantId])
  await admin.query('vacuum analyze customer, contact, usage_daily, ticket, survey_answer, invoice, success_profile')
  console.log(`${customers} customers, ${rows[0].rows} roll-ups of use`)
}
