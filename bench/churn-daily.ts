/**
 * How long the daily run takes for 210,000 customers: read, judged by the model, written with interval and band, the
 * leading reasons, what the signals of risk say of the rest, and the customers' records and history following. The model
 * is learned from a small demo company, whose customers are then copied. The peer is the model alone on as many rows.
 */
import { type DemoWish, worldOf } from '../server/collect/demo/commands/fill.ts'
import { demoBatch, fillDemo } from '../server/demo-customers.ts'
import { judgeDemo } from '../server/demo-signals.ts'
import { startTraining } from '../server/signals/churn/commands/models.ts'
import { predictJob, trainJob } from '../server/signals/churn/events.ts'
import { liveModel } from '../server/signals/churn/queries/models.ts'
import { customersNow } from '../server/signals/churn/queries/observations.ts'
import { servedModel } from '../server/signals/churn/queries/served.ts'
import { settingsOf } from '../server/signals/churn/queries/settings.ts'
import { computeAll } from '../server/signals/metrics/commands/follow.ts'
import { startBenchCompany, timed } from './support/company.ts'
import { median, report } from './support/report.ts'

const customers = 210_000
const learnedFrom = 1_500
const rounds = 3
const wish: DemoWish = { customers: learnedFrom, months: 18, seed: 77 }

const { admin, tenantId, run, runJob, end } = await startBenchCompany()
try {
  await run(ctx => worldOf(ctx, wish))
  for (let first = 0; first < wish.customers; first += demoBatch) {
    await run(ctx => fillDemo(ctx, wish, first))
    await admin.query('analyze')
  }
  await run(ctx => judgeDemo(ctx, wish.months))
  await run(computeAll)
  const modelId = await run(ctx => startTraining(ctx, { seed: wish.seed, serve: true }))
  const trained = await timed(() => runJob(trainJob, { tenantId, modelId, serve: true }))
  console.log(`learned from ${learnedFrom} customers in ${Math.round(trained / 1_000)} s`)
  await copy()
  const alone = await modelAlone()
  const whole: number[] = []
  for (let round = 0; round < rounds; round++) {
    whole.push(await timed(() => runJob(predictJob, { tenantId })))
    const { rows } = await admin.query(
      `select count(*)::int as customers, count(*) filter (where basis = 'model')::int as judged,
        count(*) filter (where factors <> '[]')::int as explained from churn_prediction where tenant_id = $1`,
      [tenantId],
    )
    console.log(`${Math.round(whole.at(-1)!)} ms: ${JSON.stringify(rows[0])}`)
    await admin.query('vacuum analyze customer, churn_prediction')
  }
  report({
    bench: `churn, the daily run of ${customers.toLocaleString('en')} customers`,
    figure: median(whole) / 1_000,
    unit: 's',
    peer: 'the model alone on as many rows',
    peerFigure: alone,
    ratio: alone / (median(whole) / 1_000),
    aim: 0.1,
  })
} finally {
  await end()
}

/** Copies customers that are there, and their figures, until there are enough. */
async function copy(): Promise<void> {
  const { rows } = await admin.query<{ columns: string }>(`
    select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
    where attrelid = 'customer'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
      and attname not in ('tenant_id', 'id', 'external_id', 'merged_into')`)
  const columns = rows[0]!.columns
  const id = `overlay(overlay(md5('c' || k.n || '-' || o.id) placing lpad(to_hex(1767225600000 + k.n), 12, '0') from 1) placing '7' from 13)::uuid`
  await admin.query(`create temp table copied as
    select o.id as original, ${id} as id from customer o, generate_series(1, ${Math.ceil((2 * customers) / learnedFrom)}) k (n)
    where o.tenant_id = '${tenantId}' and o.status <> 'CHURNED' order by k.n, o.id
    limit ${customers} - (select count(*) from customer c where c.tenant_id = '${tenantId}' and c.status <> 'CHURNED')`)
  await admin.query(`insert into customer (tenant_id, id, ${columns})
    select c.tenant_id, k.id, ${columns
      .split(', ')
      .map(column => `c.${column}`)
      .join(', ')}
    from copied k join customer c on c.tenant_id = '${tenantId}' and c.id = k.original`)
  await admin.query(`insert into customer_figures (tenant_id, customer_id, day, figures, computed_at)
    select f.tenant_id, k.id, f.day, f.figures, f.computed_at
    from copied k join customer_figures f on f.tenant_id = '${tenantId}' and f.customer_id = k.original`)
  await admin.query('vacuum analyze')
}

/** Seconds that the model takes for as many rows, without a database. */
async function modelAlone(): Promise<number> {
  const [settings, live] = await run(async ctx => [await settingsOf(ctx), await liveModel(ctx)] as const)
  const served = await run(ctx => servedModel(ctx, live!))
  const page = await run(ctx => customersNow(ctx, settings, { places: served.places, limit: 4_000 }))
  const table = served.tableOf(page)
  const spent = await timed(async () => {
    for (let judged = 0; judged < customers; judged += page.length) served.model.predict(table)
  })
  return spent / 1_000
}
