/**
 * The answer of `GET /api/v1/kpis` (all KPIs, 12 months, targets) in a company with 210,000 customers, a ledger of a million
 * movements and 25 months of facts, from the months that are kept. Beside it the bare SELECT of the same kept rows, as
 * superuser. Before it: how long a month takes to be worked out, as the jobs do it one at a time.
 */
import { kpis } from '../server/insights/kpis/catalog/all.ts'
import { keepMonth } from '../server/insights/kpis/commands/months.ts'
import { keptMonths } from '../server/insights/kpis/queries/kept.ts'
import { listKpis, oneKpi } from '../server/insights/kpis/queries/kpis.ts'
import { companyOf, shiftMonth } from '../server/insights/kpis/queries/statement.ts'
import { startBenchCompany, timed } from './support/company.ts'
import { median, report } from './support/report.ts'

const customers = 210_000
const rounds = 15
/** Months that are worked out from the facts; the others are copies of their rows. */
const workedOut = 2

const { admin, tenantId, run, end } = await startBenchCompany()
try {
  await fill(tenantId)
  const current = (await run(companyOf)).today.slice(0, 7)
  const months = Array.from({ length: keptMonths }, (_, back) => shiftMonth(current, -back))
  const spent: number[] = []
  for (const month of months.slice(0, workedOut)) spent.push(await timed(() => run(ctx => keepMonth(ctx, month))))
  // The answer reads the older months as it reads these; what they say does not matter to its time.
  for (const [back, month] of months.slice(workedOut).entries()) {
    await admin.query(
      `insert into kpi_month select tenant_id, kpi, $3::date, opens, as_of, currency, value, numerator, denominator, customers, computed_at
        from kpi_month where tenant_id = $1 and month = $2::date`,
      [tenantId, `${months[back % workedOut]!}-01`, `${month}-01`],
    )
  }
  console.log(
    `a month of ${kpis.length} KPIs worked out: ${Math.round(median(spent))} ms; ${months.length} months, one job each, take as many times that`,
  )
  await admin.query('vacuum analyze kpi_month')
  const [ours, bare]: [number[], number[]] = [[], []]
  const kept = `select kpi, month, opens, as_of, value, numerator, denominator, customers from kpi_month where tenant_id = $1 order by kpi, month`
  for (let round = 0; round < rounds; round++) {
    ours.push(await timed(() => run(async ctx => JSON.stringify(await listKpis(ctx, {})))))
    bare.push(await timed(() => admin.query(kept, [tenantId])))
  }
  for (const [words, whose] of [
    ['of one CSM with 100 customers', { ownerId: '00000000-0000-7000-8000-000000000001' }],
    ['of a tier with 10,000 customers', { tierKey: 'enterprise' }],
  ] as const) {
    const theme = await timed(() => run(ctx => listKpis(ctx, { theme: 'revenue', ...whose })))
    console.log(`the theme of revenue worked out from the facts, ${words}: ${Math.round(theme)} ms`)
  }
  const one = await timed(() => run(ctx => oneKpi(ctx, 'nrr', {})))
  console.log(`NRR with 24 months, its parts by tier and CSM from the facts: ${Math.round(one)} ms`)
  report({
    bench: 'KPIs, 210,000 customers with a ledger, all KPIs from kept months',
    figure: median(ours),
    unit: 'ms (aim: less than 500)',
    peer: 'bare SELECT of the same kept rows, no row-level security, nothing judged',
    peerFigure: median(bare),
    ratio: median(bare) / median(ours),
    aim: 0.2,
  })
} finally {
  await end()
}

