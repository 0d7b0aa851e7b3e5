import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'
import { assignments, type By, given, type Patch, recordColumns } from '../../accounts/commands/values.ts'
import { type ContractField, contractFields } from '../catalog.ts'
import { keepLedger } from './ledger.ts'

/** Fields by their names in the API; amounts in the contract's currency per interval. */
export type ContractValues = { [Name in ContractField]?: string | number | boolean | null } & {
  /** The day from which a changed amount counts; today without it. */
  effectiveOn?: string
}

const required = new Set(['customerId', 'amount', 'currency', 'interval', 'startsOn', 'status', 'autoRenew'])

/**
 * Makes contracts, as one statement for any number of them, and brings the ledger of their customers up to date. Needs
 * `customerId`, `amount` and `startsOn`; a missing currency is the customer's, a missing interval MONTH.
 */
export async function createContracts(ctx: Context, rows: Patch<ContractValues>[], by: By): Promise<void> {
  if (rows.length === 0) return
  const columns = sql.join(Object.values(contractFields).map(field => sql.ref(field.column)))
  const values = sql.join(
    Object.keys(contractFields).map(name => {
      const value = sql.ref(`value.${name}`)
      if (name === 'currency') return sql`coalesce(${value}, c.currency)`
      if (name === 'interval') return sql`coalesce(${value}, 'MONTH')`
      if (name === 'status') return sql`coalesce(${value}, 'ACTIVE')`
      if (name === 'autoRenew') return sql`coalesce(${value}, false)`
      return value
    }),
  )
  await sql`
    insert into contract (tenant_id, id, ${columns}, import_id, created_at, updated_at)
    select ${ctx.tenantId}, line.id, ${values}, ${by.importId ?? null}::uuid, ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${given(rows, contractFields)}::jsonb) as line (id uuid, "values" jsonb),
      jsonb_to_record(line."values") as value (${recordColumns(contractFields)}),
      customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = value."customerId"
    returning 1`.execute(ctx.tx)
  const customers = await customersOf(ctx, rows)
  await endStanding(ctx, customers)
  await writeTerms(
    ctx,
    rows.map(row => row.id),
  )
  await keepLedger(ctx, customers, by.origin)
}

/** Patches contracts. A changed amount counts from `effectiveOn` on: what was before stays in the ledger. */
export async function updateContracts(ctx: Context, rows: Patch<ContractValues>[], by: By): Promise<void> {
  if (rows.length === 0) return
  const before = await customersOf(ctx, rows)
  await sql`
    with patch as (
      select line.id, line."values" as given, value.*
      from jsonb_to_recordset(${given(rows, contractFields)}::jsonb) as line (id uuid, "values" jsonb),
        jsonb_to_record(line."values") as value (${recordColumns(contractFields)}))
    update contract target set ${assignments(contractFields, required)},
      updated_at = ${ctx.now}
    from patch where target.tenant_id = ${ctx.tenantId} and target.id = patch.id`.execute(ctx.tx)
  const repriced = rows.filter(({ values }) => values.amount !== undefined || values.interval !== undefined)
  await addTerms(ctx, repriced)
  const customers = [...new Set([...before, ...(await customersOf(ctx, rows))])]
  await endStanding(ctx, customers)
  await writeTerms(
    ctx,
    rows.map(row => row.id),
  )
  await keepLedger(ctx, customers, by.origin)
}

/** A contract of its own that runs takes the place of revenue that was given as a number: from its start on. */
async function endStanding(ctx: Context, customerIds: string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update contract target set ends_on = greatest(target.starts_on, own.starts_on), status = 'ENDED', updated_at = ${ctx.now}
    from (select k.customer_id, min(k.starts_on) as starts_on from contract k
      where k.tenant_id = ${ctx.tenantId} and k.customer_id = any(${customerIds}::uuid[]) and not k.standing
        and k.status = 'ACTIVE' and k.interval <> 'ONE_TIME' group by k.customer_id) own
    where target.tenant_id = ${ctx.tenantId} and target.customer_id = own.customer_id and target.standing
      and target.status = 'ACTIVE'
    returning target.id`.execute(ctx.tx)
  await writeTerms(
    ctx,
    rows.map(row => row.id),
  )
}

/** Removes contracts with what they brought, such as when an import is undone. */
export async function deleteContracts(ctx: Context, ids: string[], by: By): Promise<void> {
  const customers = await customersOf(
    ctx,
    ids.map(id => ({ id, values: {} })),
  )
  await sql`delete from contract where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(ctx.tx)
  await keepLedger(ctx, customers, by.origin)
}

