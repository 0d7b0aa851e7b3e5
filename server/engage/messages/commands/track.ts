import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { noteOwnUse } from '../../../collect/ingest/commands/own-use.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import { machineOf } from '../machine.ts'
import type { SignedLink } from '../signed-link.ts'

interface Tracked {
  contact_id: string
  customer_id: string | null
  seconds: number
  template: string
  first: boolean
  noted: number
}

const eventOf = { open: 'email.opened', click: 'email.clicked' } as const
const announcementOf = { open: 'message.opened', click: 'message.clicked' } as const

/** Openings and clicks of one message that are written down; a flood of them says nothing new. */
const mostNoted = 200

/**
 * Writes down that a message was opened or clicked, with the mark of a machine where it was one. The first time by a person
 * counts for the lead's score and is told to whom it concerns. Never changes consent.
 * @returns whether there is such a message
 */
export async function trackMessage(
  ctx: Context,
  kind: 'open' | 'click',
  { messageId, linkId }: Omit<SignedLink, 'tenantId'>,
  { method, agent }: { method: string; agent: string },
): Promise<boolean> {
  const { rows } = await sql<Tracked>`
    select m.contact_id, c.customer_id, t.name as template,
      case when m.state = 'uncertain' then extract(epoch from ${ctx.now}::timestamptz - coalesce(m.accepted_at, m.updated_at))
        when m.state = 'sending' or m.accepted_at is null then 0
        else extract(epoch from ${ctx.now}::timestamptz - m.accepted_at) end::float8 as seconds,
      ${kind === 'open' ? sql`m.opened_at` : sql`m.clicked_at`} is null as first,
      (select count(*)::int from (select 1 from message_event e
        where e.tenant_id = ${ctx.tenantId} and e.message_id = m.id limit ${mostNoted}) e) as noted
    from message m join message_template t on t.tenant_id = ${ctx.tenantId} and t.id = m.template_id
    left join contact c on c.tenant_id = ${ctx.tenantId} and c.id = m.contact_id
    where m.tenant_id = ${ctx.tenantId} and m.id = ${messageId} for update of m`.execute(ctx.tx)
  const [message] = rows
  if (!message) return false
  if (message.noted >= mostNoted) return true
  const machine = machineOf(kind, { method, agent, seconds: message.seconds })
  await sql`
    insert into message_event (tenant_id, id, message_id, kind, at, link_id, machine, agent)
    values (${ctx.tenantId}, ${uuidv7()}, ${messageId}, ${kind}, ${ctx.now}, ${linkId ?? null}::uuid, ${machine}, ${agent.slice(0, 300)})`.execute(
    ctx.tx,
  )
  if (machine !== null || !message.first) return true
  // Who clicks has opened, even where pictures are not shown.
  await sql`
    update message set opened_at = coalesce(opened_at, ${ctx.now}::timestamptz),
      clicked_at = ${kind === 'click' ? sql`coalesce(clicked_at, ${ctx.now}::timestamptz)` : sql`clicked_at`}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${messageId}`.execute(ctx.tx)
  await noteOwnUse(ctx, [{ contactId: message.contact_id, name: eventOf[kind], at: ctx.now }])
  announce(ctx, {
    type: announcementOf[kind],
    subject: message.customer_id
      ? { kind: 'customer', id: message.customer_id }
      : { kind: 'contact', id: message.contact_id },
    payload: { contactId: message.contact_id, messageId, title: message.template },
  })
  return true
}

/** Says of messages that their goal was reached, each once. @param beginnings of the keys under which they were queued */
export async function markConverted(ctx: Context, beginnings: readonly string[]): Promise<void> {
  if (beginnings.length === 0) return
  // A range of the key: the order of texts in the database is that of their bytes.
  const ranges = beginnings.map(from => ({
    from,
    to: from.slice(0, -1) + String.fromCharCode(from.charCodeAt(from.length - 1) + 1),
  }))
  await sql`
    update message m set converted_at = ${ctx.now}, updated_at = ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(ranges)}::jsonb) as range ("from" text, "to" text)
    where m.tenant_id = ${ctx.tenantId} and m.key >= range."from" and m.key < range."to" and m.state = 'accepted' and m.converted_at is null`.execute(
    ctx.tx,
  )
}
