import { sql } from 'kysely'
import { type ContactValues, updateContacts } from '../../../customers/contacts/commands/save.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Call } from '../queries/calls.ts'
import { stampOf } from '../span.ts'
import { contactField } from '../traits.ts'
import { insertFindings } from './insert.ts'
import { isOurs, type KnownUser } from './records.ts'

/** Notes which addresses identify calls claim. @returns the addresses that are to be decided anew */
export async function noteClaims(ctx: Context, calls: readonly Call[]): Promise<string[]> {
  const lines = calls.flatMap(call => {
    if (call.type !== 'identify' || !call.person.startsWith('u:') || call.traits.email === undefined) return []
    const placed = contactField('email', call.traits.email)
    if (!placed || typeof placed.value !== 'string') return []
    return [{ email: placed.value, person: call.person, stamp: stampOf(call.at, call.ref) }]
  })
  if (lines.length === 0) return []
  await sql`
    insert into email_claim as known (tenant_id, email, person, first_stamp, last_stamp)
    select ${ctx.tenantId}, line.email, line.person, min(line.stamp collate "C"), max(line.stamp collate "C")
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (email text, person text, stamp text)
    group by line.email, line.person
    on conflict (tenant_id, person, email) do update set first_stamp = least(known.first_stamp, excluded.first_stamp),
      last_stamp = greatest(known.last_stamp, excluded.last_stamp)`.execute(ctx.tx)
  // A user that now says another address gives the one before back.
  const { rows } = await sql<{ email: string }>`
    select distinct email from email_claim where tenant_id = ${ctx.tenantId} and person in (
      select jsonb_array_elements_text(${JSON.stringify([...new Set(lines.map(line => line.person))])}::jsonb))`.execute(
    ctx.tx,
  )
  return rows.map(row => row.email)
}

interface Claim {
  email: string
  person: string
  first_stamp: string
  last_stamp: string
}

/** To whom addresses belong: of the users whose last word names an address, the one who named it first. */
export async function decideClaims(
  ctx: Context,
  emails: readonly string[],
): Promise<{ owner: Map<string, Claim>; losers: Claim[] }> {
  const { rows } = await sql<Claim>`
    select distinct on (person) email, person, first_stamp, last_stamp from email_claim
    where tenant_id = ${ctx.tenantId} and person in (
      select person from email_claim where tenant_id = ${ctx.tenantId} and email = any(${emails}::text[]))
    order by person, last_stamp collate "C" desc, email`.execute(ctx.tx)
  const owner = new Map<string, Claim>()
  for (const claim of rows) {
    const known = owner.get(claim.email)
    const earlier =
      known &&
      (claim.first_stamp < known.first_stamp ||
        (claim.first_stamp === known.first_stamp && claim.person < known.person))
    if (!known || earlier) owner.set(claim.email, claim)
  }
  return { owner, losers: rows.filter(claim => owner.get(claim.email) !== claim) }
}

/** Contacts without an id of the product, by address: they become those of the users who have the address. */
export async function adoptable(ctx: Context, owner: ReadonlyMap<string, Claim>): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; email: string }>`
    select id, email from contact
    where tenant_id = ${ctx.tenantId} and email = any(${[...owner.keys()]}::text[]) and external_id is null and merged_into is null`.execute(
    ctx.tx,
  )
  return new Map(rows.map(row => [owner.get(row.email)!.person, row.id]))
}

/** Writes addresses to the contacts that own them, and takes them from those that do not. */
export async function followEmails(
  ctx: Context,
  decided: { owner: ReadonlyMap<string, Claim>; losers: readonly Claim[] },
  known: readonly KnownUser[],
  sources: ReadonlyMap<string, string>,
): Promise<void> {
  const contactOf = new Map(known.map(({ user, contactId }) => [user, contactId]))
  const emails = [...decided.owner.keys()]
  const { rows } = await sql<{ id: string; email: string | null; said: string | null }>`
    select id, email, field_times ->> 'email' as said from contact
    where tenant_id = ${ctx.tenantId} and (email = any(${emails}::text[]) or id = any(${[...contactOf.values()]}::uuid[]))`.execute(
    ctx.tx,
  )
  const contacts = new Map(rows.map(row => [row.id, row]))
  const holder = new Map(rows.flatMap(row => (row.email ? [[row.email, row.id] as const] : [])))
  const given: { id: string; values: ContactValues }[] = []
  const taken: { id: string; values: ContactValues }[] = []
  const lost: Claim[] = []
  const owns = new Set<string>()
  const mayWrite = (id: string, stamp: string) => {
    const said = contacts.get(id)?.said ?? ''
    return isOurs(said) || said < stamp
  }
  for (const claim of decided.owner.values()) {
    const id = contactOf.get(claim.person)
    if (!id || !mayWrite(id, claim.last_stamp)) continue
    owns.add(id)
    if (contacts.get(id)?.email === claim.email) continue
    given.push({ id, values: { email: claim.email, fieldTimes: { email: claim.last_stamp } } })
  }
  const claimants = new Set(known.map(({ contactId }) => contactId))
  for (const { id, values } of [...given]) {
    const before = holder.get(values.email as string)
    if (before === undefined || before === id) continue
    // A contact that no claim speaks for keeps its address.
    if (claimants.has(before) && mayWrite(before, '')) {
      if (!given.some(other => other.id === before)) taken.push({ id: before, values: { email: null } })
      continue
    }
    given.splice(
      given.findIndex(other => other.id === id),
      1,
    )
    lost.push(decided.owner.get(values.email as string)!)
  }
  for (const claim of decided.losers) {
    const id = contactOf.get(claim.person)
    lost.push(claim)
    if (!id || owns.has(id) || !mayWrite(id, claim.last_stamp) || contacts.get(id)?.email == null) continue
    if (!taken.some(other => other.id === id)) taken.push({ id, values: { email: null } })
  }
  // First all that change lose theirs: two that exchange addresses would meet otherwise.
  const changing = [
    ...given.filter(({ id }) => contacts.get(id)?.email).map(({ id }) => ({ id, values: { email: null } })),
    ...taken,
  ]
  await updateContacts(ctx, changing)
  await updateContacts(ctx, given)
  await tellLost(ctx, lost, sources)
}

async function tellLost(ctx: Context, lost: readonly Claim[], sources: ReadonlyMap<string, string>): Promise<void> {
  for (const claim of lost) {
    // Told to the source that said it in this run; a claim that lost before was told then.
    const sourceId = sources.get(claim.person)
    if (!sourceId) continue
    const refusal = {
      code: 'email_taken' as const,
      path: 'traits.email',
      messageId: null,
      person: claim.person,
      body: JSON.stringify({ email: claim.email }),
    }
    await insertFindings(ctx, sourceId, [{ kind: 'notice', refusal }])
  }
}
