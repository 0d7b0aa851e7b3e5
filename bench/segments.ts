/**
 * Refresh of a segment of six conditions, one of them behavioural, over 1,000,000 contacts of one company, under
 * row-level security: the first fill, a refresh after a twentieth of the contacts changed, and one without change. Beside
 * it the bare statement that only counts the same contacts, with plain columns, as superuser.
 */
import { refreshMembers } from '../server/signals/segments/commands/refresh.ts'
import { createSegment } from '../server/signals/segments/commands/segments.ts'
import { lockSegment } from '../server/signals/segments/queries/segments.ts'
import { startBenchCompany } from './support/company.ts'
import { median, report } from './support/report.ts'

const contacts = 1_000_000
const rounds = 5

const { admin, tenantId, run, end } = await startBenchCompany()
try {
  await fill(tenantId)
  const condition = {
    all: [
      { field: 'plan', op: 'in' as const, value: ['Pro', 'Enterprise'] },
      { field: 'leadScore', op: 'at_least' as const, value: 20 },
      { field: 'emailState', op: 'in' as const, value: ['SUBSCRIBED'] },
      { field: 'lastSeenAt', op: 'within_last_days' as const, value: 60 },
      { not: { field: 'language', op: 'in' as const, value: ['fr'] } },
      { event: 'Export', did: 'at_least' as const, times: 2, days: 30 },
    ],
  }
  const id = await run(ctx =>
    createSegment(ctx, {
      record: 'contact',
      nameJa: '計測',
      nameEn: 'Bench',
      kind: 'dynamic',
      condition,
      state: 'draft',
    }),
  )
  const refresh = () => run(async ctx => refreshMembers(ctx, await lockSegment(ctx, id)))
  const first = await refresh()
  console.log(`first fill: ${first.entered.toLocaleString('en')} members in ${first.milliseconds} ms`)
  const changed: number[] = []
  const same: number[] = []
  const bare: number[] = []
  for (let round = 0; round < rounds; round++) {
    await admin.query(
      `update contact set lead_score = case when lead_score >= 20 then 1 else 60 end where tenant_id = $1 and id in (
        select id from contact where tenant_id = $1 and get_byte(uuid_send(id), 15) % 20 = $2)`,
      [tenantId, round],
    )
    await admin.query('vacuum analyze contact')
    const begin = performance.now()
    const result = await refresh()
    changed.push(performance.now() - begin)
    const again = performance.now()
    await refresh()
    same.push(performance.now() - again)
    const peer = performance.now()
    const { rows } = await admin.query(
      `select count(*) from contact c
        left join (select contact_id, sum(events) as n from usage_daily where tenant_id = $1 and feature = 'Export'
          and day > current_date - 30 group by 1) u on u.contact_id = c.id
        where c.tenant_id = $1 and c.plan in ('Pro', 'Enterprise') and c.lead_score >= 20 and c.email_state = 'SUBSCRIBED'
          and c.last_seen_at >= now() - interval '60 days' and coalesce(c.language <> 'fr', true) and u.n >= 2`,
      [tenantId],
    )
    bare.push(performance.now() - peer)
    console.log(
      `+${result.entered} -${result.exited}: ${Math.round(changed.at(-1)!)} ms, without change ${Math.round(same.at(-1)!)} ms, bare ${Math.round(bare.at(-1)!)} ms (${rows[0].count})`,
    )
  }
  const rate = (times: number[]) => contacts / (median(times) / 1_000)
  report({
    bench: 'segments, refresh after a twentieth changed',
    figure: rate(changed),
    unit: 'contacts/s (aim: 600,000)',
    peer: 'bare SQL that counts the same contacts, no row-level security, nothing written',
    peerFigure: rate(bare),
    ratio: median(bare) / median(changed),
    aim: 0.5,
  })
  report({
    bench: 'segments, refresh without change',
    figure: rate(same),
    unit: 'contacts/s (aim: 600,000)',
    peer: 'bare SQL that counts the same contacts, no row-level security, nothing written',
    peerFigure: rate(bare),
    ratio: median(bare) / median(same),
    aim: 0.5,
  })
} finally {
  await end()
}

async function fill(tenantId: string): Promise<void> {
  await admin.query(
    `insert into contact (tenant_id, id, name, plan, lead_score, email_state, language, last_seen_at, origin, created_at)
      select $1, md5('c' || n)::uuid, 'c' || n, (array['Free', 'Pro', 'Enterprise', 'Starter'])[1 + n % 4], n % 97,
        case when n % 11 = 0 then 'UNSUBSCRIBED' else 'SUBSCRIBED' end, (array['ja', 'en', 'ja', 'fr', null])[1 + n % 5],
        now() - (n % 119) * interval '1 day', 'demo', now() from generate_series(1, $2::int) n`,
    [tenantId, contacts],
  )
  await admin.query(
    `insert into usage_daily (tenant_id, person, day, attributed_id, feature, contact_id, events, first_at, last_at)
      select $1, 'u:' || n, current_date - (n % 43)::int, '00000000-0000-0000-0000-000000000000', case when n % 3 > 0 then 'Export' else 'Open' end,
        md5('c' || n)::uuid, 1 + n % 7, now(), now() from generate_series(1, $2::int) n`,
    [tenantId, contacts],
  )
  await admin.query('vacuum analyze contact')
  await admin.query('vacuum analyze usage_daily')
}
