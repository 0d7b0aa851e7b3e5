import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { announce, type Context, record } from '../../../platform/context/context.ts'
import { invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { lockCustomer } from '../../accounts/commands/lock.ts'
import type { createContract as create, updateContract as update } from '../contract.ts'
import { createContracts, deleteContracts, updateContracts } from './save.ts'

/** Enters a contract. @throws AppError `invalid_input` for an external id in use, or an end before the start */
export async function createContract(
  ctx: Context,
  customerId: string,
  input: z.output<typeof create.body>,
): Promise<string> {
  const { currency } = await lockCustomer(ctx, customerId, 'customers.write')
  refuseBackwards(input.startsOn, input.endsOn)
  refuseOtherCurrency(currency, input.currency)
  await refuseTaken(ctx, undefined, input.externalId)
  const id = uuidv7()
  await createContracts(ctx, [{ id, values: { ...input, customerId } }], { origin: 'person' })
  note(ctx, 'contract.created', id, customerId, Object.keys(input))
  return id
}

/** Changes a contract. @throws AppError `not_found`, `invalid_input` */
export async function updateContract(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  const known = await lockContract(ctx, id)
  refuseBackwards(input.startsOn ?? known.starts_on, input.endsOn === undefined ? known.ends_on : input.endsOn)
  refuseOtherCurrency(known.currency, input.currency)
  await refuseTaken(ctx, id, input.externalId)
  await updateContracts(ctx, [{ id, values: input }], { origin: 'person' })
  note(ctx, 'contract.changed', id, known.customer_id, Object.keys(input))
}

/** Removes a contract that was entered by mistake, with its movements. */
export async function deleteContract(ctx: Context, id: string): Promise<void> {
  const known = await lockContract(ctx, id)
  await sql`update invoice set contract_id = null where tenant_id = ${ctx.tenantId} and contract_id = ${id}`.execute(
    ctx.tx,
  )
  await deleteContracts(ctx, [id], { origin: 'person' })
  note(ctx, 'contract.deleted', id, known.customer_id, [])
}

function note(ctx: Context, action: string, id: string, customerId: string, fields: string[]): void {
  record(ctx, { action, subject: { kind: 'contract', id }, details: { customer: customerId, fields } })
  announce(ctx, { type: action, subject: { kind: 'customer', id: customerId }, payload: { contractId: id, fields } })
}

interface Known {
  /** Of the customer. */
  currency: string
  customer_id: string
  starts_on: string
  ends_on: string | null
}

async function lockContract(ctx: Context, id: string): Promise<Known> {
  const { rows: whose } = await sql<{ customer_id: string }>`
    select k.customer_id from contract k where k.tenant_id = ${ctx.tenantId} and k.id = ${id}`.execute(ctx.tx)
  if (!whose[0]) throw notFound()
  // The customer first, as everywhere: two locks in two orders would block each other.
  const { currency } = await lockCustomer(ctx, whose[0].customer_id, 'customers.write')
  const { rows } = await sql<Omit<Known, 'currency'>>`
    select k.customer_id, k.starts_on::text, k.ends_on::text from contract k
    where k.tenant_id = ${ctx.tenantId} and k.id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return { ...rows[0], currency }
}

function refuseOtherCurrency(own: string, given: string | undefined): void {
  if (given === undefined || given === own) return
  throw invalidField('body.currency', {
    ja: `この顧客の通貨は${own}です。契約も${own}で登録してください。`,
    en: `This customer’s currency is ${own}; its contracts are in ${own}, too.`,
  })
}

function refuseBackwards(startsOn: string, endsOn: string | null | undefined): void {
  if (!endsOn || endsOn >= startsOn) return
  throw invalidField('body.endsOn', {
    ja: '終了日は開始日以降の日付にしてください。',
    en: 'The end cannot lie before the start.',
  })
}

async function refuseTaken(ctx: Context, id: string | undefined, externalId: string | null | undefined): Promise<void> {
  if (!externalId) return
  const { rows } = await sql`
    select 1 from contract k where k.tenant_id = ${ctx.tenantId} and k.external_id = ${externalId}
      and k.id is distinct from ${id ?? null}::uuid`.execute(ctx.tx)
  if (rows.length === 0) return
  throw invalidField('body.externalId', {
    ja: `外部ID「${externalId}」の契約がすでにあります。`,
    en: `There is a contract with the external id "${externalId}" already.`,
  })
}