export interface Revenue {
  customerId: string
  /** Monthly recurring revenue in the customer's currency; 0 ends it. */
  mrr: number
  /** `YYYY-MM-DD`; today without it, or the contract's start where the customer has one and no revenue yet. */
  from?: string
  /** The day on which it ended already, for customers that left. */
  until?: string
}

/**
 * Keeps the standing contract of customers whose revenue is given as a number, without a contract: so the ledger knows
 * it, too. A customer with contracts of its own that run keeps those, and the number is left alone.
 */
export async function setRevenue(ctx: Context, rows: Revenue[], by: By): Promise<void> {
  if (rows.length === 0) return
  const given = JSON.stringify(rows.map(row => ({ ...row, id: uuidv7() })))
  await sql`
    insert into contract (tenant_id, id, customer_id, standing, amount, currency, interval, starts_on, ends_on, status, import_id,
      created_at, updated_at)
    select ${ctx.tenantId}, line.id, c.id, true, line.mrr, c.currency, 'MONTH', start.day, case when line.until is not null then greatest(line.until, start.day) end,
      case when line.until is null then 'ACTIVE' else 'ENDED' end, ${by.importId ?? null}::uuid, ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${given}::jsonb) as line (id uuid, "customerId" uuid, mrr numeric, "from" date, until date)
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = line."customerId"
    join tenant company on company.id = ${ctx.tenantId},
    lateral (select coalesce(line."from", least(c.contract_start, line.until), line.until, (${ctx.now}::timestamptz at time zone company.time_zone)::date)) as start (day)
    where line.mrr > 0 and not exists (
      select 1 from contract own where own.tenant_id = ${ctx.tenantId} and own.customer_id = c.id
        and (own.standing or (own.status = 'ACTIVE' and own.interval <> 'ONE_TIME')))
    on conflict do nothing`.execute(ctx.tx)
  const { rows: standing } = await sql<{ id: string; mrr: number; from: string | null; until: string | null }>`
    select k.id, line.mrr::float8 as mrr, line."from"::text as from, line.until::text as until
    from jsonb_to_recordset(${given}::jsonb) as line (id uuid, "customerId" uuid, mrr numeric, "from" date, until date)
    join contract k on k.tenant_id = ${ctx.tenantId} and k.customer_id = line."customerId" and k.standing
    where k.id <> line.id and (k.amount <> line.mrr or k.status <> 'ACTIVE' or line.until is not null)
      and (line.until is not null or not exists (
        select 1 from contract own where own.tenant_id = ${ctx.tenantId} and own.customer_id = k.customer_id
          and not own.standing and own.status = 'ACTIVE' and own.interval <> 'ONE_TIME'))`.execute(ctx.tx)
  await addTerms(
    ctx,
    standing.map(row => ({ id: row.id, values: { amount: row.mrr, effectiveOn: row.from ?? undefined } })),
  )
  await sql`
    update contract target set amount = line.mrr,
      ends_on = case when line.until is not null then greatest(line.until, target.starts_on) end, updated_at = ${ctx.now},
      status = case when line.until is null then 'ACTIVE' else 'ENDED' end
    from jsonb_to_recordset(${JSON.stringify(standing)}::jsonb) as line (id uuid, mrr numeric, until date)
    where target.tenant_id = ${ctx.tenantId} and target.id = line.id`.execute(ctx.tx)
  const ids = await sql<{ id: string }>`
    select k.id from contract k where k.tenant_id = ${ctx.tenantId} and k.standing
      and k.customer_id = any(${rows.map(row => row.customerId)}::uuid[])`.execute(ctx.tx)
  await writeTerms(
    ctx,
    ids.rows.map(row => row.id),
  )
  await keepLedger(
    ctx,
    rows.map(row => row.customerId),
    by.origin,
  )
}

/** A new price of a contract from a day on. */
async function addTerms(ctx: Context, rows: Patch<ContractValues>[]): Promise<void> {
  if (rows.length === 0) return
  const given = JSON.stringify(
    rows.map(({ id, values }) => ({ id, amount: values.amount, effective: values.effectiveOn ?? null })),
  )
  await sql`
    insert into contract_term (tenant_id, contract_id, customer_id, effective_on, mrr)
    select ${ctx.tenantId}, k.id, k.customer_id,
      greatest(k.starts_on, coalesce(line.effective, (${ctx.now}::timestamptz at time zone company.time_zone)::date)),
      ${monthly}
    from jsonb_to_recordset(${given}::jsonb) as line (id uuid, amount numeric, effective date)
    join contract k on k.tenant_id = ${ctx.tenantId} and k.id = line.id
    join tenant company on company.id = ${ctx.tenantId},
    lateral (select coalesce(line.amount, k.amount)) as price (amount)
    on conflict (tenant_id, contract_id, effective_on) do update set mrr = excluded.mrr, customer_id = excluded.customer_id`.execute(
    ctx.tx,
  )
}

