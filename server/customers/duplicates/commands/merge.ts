import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import {
  announce,
  type Context,
  type JsonObject,
  record as note,
  requirePermission,
} from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { lockCustomers } from '../../accounts/commands/lock.ts'
import { updateCustomers } from '../../accounts/commands/save.ts'
import { writePieces } from '../../accounts/commands/search.ts'
import type { CustomerValues } from '../../accounts/commands/values.ts'
import { lockContact } from '../../contacts/commands/contact.ts'
import { type ContactValues, updateContacts } from '../../contacts/commands/save.ts'
import { keepLedger } from '../../contracts/commands/ledger.ts'
import { mergePlan } from '../plan.ts'
import { lockSides, type MergeRecord } from '../queries/sides.ts'
import { type Derived, followScores, readDerived } from './derived.ts'
import { countHanging, type Moved, moveHanging } from './moving.ts'
import { fillProfile, missingProfile, type ProfileChange } from './profile.ts'
import { joinWishes, type WishesChange } from './wishes.ts'

export interface MergeInput {
  record: MergeRecord
  keptId: string
  mergedId: string
  take?: string[]
}

/** The kept record as it was, and what the merge wrote: what undoing needs. */
export interface Before {
  fields: JsonObject
  attributes: JsonObject
  written: { fields: JsonObject; attributes: JsonObject }
  derived?: Derived
  profile?: ProfileChange
  wishes?: WishesChange
}

/** What a merge would do. @throws AppError `not_found`, `invalid_input` for a record merged into itself */
export async function previewMerge(ctx: Context, { record, keptId, mergedId }: MergeInput) {
  await admit(ctx, record, keptId, mergedId)
  const [kept, merged] = await lockSides(ctx, record, [keptId, mergedId])
  const { filled, conflicts } = mergePlan(
    { ...kept.fields, ...prefixed(kept.attributes) },
    { ...merged.fields, ...prefixed(merged.attributes) },
    [],
  )
  const moves = await countHanging(ctx, record, mergedId)
  if (record === 'customer' && (await missingProfile(ctx, keptId, mergedId))) moves.push({ kind: 'profile', count: 1 })
  return { moves, filled, conflicts }
}

/**
 * Merges one record into another: what hangs on it moves, empty fields are filled, the merged one stays hidden, so that
 * its ids still lead to the kept one and the merge can be undone.
 */
export async function mergeRecords(ctx: Context, input: MergeInput): Promise<string> {
  const { record, keptId, mergedId, take = [] } = input
  await admit(ctx, record, keptId, mergedId)
  const [kept, merged] = await lockSides(ctx, record, [keptId, mergedId])
  const plan = mergePlan(kept.fields, merged.fields, take)
  const attributes = mergePlan(prefixed(kept.attributes), prefixed(merged.attributes), take).values
  const own = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name.slice('attributes.'.length), value]),
  )
  const before: Before = {
    fields: Object.fromEntries(Object.keys(plan.values).map(name => [name, kept.fields[name] ?? null])),
    attributes: Object.fromEntries(Object.keys(own).map(name => [name, kept.attributes[name] ?? null])),
    written: { fields: plan.values, attributes: own },
  }
  const [keptState, mergedState] =
    record === 'customer' ? [await readDerived(ctx, keptId), await readDerived(ctx, mergedId)] : []
  const moved =
    record === 'customer' ? await mergeCustomer(ctx, keptId, mergedId) : await mergeContact(ctx, keptId, mergedId)
  const values = { ...plan.values, attributes: own }
  if (record === 'customer') {
    await updateCustomers(ctx, [{ id: keptId, values: values as CustomerValues }], { origin: 'person' })
    const profile = await missingProfile(ctx, keptId, mergedId)
    if (profile) {
      await fillProfile(ctx, keptId, profile)
      before.profile = profile
    }
    await keepLedger(ctx, [keptId, mergedId], 'merge')
    await followScores(ctx, [keptId])
    before.derived = { kept: keptState!, merged: mergedState!, left: await readDerived(ctx, keptId) }
  } else {
    await updateContacts(ctx, [{ id: keptId, values: values as ContactValues }])
    before.wishes = await joinWishes(ctx, keptId, mergedId)
  }
  await writePieces(ctx, record, [keptId, mergedId])
  const id = uuidv7()
  await sql`
    insert into record_merge (tenant_id, id, record, kept_id, merged_id, merged_at, merged_by, moved, before)
    values (${ctx.tenantId}, ${id}, ${record}, ${keptId}, ${mergedId}, ${ctx.now}, ${ctx.actor.id ?? null}::uuid,
      ${JSON.stringify(moved)}::jsonb, ${JSON.stringify(before)}::jsonb)`.execute(ctx.tx)
  const counts = Object.fromEntries(Object.entries(moved).map(([kind, ids]) => [kind, ids.length]))
  note(ctx, {
    action: `${record}.merged`,
    subject: { kind: record, id: keptId },
    details: { merge: id, merged: mergedId, moved: counts },
  })
  announce(ctx, { type: `${record}.merged`, subject: { kind: record, id: keptId }, payload: { merge: id, mergedId } })
  return id
}

