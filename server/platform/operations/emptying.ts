import type pg from 'pg'
import { applicationRole } from '../db/pool.ts'
import { AppError } from '../errors/app-error.ts'

/** Refuses while servers or workers work on the database: what they know would no longer be true. */
export async function refuseInUse(owner: pg.ClientBase): Promise<void> {
  const { rows } = await owner.query<{ connected: number }>(
    'select count(*)::int as connected from pg_stat_activity where datname = current_database() and usename = $1',
    [applicationRole],
  )
  if (rows[0]?.connected === 0) return
  throw new AppError('unavailable', {
    ja: 'Kizunaのサーバーまたはワーカーがデータベースに接続しています。すべて停止してから復元してください。',
    en: 'Servers or workers of Kizuna are connected to the database. Stop all of them, then restore.',
  })
}

/** Refuses a database in which something else keeps its tables: it must not be emptied. */
export async function refuseForeignTables(owner: pg.ClientBase): Promise<void> {
  const { rows } = await owner.query<{ ours: boolean; tables: number }>(`
    select to_regclass('public.migration') is not null as ours, count(*)::int as tables from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and ${notOfExtension}`)
  if (rows[0]?.ours || rows[0]?.tables === 0) return
  throw new AppError('unavailable', {
    ja: 'このデータベースにはKizuna以外のテーブルがあります。Kizuna専用の空のデータベースを指定してください。',
    en: 'The database holds tables that are not Kizuna’s. Give Kizuna an empty database of its own.',
  })
}

/** Refuses a database with companies or people. */
export async function refuseFull(owner: pg.ClientBase): Promise<void> {
  const { rows } = await owner.query("select to_regclass('public.tenant_directory') is not null as migrated")
  if (!rows[0].migrated) return
  const held = await owner.query(
    'select exists (select 1 from tenant_directory) or exists (select 1 from app_user) as held',
  )
  if (!held.rows[0].held) return
  throw new AppError('conflict', {
    ja: 'データベースにはすでにデータがあります。置き換える場合は --replace を付けてください（現在のデータは失われます）。',
    en: 'The database holds data already. To put the backup in its place, add --replace; what is there now will be lost.',
  })
}

/** Removes everything that migrations made, in the caller's transaction. */
export async function emptyDatabase(owner: pg.ClientBase): Promise<void> {
  const tables = await owner.query<{ statement: string }>(`
    select format('drop %s if exists public.%I cascade', case c.relkind when 'v' then 'view' else 'table' end, c.relname) as statement
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition and ${notOfExtension}`)
  for (const { statement } of tables.rows) await owner.query(statement)
  const rest = await owner.query<{ statement: string }>(`
    select format('drop routine if exists %s cascade', c.oid::regprocedure) as statement
    from pg_proc c where c.pronamespace = 'public'::regnamespace and ${notOfExtension}
    union all
    select format('drop type if exists %s cascade', c.oid::regtype)
    from pg_type c where c.typnamespace = 'public'::regnamespace and c.typtype in ('e', 'd') and ${notOfExtension}`)
  for (const { statement } of rest.rows) await owner.query(statement)
}

/** Objects of an extension come and go with it. */
const notOfExtension =
  "not exists (select 1 from pg_depend d where d.classid = c.tableoid and d.objid = c.oid and d.deptype = 'e')"