/** What an amount of a contract is in a month: nothing recurs of a single payment. */
const monthly = sql`case k.interval when 'MONTH' then price.amount when 'QUARTER' then round(price.amount / 3, 2)
  when 'YEAR' then round(price.amount / 12, 2) else 0 end`

/**
 * The terms that follow from the contracts themselves: the start (where no term says what it was worth then), and the
 * end with 0. Terms of drafts, and those outside of start and end, go.
 */
async function writeTerms(ctx: Context, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    delete from contract_term t using contract k
    where t.tenant_id = ${ctx.tenantId} and k.tenant_id = ${ctx.tenantId} and k.id = t.contract_id and k.id = any(${ids}::uuid[])
      and (k.status = 'DRAFT' or t.effective_on < k.starts_on
        or (k.status in ('ENDED', 'CANCELLED') and k.ends_on is not null and t.effective_on >= k.ends_on)
        or (t.mrr = 0 and not (k.status in ('ENDED', 'CANCELLED'))))`.execute(ctx.tx)
  await sql`
    insert into contract_term (tenant_id, contract_id, customer_id, effective_on, mrr)
    select ${ctx.tenantId}, k.id, k.customer_id, k.starts_on, ${monthly}
    from contract k, lateral (select k.amount) as price (amount)
    where k.tenant_id = ${ctx.tenantId} and k.id = any(${ids}::uuid[]) and k.status <> 'DRAFT'
      and not exists (select 1 from contract_term t where t.tenant_id = ${ctx.tenantId} and t.contract_id = k.id)
      and (k.ends_on is null or k.ends_on > k.starts_on or k.status = 'ACTIVE')
    on conflict do nothing`.execute(ctx.tx)
  await sql`
    insert into contract_term (tenant_id, contract_id, customer_id, effective_on, mrr)
    select ${ctx.tenantId}, k.id, k.customer_id,
      coalesce(k.ends_on, (${ctx.now}::timestamptz at time zone company.time_zone)::date), 0
    from contract k join tenant company on company.id = ${ctx.tenantId}
    where k.tenant_id = ${ctx.tenantId} and k.id = any(${ids}::uuid[]) and k.status in ('ENDED', 'CANCELLED')
    on conflict (tenant_id, contract_id, effective_on) do update set mrr = excluded.mrr`.execute(ctx.tx)
  await sql`
    update contract_term t set customer_id = k.customer_id from contract k
    where t.tenant_id = ${ctx.tenantId} and k.tenant_id = ${ctx.tenantId} and k.id = t.contract_id
      and k.id = any(${ids}::uuid[]) and t.customer_id <> k.customer_id`.execute(ctx.tx)
}

async function customersOf(ctx: Context, rows: Patch<ContractValues>[]): Promise<string[]> {
  const { rows: found } = await sql<{ customer_id: string }>`
    select distinct k.customer_id from contract k
    where k.tenant_id = ${ctx.tenantId} and k.id = any(${rows.map(row => row.id)}::uuid[])`.execute(ctx.tx)
  return found.map(row => row.customer_id)
}

/**
 * Writes what contracts were worth a month from which days on, such as a history that is known from elsewhere, and brings
 * the ledger of their customers up to date.
 * @param lines `day` is `YYYY-MM-DD`, `amount` monthly
 */
export async function setTerms(ctx: Context, lines: { id: string; day: string; amount: number }[]): Promise<void> {
  const ids = [...new Set(lines.map(line => line.id))]
  await sql`
    insert into contract_term (tenant_id, contract_id, customer_id, effective_on, mrr)
    select ${ctx.tenantId}, k.id, k.customer_id, line.day, line.amount
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, day date, amount numeric)
    join contract k on k.tenant_id = ${ctx.tenantId} and k.id = line.id
    on conflict (tenant_id, contract_id, effective_on) do update set mrr = excluded.mrr`.execute(ctx.tx)
  await keepLedger(
    ctx,
    await customersOf(
      ctx,
      ids.map(id => ({ id, values: {} })),
    ),
    'demo',
  )
}
