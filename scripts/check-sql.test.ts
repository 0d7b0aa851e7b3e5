// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the samples are source text

import { describe, expect, test } from 'vitest'
import type { TableScopes } from '../server/platform/db/tables.ts'
import { migrationFaults } from './sql/migrations.ts'
import { sourceFaults } from './sql/sources.ts'

const scopes: TableScopes = { tenant: 'tenant', account: 'tenant', note: 'tenant', plan: 'global', job: 'local' }

const columns =
  'tenant_id uuid not null references tenant (id), id uuid not null, name text, primary key (tenant_id, id)'
const security = `
  alter table account enable row level security;
  alter table account force row level security;
  create policy tenant_isolation on account
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);`
const account = `create table account (${columns});${security}`

const migration = (sql: string) => migrationFaults('0001.sql', sql, scopes).join('\n')
const accountOf = (items: string) => migration(`create table account (${items});${security}`)

describe('migrations', () => {
  test('a good tenant, global and local table pass', () => {
    expect(migration(account)).toBe('')
    expect(migration('create table plan (id uuid primary key, code text not null unique)')).toBe('')
    expect(migration('create table job (id bigint generated always as identity primary key, tenant_id uuid)')).toBe('')
  })

  test.each([
    ['create trigger t after insert on account for each row execute function f()', 'no triggers'],
    ['merge into account a using plan p on true when matched then delete', 'no MERGE'],
    ["select set_config('app.tenant', 'x', true)", 'no set_config()'],
    ['grant select on all tables in schema public to kizuna_app', 'no GRANT ON ALL TABLES'],
    ['alter default privileges grant select on tables to kizuna_app', 'no default privileges'],
    ['create materialized view m as select 1', 'no materialized view'],
    ['create view v as select * from account', 'security_invoker'],
    ['create policy p on account using (tenant_id = (select id from tenant))', 'a policy without sub-select'],
    ['alter table account add column size integer check (size > 0)', 'ADD COLUMN without inline constraint'],
    ['alter table account add column plan_id uuid references plan (id)', 'ADD COLUMN without inline constraint'],
    ['alter table account add column size integer, add constraint c check (size > 0)', 'in separate statements'],
    ['alter table account add column n bigint generated always as identity', 'IDENTITY only in CREATE TABLE'],
    ['alter table account alter column tenant_id type text', 'never changes'],
    ['alter table account add constraint u unique (name)', 'contains tenant_id'],
    ['create unique index on account (name)', 'contains tenant_id'],
    ['create unique index account_name on account using btree (lower(name))', 'contains tenant_id'],
    ['create table stray (id uuid primary key)', 'its scope is not declared'],
    [
      'create table job (id uuid primary key, plan_id uuid references plan (id))',
      'no foreign key to global table plan',
    ],
    [
      'create table plan (id uuid primary key, account_id uuid references account (id))',
      'no foreign key to tenant table',
    ],
    [
      'insert into account (tenant_id, id) values ($1, $2) on conflict (tenant_id, id) do update set updated_at = now()',
      'now()',
    ],
    [account.replace('alter table account force row level security;', ''), 'lacks FORCE'],
    [account.replace('alter table account enable row level security;', ''), 'lacks ENABLE'],
    [account.replace(/with check[\s\S]*/, ';'), 'lacks a policy'],
    [account.replaceAll('app.tenant', 'app.other'), 'lacks a policy'],
  ])('refused: %s', (sql, message) => {
    expect(migration(sql)).toContain(message)
  })

  test.each([
    [columns.replace('primary key (tenant_id, id)', 'primary key (id, tenant_id)'), 'starts with tenant_id'],
    [
      columns
        .replace('id uuid not null, name', 'id uuid primary key, name')
        .replace(', primary key (tenant_id, id)', ''),
      'starts with tenant_id',
    ],
    [columns.replace('tenant_id uuid not null', 'tenant_id uuid'), '"tenant_id uuid not null"'],
    [`${columns}, unique (name)`, 'contains tenant_id'],
    [columns.replace('name text', 'name text unique'), 'contains tenant_id'],
    [`${columns}, plan_id uuid references plan (id)`, 'no foreign key to plan (global)'],
    [`${columns}, job_id uuid references job (id)`, 'no foreign key to job (local)'],
    [`${columns}, note_id uuid, foreign key (note_id) references note (id)`, 'carries tenant_id'],
    [
      `${columns}, note_id uuid, foreign key (tenant_id, note_id) references note (tenant_id, id) on delete set null`,
      'no ON DELETE SET NULL',
    ],
  ])('refused table: %s', (items, message) => {
    expect(accountOf(items)).toContain(message)
  })

  test.each([
    ['alter table account add column size integer not null default 0, add column note text'],
    ['alter table account add constraint account_size check (size > 0)'],
    ['alter table account add constraint u unique (tenant_id, name)'],
    ['create unique index account_name on account (tenant_id, lower(name)) where name is not null'],
    ['create unique index job_once on job (name)'],
    ['create view v with (security_invoker = true) as select * from account'],
    ["comment on table account is 'merge into, create trigger, set_config('"],
    ['-- on delete set null is refused\ncreate index on account (tenant_id, name)'],
  ])('passes: %s', sql => {
    expect(migration(sql)).toBe('')
  })

  test.each([
    [`${columns}, note_id uuid, foreign key (tenant_id, note_id) references note (tenant_id, id) on delete cascade`],
    [`${columns}, unique (tenant_id, name), check (name <> '')`],
  ])('passes as table: %s', items => {
    expect(accountOf(items)).toBe('')
  })
})

