/**
 * The lifecycle of 100,000 leads in five stages with 300,000 moves, under row-level security: everybody looked at by the rules
 * (the first time, without change, with a hundredth moved), the list of stages, a page of a stage, the funnel of 90 days.
 * Beside the funnel the bare SELECT that only aggregates the same moves by lead and stage, as superuser.
 */
import { evaluateStages } from '../server/signals/lifecycle/commands/evaluate.ts'
import { lifecycleFunnel } from '../server/signals/lifecycle/queries/funnel.ts'
import { listLeads } from '../server/signals/lifecycle/queries/leads.ts'
import { listStages } from '../server/signals/lifecycle/queries/stages.ts'
import { startBenchCompany, timed } from './support/company.ts'
import { median, report } from './support/report.ts'

const leads = 100_000
const rounds = 5

const { admin, tenantId, run, end } = await startBenchCompany()
try {
  await admin.query(
    `insert into contact (tenant_id, id, name, email, lead_score, origin, created_at)
    select $1, overlay(overlay(md5('c' || n) placing lpad(to_hex(1672531200000 + n), 12, '0') from 1) placing '7' from 13)::uuid, '見込み客' || n,
      'p' || n || '@example.test', n % 101, 'api', now() - (n % 500) * interval '1 day' from generate_series(1, $2::int) n`,
    [tenantId, leads],
  )
  const stages = ['subscriber', 'lead', 'mql', 'sql', 'customer']
  await admin.query(
    `insert into lifecycle_stage (tenant_id, id, key, name_ja, name_en, position, kind, condition, facts, actions, state)
    select $1, gen_random_uuid(), key, key, key, place, case when key = 'customer' then 'won' else 'open' end,
      json_build_object('field', 'leadScore', 'op', 'at_least', 'value', (array[0, 20, 45, 70, 95])[place]), '{contacts}', '[]', 'enabled'
    from unnest($2::text[]) with ordinality stage (key, place)`,
    [tenantId, stages],
  )
  await admin.query('vacuum analyze')
  const evaluate = () => run(ctx => evaluateStages(ctx, { acts: false }))
  const first = await timed(evaluate)
  // What happened before: two more moves each, of the time since they came.
  await admin.query(
    `insert into lifecycle_move (tenant_id, id, contact_id, at, from_stage, to_stage, from_key, to_key, cause, seconds_before, entered, acts)
    select p.tenant_id, gen_random_uuid(), p.contact_id, now() - (back * 40 + length(c.name)) * interval '1 day', before.id, s.id, before.key, s.key, 'rule',
      3600 * (1 + length(c.email)), array[s.id], false
    from lifecycle_position p join contact c on c.tenant_id = p.tenant_id and c.id = p.contact_id
    cross join generate_series(1, 2) back join lifecycle_stage s on s.tenant_id = p.tenant_id and s.position = 3 - back
    left join lifecycle_stage before on before.tenant_id = p.tenant_id and before.position = s.position - 1 where p.tenant_id = $1`,
    [tenantId],
  )
  await admin.query('vacuum analyze')
  const still: number[] = []
  for (let round = 0; round < rounds; round++) still.push(await timed(evaluate))
  await admin.query(
    `update contact set lead_score = 94 where tenant_id = $1 and lead_score < 70 and get_byte(uuid_send(id), 15) % 100 = 7`,
    [tenantId],
  )
  let moved = 0
  const change = await timed(async () => {
    moved = await evaluate()
  })
  console.log(
    `${leads.toLocaleString('en')} leads, 5 stages: everybody placed ${Math.round(first)} ms, without change ${Math.round(median(still))} ms, ` +
      `with ${moved.toLocaleString('en')} moved ${Math.round(change)} ms`,
  )
  const { rows: known } = await admin.query('select id from lifecycle_stage where tenant_id = $1 order by position', [
    tenantId,
  ])
  const [list, page, unstaged, ours, bare]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []]
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
  for (let round = 0; round < rounds; round++) {
    list.push(await timed(() => run(listStages)))
    page.push(await timed(() => run(ctx => listLeads(ctx, { stageId: known[1].id, limit: 50 }))))
    unstaged.push(await timed(() => run(ctx => listLeads(ctx, { limit: 50 }))))
    ours.push(await timed(() => run(ctx => lifecycleFunnel(ctx, { from: day(89), to: day(0) }))))
    await admin.query(`set enable_nestloop = off; set work_mem = '64MB'`)
    bare.push(
      await timed(() =>
        admin.query(
          `select count(*) from (select m.contact_id, reached.id, min(m.at) from lifecycle_move m cross join lateral unnest(m.entered) reached (id)
          where m.tenant_id = $1 group by 1, 2) entries`,
          [tenantId],
        ),
      ),
    )
  }
  console.log(
    `list of stages ${Math.round(median(list))} ms, a page of a stage ${Math.round(median(page))} ms, of leads in none ${Math.round(median(unstaged))} ms`,
  )
  report({
    bench: 'lifecycle, funnel of 100,000 leads with 300,000 moves',
    figure: median(ours),
    unit: 'ms (aim: less than 1,000)',
    peer: 'the same moves aggregated by lead and stage only, no row-level security',
    peerFigure: median(bare),
    ratio: median(bare) / median(ours),
    aim: 0.3,
  })
} finally {
  await end()
}