/** Asks permission for both records. */
export async function admit(ctx: Context, record: MergeRecord, keptId: string, mergedId: string): Promise<void> {
  requirePermission(ctx, 'customers.merge')
  if (keptId === mergedId) {
    throw invalidField('body.mergedId', {
      ja: '同じ記録どうしは統合できません。',
      en: 'A record cannot be merged into itself.',
    })
  }
  if (record === 'customer') await lockCustomers(ctx, [keptId, mergedId], 'customers.merge')
  else for (const id of [keptId, mergedId].sort()) await lockContact(ctx, id)
}

function prefixed(attributes: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`attributes.${key}`, value]))
}

async function mergeCustomer(ctx: Context, keptId: string, mergedId: string): Promise<Moved> {
  // The one standing contract of a customer: the merged one's becomes an ordinary contract.
  const standing = await sql<{ id: string }>`
    update contract set standing = false
    where tenant_id = ${ctx.tenantId} and customer_id = ${mergedId} and standing returning id`.execute(ctx.tx)
  // A subsidiary that takes its parent over stands where the parent stood.
  await sql`
    update customer target set parent_id = merged.parent_id from customer merged
    where target.tenant_id = ${ctx.tenantId} and target.id = ${keptId} and target.parent_id = ${mergedId}
      and merged.tenant_id = ${ctx.tenantId} and merged.id = ${mergedId}`.execute(ctx.tx)
  const moved = await moveHanging(ctx, 'customer', mergedId, keptId)
  await sql`
    update contract_term set customer_id = ${keptId} where tenant_id = ${ctx.tenantId} and customer_id = ${mergedId}`.execute(
    ctx.tx,
  )
  const domains = await sql<{ domain: string }>`
    insert into customer_domain (tenant_id, domain, customer_id)
    select ${ctx.tenantId}, d.domain, ${keptId} from customer_domain d where d.tenant_id = ${ctx.tenantId} and d.customer_id = ${mergedId}
    on conflict do nothing returning domain`.execute(ctx.tx)
  const tags = await sql<{ tag_id: string }>`
    insert into customer_tag (tenant_id, customer_id, tag_id)
    select ${ctx.tenantId}, ${keptId}, t.tag_id from customer_tag t where t.tenant_id = ${ctx.tenantId} and t.customer_id = ${mergedId}
    on conflict do nothing returning tag_id`.execute(ctx.tx)
  await sql`
    update customer target set merged_into = ${keptId}, parent_id = null, mrr = 0, updated_at = ${ctx.now}
    where target.tenant_id = ${ctx.tenantId} and target.id = ${mergedId}`.execute(ctx.tx)
  await sql`
    update customer target set last_contact_at = greatest(target.last_contact_at, merged.last_contact_at),
      last_seen_at = greatest(target.last_seen_at, merged.last_seen_at)
    from customer merged where target.tenant_id = ${ctx.tenantId} and target.id = ${keptId}
      and merged.tenant_id = ${ctx.tenantId} and merged.id = ${mergedId}`.execute(ctx.tx)
  return {
    ...moved,
    standing: standing.rows.map(row => row.id),
    domains: domains.rows.map(row => row.domain),
    tags: tags.rows.map(row => row.tag_id),
  }
}

async function mergeContact(ctx: Context, keptId: string, mergedId: string): Promise<Moved> {
  const moved = await moveHanging(ctx, 'contact', mergedId, keptId)
  const communications = await sql<{ id: string }>`
    update communication set contact_ids = array_append(array_remove(array_remove(contact_ids, ${mergedId}::uuid), ${keptId}::uuid), ${keptId}::uuid)
    where tenant_id = ${ctx.tenantId} and ${mergedId}::uuid = any(contact_ids) returning id`.execute(ctx.tx)
  const tags = await sql<{ tag_id: string }>`
    insert into contact_tag (tenant_id, contact_id, tag_id)
    select ${ctx.tenantId}, ${keptId}, t.tag_id from contact_tag t where t.tenant_id = ${ctx.tenantId} and t.contact_id = ${mergedId}
    on conflict do nothing returning tag_id`.execute(ctx.tx)
  await sql`
    update contact target set customer_id = coalesce(target.customer_id, merged.customer_id),
      ticket_count = target.ticket_count + merged.ticket_count, last_seen_at = greatest(target.last_seen_at, merged.last_seen_at),
      last_login_at = greatest(target.last_login_at, merged.last_login_at),
      last_csm_contact_at = greatest(target.last_csm_contact_at, merged.last_csm_contact_at)
    from contact merged where target.tenant_id = ${ctx.tenantId} and target.id = ${keptId}
      and merged.tenant_id = ${ctx.tenantId} and merged.id = ${mergedId}`.execute(ctx.tx)
  await sql`
    update contact set merged_into = ${keptId}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${mergedId}`.execute(ctx.tx)
  return { ...moved, communications: communications.rows.map(row => row.id), tags: tags.rows.map(row => row.tag_id) }
}
