/**
 * How to search text under row-level security. RLS keeps functions that are not LEAKPROOF (ILIKE, @@) out of index
 * conditions, so a GIN index that serves without RLS does not serve with it. 200,000 records in each of four tenants;
 * the median of 25 searches of each kind, as the application's role with the tenant set. Decision 0002 rests on this.
 */
import pg from 'pg'
import { applicationUrl } from '../server/platform/db/pool.ts'
import { startTestPostgres } from '../tests/support/postgres.ts'
import { testRootKey } from '../tests/support/root-key.ts'
import { median, report } from './support/report.ts'

const perTenant = 200_000
const tenant = '00000000-0000-7000-8000-000000000001'

const postgres = await startTestPostgres()
const admin = new pg.Client({ connectionString: postgres.superuserUrl })
const application = new pg.Client({ connectionString: applicationUrl(postgres.url, testRootKey) })
try {
  await admin.connect()
  await application.connect()
  await prepare()
  await application.query(`begin; set local app.tenant = '${tenant}'`)
  const needle = '%みなと1234%'
  const words = `select id from record where tenant_id = '${tenant}' and words @@ plainto_tsquery('simple', 'unit1234')`
  const ways: Record<string, number> = {}
  ways['GIN without RLS (superuser)'] = await time(admin, words)
  ways['GIN with RLS'] = await time(application, words)
  ways['ILIKE over the tenant, with RLS'] = await time(
    application,
    `select id from record where tenant_id = '${tenant}' and name ilike '${needle}' limit 20`,
  )
  // A list of its own: (tenant, piece of three letters) -> record. Equality and order of text and uuid are LEAKPROOF, so
  // its btree serves; the few records that hold all pieces are compared with the whole text.
  const [first, ...others] = piecesOf('みなと1234')
  const grams = `select r.id from record_gram g join record r on r.tenant_id = g.tenant_id and r.id = g.record_id
    where g.tenant_id = '${tenant}' and r.tenant_id = '${tenant}' and g.gram = '${first}'
    ${others.map(gram => `and exists (select 1 from record_gram o where o.tenant_id = '${tenant}' and o.gram = '${gram}' and o.record_id = g.record_id)`).join(' ')}
    and r.name ilike '${needle}' limit 20`
  ways['list of pieces, btree, with RLS'] = await time(application, grams)
  await admin.query('alter function ts_match_vq(tsvector, tsquery) leakproof')
  await application.query(`commit; begin; set local app.tenant = '${tenant}'`)
  ways['GIN with RLS, function declared LEAKPROOF by a superuser'] = await time(application, words)
  for (const [name, milliseconds] of Object.entries(ways))
    console.log(`${milliseconds.toFixed(2).padStart(9)} ms  ${name}`)
  const size = await admin.query(
    `select pg_total_relation_size('record') / 1e6 as record, pg_total_relation_size('record_gram') / 1e6 as gram`,
  )
  console.log(
    `record ${Number(size.rows[0].record).toFixed(0)} MB, list of pieces ${Number(size.rows[0].gram).toFixed(0)} MB for ${perTenant * 4} records`,
  )
  const ours = ways['list of pieces, btree, with RLS']!
  const peer = ways['ILIKE over the tenant, with RLS']!
  report({
    bench: 'search',
    figure: ours,
    unit: 'ms',
    peer: 'ILIKE over the tenant, same RLS',
    peerFigure: peer,
    ratio: peer / ours,
    aim: 5,
  })
} finally {
  await admin.end()
  await application.end()
  await postgres.end()
}

/** Names of four tenants, with an ordinary GIN index and with a list of pieces of three letters. */
async function prepare(): Promise<void> {
  await admin.query(`
    create table record (tenant_id uuid not null, id bigint not null, name text not null,
      words tsvector generated always as (to_tsvector('simple', name)) stored, primary key (tenant_id, id));
    create table record_gram (tenant_id uuid not null, gram text not null, record_id bigint not null, primary key (tenant_id, gram, record_id));
    alter table record enable row level security; alter table record force row level security;
    alter table record_gram enable row level security; alter table record_gram force row level security;
    create policy p on record using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
    create policy p on record_gram using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
    grant select on record, record_gram to kizuna_app;
    insert into record (tenant_id, id, name) select ('00000000-0000-7000-8000-00000000000' || t)::uuid, i, '株式会社みなと' || i || ' unit' || i
    from generate_series(1, 4) t, generate_series(1, ${perTenant}) i;
    insert into record_gram select distinct tenant_id, substr(name, p, 3), id
    from record, lateral generate_series(5, length(split_part(name, ' ', 1)) - 2) p;
    create index record_words on record using gin (words);
    analyze record, record_gram`)
}

/** The last piece first: endings tell names apart better than beginnings such as 株式会社. */
function piecesOf(text: string): string[] {
  return [...new Set(Array.from({ length: text.length - 2 }, (_, index) => text.slice(index, index + 3)))].reverse()
}

async function time(client: pg.Client, statement: string): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 25; round++) {
    const begin = performance.now()
    await client.query(statement)
    times.push(performance.now() - begin)
  }
  return median(times)
}
