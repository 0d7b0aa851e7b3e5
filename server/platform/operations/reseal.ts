import pg from 'pg'
import { type TenantId, tenantIdOf } from '../context/context.ts'
import type { TableScopes } from '../db/tables.ts'
import { seal, unseal } from '../secrets/box.ts'
import type { BoxedColumn } from '../secrets/boxed-column.ts'
import type { Keyring } from '../secrets/keyring.ts'

/** Boxes that one transaction closes anew: rows stay locked for milliseconds only. */
const batch = 500

interface Boxes {
  pool: pg.Pool
  boxes: readonly BoxedColumn[]
  scopes: TableScopes
}

/** Closes all boxes anew that have another key than the current one. Those that cannot be opened stay. @returns how many it closed */
export async function resealAll(wish: Boxes, keyring: Keyring): Promise<number> {
  let count = 0
  await eachPlace(wish, async (box, tenant) => {
    let after: string[] | undefined
    do {
      const done = await inScope(wish.pool, tenant, client => resealBatch(client, keyring, box, tenant, after))
      count += done.resealed
      after = done.last
    } while (after)
  })
  return count
}

/** Boxes that have another key than the current one. */
export async function countOldBoxes(wish: Boxes, keyring: Keyring): Promise<number> {
  let count = 0
  await eachPlace(wish, async (box, tenant) => {
    const { rows } = await inScope(wish.pool, tenant, client =>
      client.query<{ boxes: number }>(
        `select count(*)::int as boxes from ${pg.escapeIdentifier(box.table)} t where ${filterOf(box, tenant)}`,
        [keyring.current.id],
      ),
    )
    count += rows[0]?.boxes ?? 0
  })
  return count
}

/** Every column, in a table of tenants once for each of them. */
async function eachPlace(
  { pool, boxes, scopes }: Boxes,
  work: (box: BoxedColumn, tenant: TenantId | null) => Promise<void>,
): Promise<void> {
  const { rows } = await pool.query<{ tenant_id: string }>('select tenant_id from tenant_directory order by tenant_id')
  for (const box of boxes) {
    if (scopes[box.table] !== 'tenant') await work(box, null)
    else for (const { tenant_id } of rows) await work(box, tenantIdOf(tenant_id))
  }
}

async function resealBatch(
  client: pg.PoolClient,
  keyring: Keyring,
  box: BoxedColumn,
  tenant: TenantId | null,
  after: string[] | undefined,
): Promise<{ resealed: number; last: string[] | undefined }> {
  const table = pg.escapeIdentifier(box.table)
  const column = `t.${pg.escapeIdentifier(box.column)}`
  const keys = Object.entries(box.key).map(([name, type]) => ({ column: `t.${pg.escapeIdentifier(name)}`, type }))
  const order = keys.map(key => key.column).join(', ')
  const beyond = after ? ` and (${order}) > (${keys.map((key, index) => `$${index + 2}::${key.type}`).join(', ')})` : ''
  const { rows } = await client.query<{ key: string[]; box: string }>(
    `select array[${keys.map(key => `${key.column}::text`).join(', ')}] as key, ${boxIn(box)} as box
    from ${table} t where ${filterOf(box, tenant)}${beyond} order by ${order} limit ${batch}`,
    [keyring.current.id, ...(after ?? [])],
  )
  const lines = rows.flatMap(row => {
    const place = { tenant: tenant ?? '-', table: box.table, column: box.column, row: box.row ?? row.key.join(' ') }
    const text = opened(() => unseal(keyring, place, row.box))
    if (text === undefined) return []
    const parts = Object.fromEntries(row.key.map((part, index) => [`k${index}`, part]))
    return [{ ...parts, old: row.box, new: seal(keyring, place, text) }]
  })
  const value = box.field
    ? `jsonb_set(${column}, array[${pg.escapeLiteral(box.field)}], to_jsonb(line.new))`
    : 'line.new'
  // The old box is compared: what somebody changed meanwhile stays as they left it.
  const { rowCount } = await client.query(
    `update ${table} t set ${pg.escapeIdentifier(box.column)} = ${value}
    from jsonb_to_recordset($1::jsonb) as line (${keys.map((key, index) => `k${index} ${key.type}`).join(', ')}, old text, new text)
    where ${tenantFilter(tenant)}${keys.map((key, index) => `${key.column} = line.k${index}`).join(' and ')} and ${boxIn(box)} = line.old`,
    [JSON.stringify(lines)],
  )
  return { resealed: rowCount ?? 0, last: rows.length === batch ? rows.at(-1)?.key : undefined }
}

function boxIn({ column, field }: BoxedColumn): string {
  const name = `t.${pg.escapeIdentifier(column)}`
  return field ? `(${name} ->> ${pg.escapeLiteral(field)})` : name
}

/** Rows with a box that the key `$1` did not close. */
function filterOf(box: BoxedColumn, tenant: TenantId | null): string {
  return `${tenantFilter(tenant)}split_part(${boxIn(box)}, '.', 2) <> $1`
}

function tenantFilter(tenant: TenantId | null): string {
  return tenant === null ? '' : `t.tenant_id = '${tenant}' and `
}

function opened(open: () => string): string | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}

async function inScope<Result>(
  pool: pg.Pool,
  tenant: TenantId | null,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query(tenant === null ? 'begin' : `begin; set local app.tenant = '${tenant}'`)
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}