/** Customers of three years with contracts and five movements each, tickets, answers, invoices, conversations, figures, health. */
async function fill(tenantId: string): Promise<void> {
  // Keys as the product gives them, in the order of time.
  const id = (letter: string, number: string) =>
    `overlay(overlay(md5('${letter}' || ${number}) placing lpad(to_hex(1672531200000 + ${number}), 12, '0') from 1) placing '7' from 13)::uuid`
  const customer = id('c', 'n')
  const put = (text: string) => admin.query(text, [tenantId, customers])
  await put(`insert into customer (tenant_id, id, name, currency, plan, status, churned_on, tier_key, owner_id, contract_start, health_score, origin, created_at)
    select $1, ${customer}, '顧客' || n, 'JPY', 'Pro', case when n % 12 = 0 then 'CHURNED' else 'ACTIVE' end,
      case when n % 12 = 0 then current_date - n % 700 end, case when n % 21 = 0 then 'enterprise' else 'smb' end,
      ('00000000-0000-7000-8000-' || lpad(to_hex(n % 2100), 12, '0'))::uuid, current_date - 700 - n % 400, n % 101, 'api', now() - interval '3 years'
    from generate_series(1, $2::int) n`)
  await put(`insert into contract (tenant_id, id, customer_id, amount, currency, interval, starts_on, status)
    select $1, ${id('k', 'n')}, ${customer}, 1000 + n % 100, 'JPY', 'MONTH', current_date - 700 - n % 400, 'ACTIVE' from generate_series(1, $2::int) n`)
  await put(`insert into revenue_movement (tenant_id, customer_id, occurred_on, contract_id, currency, kind, amount, mrr_after)
    select $1, ${customer}, current_date - 700 - n % 400 + step * 120, ${id('k', 'n')}, 'JPY',
      case step when 0 then 'NEW' when 3 then 'CONTRACTION' else 'EXPANSION' end, case step when 0 then 1000 when 3 then -100 else 50 + n % 7 end, 1000
    from generate_series(1, $2::int) n, generate_series(0, 4) step`)
  await put(`insert into ticket (tenant_id, id, customer_id, source, subject, priority, status, opened_at, resolved_at)
    select $1, ${id('t', 'n')}, ${customer}, 'api', '件名', 'NORMAL', 'RESOLVED', now() - (n % 750) * interval '1 day', now() - (n % 750 - 2) * interval '1 day'
    from generate_series(1, $2::int) n`)
  await put(`insert into survey_answer (tenant_id, id, customer_id, kind, score, answered_at)
    select $1, ${id('a', 'n')}, ${customer}, (array['NPS','CSAT'])[1 + n % 2], n % 5 + 1, now() - (n % 750) * interval '1 day' from generate_series(1, $2::int) n`)
  await put(`insert into invoice (tenant_id, id, customer_id, amount, currency, issued_on, due_on, status, paid_on)
    select $1, ${id('i', 'n')}, ${customer}, 1000, 'JPY', current_date - n % 750, current_date - n % 750 + 30, 'PAID', current_date - n % 750 + 25 + n % 10
    from generate_series(1, $2::int) n`)
  await put(`insert into communication (tenant_id, id, customer_id, kind, direction, occurred_at, body)
    select $1, ${id('m', 'n')}, ${customer}, 'CALL', 'OUTBOUND', now() - (n % 750) * interval '1 day', '電話' from generate_series(1, $2::int) n`)
  await put(
    `insert into success_profile (tenant_id, customer_id) select $1, ${customer} from generate_series(1, $2::int, 2) n`,
  )
  const places = [
    'success.adoption_rate',
    'usage.dau_mau',
    'usage.active_people_30',
    'contracts.licences',
    'usage.login_days_30',
  ]
  await admin.query(
    `insert into metric_place (tenant_id, key, place) select $1, key, place from unnest($2::text[]) with ordinality p (key, place)`,
    [tenantId, places],
  )
  const figures = `array[n % 100, n % 40, 1 + n % 5, 5, n % 20]::float8[]`
  await put(`insert into customer_figures (tenant_id, customer_id, day, figures, computed_at)
    select $1, ${customer}, current_date, ${figures}, now() from generate_series(1, $2::int) n`)
  // Figures and health of the ends of the last six months.
  const ends = `(select (date_trunc('month', current_date) - back * interval '1 month')::date - 1 as day from generate_series(0, 5) back)`
  await put(
    `insert into figures_day (tenant_id, day, computed_at) select $1, day, now() from ${ends} ends where $2::int > 0`,
  )
  await put(`insert into figures_daily (tenant_id, day, customer_id, figures) select $1, ends.day, ${customer}, ${figures}
    from ${ends} ends, generate_series(1, $2::int) n`)
  await put(`insert into health_daily (tenant_id, day, customer_id, scorecard_id, version, score, raw, band, coverage, scores, inputs)
    select $1, ends.day, ${customer}, '00000000-0000-7000-8000-000000000001', 1, n % 101, n % 101, null, 1, '{}', '{}' from ${ends} ends, generate_series(1, $2::int) n`)
  await admin.query('vacuum analyze')
  console.log(`${customers} customers, ${customers * 5} movements of revenue`)
}
