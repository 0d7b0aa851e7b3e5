import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { type ContactValues, updateContacts } from '../../contacts/commands/save.ts'

interface Choice {
  topic: string
  subscribed: boolean
  at: string
  via: string
}

type MailState = Required<Pick<ContactValues, 'emailState' | 'emailConsent'>>

/** What the kept contact had said about mail, and what the merge made of it; `former` is null where it had said nothing. */
export interface WishesChange {
  before: Partial<MailState>
  written: Partial<MailState>
  choices: { former: Choice | null; written: Choice }[]
}

/**
 * Two records of one person, one wish: who turned mail off on either gets none by the other. What bounced is an address,
 * and each record keeps its own; consent that one lacks is no refusal.
 */
export async function joinWishes(ctx: Context, keptId: string, mergedId: string): Promise<WishesChange> {
  const { rows: states } = await sql<{ id: string; emailState: string; emailConsent: string }>`
    select c.id, c.email_state as "emailState", c.email_consent as "emailConsent" from contact c
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${[keptId, mergedId]}::uuid[])`.execute(ctx.tx)
  const [kept, merged] = [keptId, mergedId].map(id => states.find(row => row.id === id)!)
  const before: WishesChange['before'] = {}
  const written: WishesChange['written'] = {}
  const order = ['SUBSCRIBED', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED']
  if (merged!.emailState !== 'BOUNCED' && order.indexOf(merged!.emailState) > order.indexOf(kept!.emailState)) {
    before.emailState = kept!.emailState as MailState['emailState']
    written.emailState = merged!.emailState as MailState['emailState']
  }
  if (merged!.emailConsent === 'DENIED' && kept!.emailConsent !== 'DENIED') {
    before.emailConsent = kept!.emailConsent as MailState['emailConsent']
    written.emailConsent = 'DENIED'
  }
  if (Object.keys(written).length > 0) await updateContacts(ctx, [{ id: keptId, values: written }])
  const { rows: choices } = await sql<WishesChange['choices'][number]>`
    with former as (
      select o.topic_id, o.subscribed, o.at, o.via from topic_choice o
      where o.tenant_id = ${ctx.tenantId} and o.contact_id = ${keptId}),
    written as (
      insert into topic_choice as known (tenant_id, contact_id, topic_id, subscribed, at, via)
      select ${ctx.tenantId}, ${keptId}::uuid, o.topic_id, o.subscribed, o.at, o.via from topic_choice o
      where o.tenant_id = ${ctx.tenantId} and o.contact_id = ${mergedId}
      on conflict (tenant_id, contact_id, topic_id) do update set subscribed = excluded.subscribed, at = excluded.at, via = excluded.via
        where known.subscribed and not excluded.subscribed
      returning topic_id, subscribed, at, via)
    select case when f.topic_id is not null then ${choiceJson('f')} end as former, ${choiceJson('w')} as written
    from written w left join former f on f.topic_id = w.topic_id`.execute(ctx.tx)
  return { before, written, choices }
}

/** Gives back what the kept contact had said, except where it has said something else since. */
export async function partWishes(
  ctx: Context,
  keptId: string,
  { before, written, choices }: WishesChange,
): Promise<void> {
  const { rows } = await sql<{ emailState: string; emailConsent: string }>`
    select c.email_state as "emailState", c.email_consent as "emailConsent" from contact c
    where c.tenant_id = ${ctx.tenantId} and c.id = ${keptId}`.execute(ctx.tx)
  const names = (['emailState', 'emailConsent'] as const).filter(
    name => written[name] !== undefined && rows[0]![name] === written[name],
  )
  const values = Object.fromEntries(names.map(name => [name, before[name]])) as ContactValues
  if (names.length > 0) await updateContacts(ctx, [{ id: keptId, values }])
  const lines = JSON.stringify(choices)
  const untouched = sql`o.tenant_id = ${ctx.tenantId} and o.contact_id = ${keptId} and o.topic_id = (line.written ->> 'topic')::uuid
    and o.subscribed = (line.written ->> 'subscribed')::boolean and o.at = (line.written ->> 'at')::timestamptz`
  await sql`
    delete from topic_choice o using jsonb_to_recordset(${lines}::jsonb) as line (former jsonb, written jsonb)
    where ${untouched} and line.former is null and o.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  await sql`
    update topic_choice o set subscribed = (line.former ->> 'subscribed')::boolean, at = (line.former ->> 'at')::timestamptz,
      via = line.former ->> 'via'
    from jsonb_to_recordset(${lines}::jsonb) as line (former jsonb, written jsonb)
    where ${untouched} and line.former is not null and o.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
}

function choiceJson(alias: string) {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  return sql`json_build_object('topic', ${column('topic_id')}, 'subscribed', ${column('subscribed')}, 'at', ${column('at')}, 'via', ${column('via')})`
}
