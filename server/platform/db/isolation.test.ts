import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany, testOrigin } from '../../../tests/support/factories.ts'
import { tableScopes } from '../../modules.ts'
import { inTenant } from '../tenancy/transaction.ts'
import { refuseUnsafeRole } from './verify.ts'

let application: TestApplication
let superuser: pg.Client
let company: TestCompany
let other: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  other = await newCompany(application)
  superuser = new pg.Client({ connectionString: application.database.superuserUrl })
  await superuser.connect()
})
afterAll(async () => {
  await superuser.end()
  await application.end()
})

const tenantTables = Object.entries(tableScopes)
  .filter(([, scope]) => scope === 'tenant')
  .map(([name]) => name)

describe('the catalogue of the migrated database (SEC-5)', () => {
  it('holds just the declared tables', async () => {
    const { rows } = await superuser.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
    )
    expect(rows.map(row => row.relname).sort()).toEqual(Object.keys(tableScopes).sort())
  })

  it('forces row-level security with the one policy on every tenant table', async () => {
    const { rows } = await superuser.query(
      `
      select c.relname, c.relrowsecurity, c.relforcerowsecurity, count(p.polname)::int as policies,
        min(pg_get_expr(p.polqual, p.polrelid)) as reading, min(pg_get_expr(p.polwithcheck, p.polrelid)) as writing
      from pg_class c left join pg_policy p on p.polrelid = c.oid where c.relname = any($1) and c.relkind in ('r', 'p') group by c.oid`,
      [tenantTables],
    )
    expect(rows).toHaveLength(tenantTables.length)
    for (const table of rows) {
      const column = table.relname === 'tenant' ? 'id' : 'tenant_id'
      const policy = `(${column} = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)`
      expect(table).toEqual({
        relname: table.relname,
        relrowsecurity: true,
        relforcerowsecurity: true,
        policies: 1,
        reading: policy,
        writing: policy,
      })
    }
  })

  it('has the tenant in every key, and first in the primary key', async () => {
    const { rows } = await superuser.query(
      `
      select t.relname, i.indisprimary, array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k(n, o)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.n order by k.o) as columns
      from pg_index i join pg_class t on t.oid = i.indrelid where t.relname = any($1) and i.indisunique`,
      [tenantTables],
    )
    for (const index of rows) {
      const column = index.relname === 'tenant' ? 'id' : 'tenant_id'
      expect([index.relname, index.columns]).toEqual([index.relname, expect.arrayContaining([column])])
      if (index.indisprimary) expect([index.relname, index.columns[0]]).toEqual([index.relname, column])
    }
  })

  it('carries the tenant in every foreign key, and none leads out of the tenant tables', async () => {
    const { rows } = await superuser.query(`
      select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent, c.confdeltype,
        array(select a.attname::text from unnest(c.conkey) k join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k) as columns
      from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.conparentid = 0`)
    expect(rows.length).toBeGreaterThan(5)
    for (const key of rows) {
      expect([key.child, tableScopes[key.child], tableScopes[key.parent]]).toEqual([key.child, 'tenant', 'tenant'])
      expect([key.child, key.columns]).toEqual([key.child, expect.arrayContaining(['tenant_id'])])
      expect(['a', 'c', 'r']).toContain(key.confdeltype)
    }
  })

  it('has neither triggers nor definer functions, and grants nothing on partitions', async () => {
    const triggers = await superuser.query('select tgname from pg_trigger where not tgisinternal')
    expect(triggers.rows).toEqual([])
    const definers = await superuser.query(
      `select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace`,
    )
    expect(definers.rows).toEqual([])
    const grants = await superuser.query(`
      select c.relname from pg_class c where c.relispartition and c.relkind = 'r'
        and has_table_privilege('kizuna_app', c.oid, 'select, insert, update, delete')`)
    expect(grants.rows).toEqual([])
  })

  it('lets the application neither change nor remove a line of the audit log (E5)', async () => {
    const { rows } = await superuser.query(`
      select privilege_type from information_schema.role_table_grants where grantee = 'kizuna_app' and table_name = 'audit_entry'`)
    expect(rows.map(row => row.privilege_type).sort()).toEqual(['INSERT', 'SELECT'])
    const truncates = await superuser.query(`
      select table_name from information_schema.role_table_grants where grantee = 'kizuna_app' and privilege_type = 'TRUNCATE'`)
    expect(truncates.rows).toEqual([])
  })
})

describe('row-level security at work', () => {
  it('shows nothing when no tenant is set', async () => {
    for (const table of tenantTables) {
      const { rows } = await application.pool.query(`select 1 from ${table} limit 1`)
      expect([table, rows.length]).toEqual([table, 0])
    }
  })

  it('hides the other tenant even from a statement that forgot its filter, and refuses to write there', async () => {
    const seen = await asSystem(company, async ctx => ctx.tx.selectFrom('member').select('tenant_id').execute())
    expect(new Set(seen.map(row => row.tenant_id))).toEqual(new Set([company.tenantId]))
    const intrusion = asSystem(company, ctx =>
      ctx.tx.insertInto('team').values({ tenant_id: other.tenantId, id: company.admin.memberId, name: 'x' }).execute(),
    )
    await expect(intrusion).rejects.toThrow('row-level security')
  })

  it('leaves a pooled connection clean, also after a failure (A6)', async () => {
    const failing = asSystem(company, async () => {
      throw new Error('midway')
    })
    await expect(failing).rejects.toThrow('midway')
    const settings = await Promise.all(
      Array.from({ length: 20 }, () => application.pool.query(`select current_setting('app.tenant', true) as tenant`)),
    )
    expect(settings.map(({ rows }) => rows[0].tenant || '').join('')).toBe('')
  })

  it('keeps two tenants apart that work at the same time on one pool (A6)', async () => {
    const actor = { kind: 'system', id: undefined, name: 'test' } as const
    const names = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const { tenantId } = index % 2 ? company : other
        return inTenant(application.installation, testOrigin(), tenantId, actor, async ctx => {
          const { rows } = { rows: await ctx.tx.selectFrom('tenant').select('id').execute() }
          return rows.length === 1 && rows[0]!.id === tenantId
        })
      }),
    )
    expect(names.every(Boolean)).toBe(true)
  })

  it('refuses to start with a role that row-level security does not bind', async () => {
    const pool = new pg.Pool({ connectionString: application.database.superuserUrl, max: 1 })
    await expect(refuseUnsafeRole(pool)).rejects.toMatchObject({ code: 'unavailable' })
    await pool.end()
    const owner = new pg.Pool({ connectionString: application.database.ownerUrl, max: 1 })
    await expect(refuseUnsafeRole(owner)).rejects.toMatchObject({ code: 'unavailable' })
    await owner.end()
    await expect(refuseUnsafeRole(application.pool)).resolves.toBeUndefined()
  })
})
