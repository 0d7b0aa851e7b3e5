import type pg from 'pg'
import { AppError } from '../errors/app-error.ts'

/**
 * Refuses to work with a database role to which row-level security would not apply: one that is superuser, may
 * bypass it, or owns a table.
 */
export async function refuseUnsafeRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ rolsuper: boolean; rolbypassrls: boolean; owns: number; name: string }>(`
    select r.rolname as name, r.rolsuper, r.rolbypassrls,
      (select count(*)::int from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm')) as owns
    from pg_roles r where r.rolname = current_user`)
  const role = rows[0]
  if (role && !role.rolsuper && !role.rolbypassrls && role.owns === 0) return
  throw new AppError('unavailable', {
    ja: `データベースのロール ${role?.name} には行レベルセキュリティが効きません。スーパーユーザー、BYPASSRLS、テーブルの所有者であってはいけません。`,
    en: `Row-level security does not bind the database role ${role?.name}: it must be no superuser, have no BYPASSRLS and own no table.`,
  })
}
