import { sql } from 'kysely'
import {
  announce,
  type Context,
  type JsonObject,
  record as note,
  requirePermission,
} from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { lockCustomer } from '../../accounts/commands/lock.ts'
import { updateCustomers } from '../../accounts/commands/save.ts'
import { writePieces } from '../../accounts/commands/search.ts'
import type { CustomerValues } from '../../accounts/commands/values.ts'
import { lockContact } from '../../contacts/commands/contact.ts'
import { type ContactValues, updateContacts } from '../../contacts/commands/save.ts'
import { keepLedger } from '../../contracts/commands/ledger.ts'
import { undoDays } from '../queries/merges.ts'
import { lockSides, type MergeRecord } from '../queries/sides.ts'
import { restoreDerived } from './derived.ts'
import type { Before } from './merge.ts'
import { type Moved, moveBack } from './moving.ts'
import { emptyProfile } from './profile.ts'
import { partWishes } from './wishes.ts'

interface Merge {
  record: MergeRecord
  kept_id: string
  merged_id: string
  moved: Moved
  before: Before
  undone: boolean
  late: boolean
}

/**
 * Undoes a merge: the merged record is there again with what moved from it; fields of the kept one return to what they
 * were, where nobody changed them since.
 * @throws AppError `expired` after 30 days, `conflict` when it was undone already or the kept record was merged itself
 */
export async function undoMerge(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'customers.merge')
  await lockRecords(ctx, id)
  const merge = await lockMerge(ctx, id)
  const { record, kept_id: keptId, merged_id: mergedId, moved } = merge
  if (record === 'customer') await lockCustomer(ctx, keptId, 'customers.merge').catch(sayMergedAgain)
  else await lockContact(ctx, keptId).catch(sayMergedAgain)
  await sql`
    update ${sql.table(record)} set merged_into = null, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${mergedId}`.execute(ctx.tx)
  await moveBack(ctx, record, moved, keptId, mergedId)
  const [kept] = await lockSides(ctx, record, [keptId, mergedId])
  const values = {
    ...unchanged(merge.before.fields, merge.before.written.fields, kept.fields),
    attributes: unchanged(merge.before.attributes, merge.before.written.attributes, kept.attributes),
  }
  if (record === 'customer') await undoCustomer(ctx, merge, values as CustomerValues)
  else {
    await undoContact(ctx, keptId, mergedId, moved, values as ContactValues)
    if (merge.before.wishes) await partWishes(ctx, keptId, merge.before.wishes)
  }
  await writePieces(ctx, record, [keptId, mergedId])
  await sql`update record_merge set undone_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  )
  note(ctx, {
    action: `${record}.merge_undone`,
    subject: { kind: record, id: keptId },
    details: { merge: id, merged: mergedId },
  })
  announce(ctx, { type: `${record}.unmerged`, subject: { kind: record, id: keptId }, payload: { merge: id, mergedId } })
}

/** Locks both records before the merge and what hangs on them, in the order of every other change. */
async function lockRecords(ctx: Context, id: string): Promise<void> {
  const { rows } = await sql<{ record: MergeRecord; ids: string[] }>`
    select m.record, array[m.kept_id, m.merged_id]::text[] as ids from record_merge m
    where m.tenant_id = ${ctx.tenantId} and m.id = ${id}`.execute(ctx.tx)
  const [merge] = rows
  if (!merge) throw notFound()
  await sql`
    select r.id from ${sql.table(merge.record)} r
    where r.tenant_id = ${ctx.tenantId} and r.id = any(${merge.ids}::uuid[]) order by r.id for no key update`.execute(
    ctx.tx,
  )
}

async function lockMerge(ctx: Context, id: string): Promise<Merge> {
  const { rows } = await sql<Merge>`
    select m.record, m.kept_id, m.merged_id, m.moved, m.before, m.undone_at is not null as undone,
      m.merged_at < ${ctx.now}::timestamptz - make_interval(days => ${undoDays}) as late
    from record_merge m where m.tenant_id = ${ctx.tenantId} and m.id = ${id} for update`.execute(ctx.tx)
  const [merge] = rows
  if (!merge) throw notFound()
  if (merge.undone) {
    throw new AppError('conflict', { ja: 'この統合はすでに取り消されています。', en: 'This merge was undone already.' })
  }
  if (merge.late) {
    throw new AppError('expired', {
      ja: `統合から${undoDays}日を過ぎたため、取り消せません。`,
      en: `A merge can be undone for ${undoDays} days; this one is older.`,
    })
  }
  return merge
}

function sayMergedAgain(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'not_found') throw error
  throw new AppError('conflict', {
    ja: '統合先がさらに別の記録に統合されています。新しい統合から順に取り消してください。',
    en: 'The kept record was merged into another one since. Undo the later merge first.',
  })
}

/** Former values of the fields that still hold what the merge wrote. */
function unchanged(before: JsonObject, written: JsonObject, current: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(before).filter(
      ([name]) => JSON.stringify(current[name] ?? null) === JSON.stringify(written[name] ?? null),
    ),
  )
}

async function undoCustomer(
  ctx: Context,
  { kept_id: keptId, merged_id: mergedId, moved, before }: Merge,
  values: CustomerValues,
): Promise<void> {
  await sql`
    update contract set standing = true
    where tenant_id = ${ctx.tenantId} and customer_id = ${mergedId} and id = any(${moved.standing ?? []}::uuid[])`.execute(
    ctx.tx,
  )
  await sql`
    update contract_term t set customer_id = k.customer_id from contract k
    where t.tenant_id = ${ctx.tenantId} and k.tenant_id = ${ctx.tenantId} and k.id = t.contract_id
      and k.id = any(${moved.contracts ?? []}::uuid[])`.execute(ctx.tx)
  await sql`
    delete from customer_domain d where d.tenant_id = ${ctx.tenantId} and d.customer_id = ${keptId}
      and d.domain = any(${moved.domains ?? []}::text[])`.execute(ctx.tx)
  await sql`
    delete from customer_tag where tenant_id = ${ctx.tenantId} and customer_id = ${keptId} and tag_id = any(${moved.tags ?? []}::uuid[])`.execute(
    ctx.tx,
  )
  if (before.profile) await emptyProfile(ctx, keptId, before.profile)
  await updateCustomers(ctx, [{ id: keptId, values }], { origin: 'person' })
  if (before.derived) {
    await restoreDerived(ctx, keptId, mergedId, before.derived, (moved.contracts ?? []).length > 0)
  }
  await keepLedger(ctx, [keptId, mergedId], 'merge')
}

async function undoContact(
  ctx: Context,
  keptId: string,
  mergedId: string,
  moved: Moved,
  values: ContactValues,
): Promise<void> {
  await sql`
    update communication set contact_ids = array_append(array_remove(contact_ids, ${keptId}::uuid), ${mergedId}::uuid)
    where tenant_id = ${ctx.tenantId} and id = any(${moved.communications ?? []}::uuid[])`.execute(ctx.tx)
  await sql`
    delete from contact_tag where tenant_id = ${ctx.tenantId} and contact_id = ${keptId} and tag_id = any(${moved.tags ?? []}::uuid[])`.execute(
    ctx.tx,
  )
  await sql`
    update contact target set ticket_count = (select count(*) from ticket t where t.tenant_id = ${ctx.tenantId} and t.contact_id = target.id)
    where target.tenant_id = ${ctx.tenantId} and target.id = any(${[keptId, mergedId]}::uuid[])`.execute(ctx.tx)
  await updateContacts(ctx, [{ id: keptId, values }])
}
