import { sql } from 'kysely'
import type { Context, JsonObject, JsonValue } from '../../../platform/context/context.ts'

/** What a merge wrote into the success profile of the kept customer; null for `before` when it had none. */
export interface ProfileChange {
  before: JsonObject | null
  written: JsonObject
}

const identity = ['tenant_id', 'customer_id', 'created_at', 'updated_at']

/** What the profile of the kept customer lacks and that of the merged one has; undefined when there is nothing. */
export async function missingProfile(
  ctx: Context,
  keptId: string,
  mergedId: string,
): Promise<ProfileChange | undefined> {
  const { rows } = await sql<{ customer_id: string; profile: JsonObject }>`
    select p.customer_id, to_jsonb(p) - ${identity}::text[] as profile from success_profile p
    where p.tenant_id = ${ctx.tenantId} and p.customer_id = any(${[keptId, mergedId]}::uuid[])`.execute(ctx.tx)
  const [kept, merged] = [keptId, mergedId].map(id => rows.find(row => row.customer_id === id)?.profile)
  const missing = Object.entries(merged ?? {}).filter(([name, value]) => !isEmpty(value) && isEmpty(kept?.[name]))
  if (missing.length === 0) return undefined
  const written = Object.fromEntries(missing)
  return { before: kept ? Object.fromEntries(missing.map(([name]) => [name, kept[name]!])) : null, written }
}

/** Fills the profile of the kept customer, made where there is none. */
export async function fillProfile(ctx: Context, keptId: string, { written }: ProfileChange): Promise<void> {
  await sql`
    insert into success_profile (tenant_id, customer_id, created_at, updated_at)
    values (${ctx.tenantId}, ${keptId}, ${ctx.now}, ${ctx.now}) on conflict do nothing`.execute(ctx.tx)
  await write(ctx, keptId, written)
}

/** Takes back what a merge filled and nobody has changed since. */
export async function emptyProfile(ctx: Context, keptId: string, { before, written }: ProfileChange): Promise<void> {
  const { rows } = await sql<{ profile: JsonObject }>`
    select to_jsonb(p) - ${identity}::text[] as profile from success_profile p
    where p.tenant_id = ${ctx.tenantId} and p.customer_id = ${keptId}`.execute(ctx.tx)
  const current = rows[0]?.profile
  if (!current) return
  const untouched = Object.entries(written).filter(
    ([name, value]) => JSON.stringify(current[name]) === JSON.stringify(value),
  )
  const others = Object.entries(current).filter(([name, value]) => !(name in written) && !isEmpty(value))
  if (before === null && others.length === 0 && untouched.length === Object.keys(written).length) {
    await sql`
      delete from success_profile where tenant_id = ${ctx.tenantId} and customer_id = ${keptId}`.execute(ctx.tx)
    return
  }
  await write(
    ctx,
    keptId,
    Object.fromEntries(untouched.map(([name, value]) => [name, before?.[name] ?? emptied(name, value)])),
  )
}

async function write(ctx: Context, customerId: string, values: JsonObject): Promise<void> {
  const names = Object.keys(values)
  if (names.length === 0) return
  const set = names.map(name => sql`${sql.ref(name)} = ${sql.ref(`given.${name}`)}`)
  await sql`
    update success_profile target set ${sql.join(set)}, updated_at = ${ctx.now}
    from jsonb_populate_record(null::success_profile, ${JSON.stringify(values)}::jsonb) given
    where target.tenant_id = ${ctx.tenantId} and target.customer_id = ${customerId}`.execute(ctx.tx)
}

/** Empty lists and statuses that were never set are what a new profile holds. */
function isEmpty(value: JsonValue | undefined): boolean {
  return (
    value === null ||
    value === undefined ||
    value === 'NOT_STARTED' ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  )
}

/** What a new profile holds in this column. */
function emptied(name: string, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return []
  return name.endsWith('_status') ? 'NOT_STARTED' : null
}