describe('sources', () => {
  const source = (text: string, path = 'server/signals/health/queries.ts') =>
    sourceFaults(path, text, scopes).join('\n')

  test.each([
    ['sql`select name from account where id = ${id}`', 'names its tenant_id'],
    ["client.query('delete from note where id = $1')", 'names its tenant_id'],
    ["tx.selectFrom('account as a').selectAll().where('id', '=', id)", 'names its tenant_id'],
    ["tx.deleteFrom('account').where('id', '=', id).execute()", 'names its tenant_id'],
    ["sql`select set_config('app.tenant', ${id}, true)`", 'no set_config()'],
    ['sql`merge into job using plan on true when matched then delete`', 'no MERGE'],
    ["tx.mergeInto('job')", 'no MERGE'],
    ['tx.insertInto("plan").onConflict(c => c.column("id").doUpdateSet({ at: sql`now()` }))', 'now()'],
    [
      'sql`insert into account (tenant_id) values (${t}) on conflict (tenant_id) do update set at = current_timestamp`',
      'the clock',
    ],
    ['sql`insert into account (tenant_id, id) select ${t}, id from job`', 'has ON CONFLICT or RETURNING'],
    ['sql`insert into account (tenant_id, id) values (${t}, (select max(id) from job))`', 'no sub-select in VALUES'],
    ['sql`update account set roll = random() where tenant_id = ${t}`', 'no volatile function'],
    [
      'sql`with done as (delete from note where tenant_id = ${t} and x < clock_timestamp() returning id) select 1`',
      'no volatile function',
    ],
    ['sql.raw(`order by ${column}`)', 'put together from strings'],
    ['client.query(`select * from ${table}`)', 'put together from strings'],
    ["client.query('select * from ' + table)", 'put together from strings'],
    ["client.query('create trigger t after insert on job for each row execute function f()')", 'no triggers'],
  ])('refused: %s', (text, message) => {
    expect(source(text)).toContain(message)
  })

  test.each([
    ['sql`select name from account where tenant_id = ${t} and id = ${id}`'],
    ['sql`/* all tenants */ select tenant_id, count(*) from account group by 1`'],
    ['sql`select name from tenant where id = ${t}`'],
    ["tx.selectFrom('account').selectAll().where('tenant_id', '=', ctx.tenantId).execute()"],
    ["tx.selectFrom('plan').selectAll()"],
    [
      'sql`insert into account (tenant_id, id) select ${t}, u.id from unnest(${ids}::uuid[]) u (id) on conflict do nothing`',
    ],
    [
      'sql`insert into account (tenant_id, n) values (${t}, now()) on conflict (tenant_id) do update set n = excluded.n, m = coalesce(excluded.m, account.m)`',
    ],
    ['sql`insert into job (name) select name from plan`'],
    ['sql`insert into job (id, at) values (1, now()) on conflict (id) do update set at = now()`'],
    ['tx.insertInto("job").onConflict(c => c.column("id").doUpdateSet({ at: sql`now()` }))'],
    ['sql`update account set due = now() where tenant_id = ${t}`'],
    ['client.query(`listen ${pg.escapeIdentifier(channel)}`)'],
    ["const channel = 'kizuna_work'\nclient.query(`listen ${channel}`)"],
    ["throw new Error('Select a company before you join it from account')"],
  ])('passes: %s', text => {
    expect(source(text)).toBe('')
  })

  test('SQL may be put together in the platform where parts are checked', () => {
    expect(source('client.query(`create table ${name} partition of event`)', 'server/platform/db/partitions.ts')).toBe(
      '',
    )
  })
})
