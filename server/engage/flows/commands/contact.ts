import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'
import { locks } from '../../../platform/db/locks.ts'
import { quietOver } from '../clock.ts'
import type { FlowDocument } from '../contract/document.ts'
import { type Step, waysOf } from '../contract/steps.ts'
import { contactCounts, flowSettings, withoutConsent } from '../queries/consent.ts'
import type { Batch, FlowReason, Outcome, Visitor, Way } from '../steps/definition.ts'
import { type Recipient, recipientsOf } from '../steps/recipients.ts'

/** Who is left out, and why. */
interface Refusal {
  visitor: Visitor
  contactId: string
  reason: FlowReason
}

/**
 * A step that speaks to people: quiet hours wait, consent and caps hold back, each looked at for the person who would be
 * spoken to, whether it or its customer goes through the flow. Who is held back is written down with the reason; who was
 * spoken to is counted for the caps.
 * @param run what the step does for whom is left
 */
export async function speak(
  ctx: Context,
  step: Step,
  batch: Batch,
  { way, document, run }: { way: Way; document: FlowDocument; run: (left: Batch) => Promise<Outcome[]> },
): Promise<Outcome[]> {
  const recipients = await recipientsOf(ctx, batch, step, way)
  const waiting = inQuietHours(ctx, batch, document, recipients)
  const awake = batch.visitors.filter(({ id }) => !waiting.has(id))
  const held = [...waiting].map(([id, until]): Outcome => ({ id, until, waitsFor: 'time' }))
  if (awake.length === 0) return held
  const { admitted, refusals } = await admit(ctx, step, { ...batch, visitors: awake }, { way, document, recipients })
  await noteSuppressed(ctx, step, batch, refusals)
  const reasons = new Map(refusals.map(({ visitor, reason }) => [visitor.id, reason]))
  const left: Visitor[] = []
  for (const visitor of awake) {
    const mine = admitted.get(visitor.id) ?? []
    const reason = reasons.get(visitor.id)
    // Somebody who has left is not called.
    const isGone = batch.subject === 'contact' && way === 'call' && mine.length === 0
    if (mine.length === 0 && (reason || isGone)) {
      held.push({ id: visitor.id, way: waysOf(step)[0]!.name, skipped: true, reason: reason ?? 'nobody_there' })
    } else left.push({ ...visitor, recipients: mine })
  }
  if (left.length === 0) return held
  const outcomes = await run({ ...batch, visitors: left })
  await noteContacts(ctx, left, outcomes, way)
  return [...held, ...outcomes]
}

/** Until when enrolments wait, whose people are in their quiet hours. */
function inQuietHours(
  ctx: Context,
  { visitors }: Batch,
  { quiet }: FlowDocument,
  recipients: ReadonlyMap<string, Recipient[]>,
): Map<string, Date> {
  const waiting = new Map<string, Date>()
  if (!quiet) return waiting
  const ends = new Map<string, Date>()
  for (const { id, zone } of visitors) {
    const people = recipients.get(id) ?? []
    const zones = people.length > 0 ? [...new Set(people.map(each => each.zone))] : [zone]
    const key = zones.join(' ')
    const end = ends.get(key) ?? quietOver(ctx.now, quiet, zones)
    ends.set(key, end)
    if (end > ctx.now) waiting.set(id, end)
  }
  return waiting
}

/** Looks at consent and caps of each person. */
async function admit(
  ctx: Context,
  step: Step,
  batch: Batch,
  { way, document, recipients }: { way: Way; document: FlowDocument; recipients: ReadonlyMap<string, Recipient[]> },
): Promise<{ admitted: Map<string, string[]>; refusals: Refusal[] }> {
  const wishes = batch.visitors.flatMap(visitor => {
    const people = (recipients.get(visitor.id) ?? []).map(({ contactId }) => contactId)
    // A call to a customer of whom nobody is known counts for the customer.
    const spoken = people.length === 0 && way === 'call' && batch.subject === 'customer' ? [visitor.subjectId] : people
    return spoken.map(contactId => ({ visitor, contactId }))
  })
  const ids = wishes.map(({ contactId }) => contactId)
  const refused = step.kind === 'email' ? await withoutConsent(ctx, ids, step.template) : new Map<string, FlowReason>()
  const { cap, exemptPriority } = await flowSettings(ctx)
  let counts: Map<string, number> | null = null
  if (cap && document.priority > exemptPriority) {
    // Two workers must not both find room for the last contact.
    await sql`select pg_advisory_xact_lock(${locks.flowContacts}, hashtext(${ctx.tenantId}))`.execute(ctx.tx)
    counts = await contactCounts(ctx, ids, cap.days)
  }
  const admitted = new Map<string, string[]>()
  const refusals: Refusal[] = []
  for (const { visitor, contactId } of wishes) {
    const count = counts?.get(contactId) ?? 0
    const reason = refused.get(contactId) ?? (cap && counts && count >= cap.most ? 'cap' : undefined)
    if (reason) refusals.push({ visitor, contactId, reason })
    else {
      counts?.set(contactId, count + 1)
      admitted.set(visitor.id, [...(admitted.get(visitor.id) ?? []), contactId])
    }
  }
  return { admitted, refusals }
}

async function noteContacts(
  ctx: Context,
  visitors: readonly Visitor[],
  outcomes: readonly Outcome[],
  way: Way,
): Promise<void> {
  const visits = new Map(visitors.map(({ id, visit }) => [id, visit]))
  const lines = outcomes.flatMap(outcome =>
    'way' in outcome
      ? (outcome.reached ?? []).map(recipient => ({ id: outcome.id, recipient, visit: visits.get(outcome.id)! }))
      : [],
  )
  if (lines.length === 0) return
  await sql`
    insert into flow_contact (tenant_id, recipient_id, at, enrolment_id, visit, way)
    select ${ctx.tenantId}, line.recipient, ${ctx.now}, line.id, line.visit, ${way}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, recipient uuid, visit int)
    on conflict do nothing`.execute(ctx.tx)
}

async function noteSuppressed(ctx: Context, step: Step, batch: Batch, refusals: readonly Refusal[]): Promise<void> {
  if (refusals.length === 0) return
  const lines = refusals.map(({ visitor, contactId, reason }) => ({
    id: uuidv7(),
    enrolment: visitor.id,
    subject: visitor.subjectId,
    customer: visitor.customerId,
    contact: batch.subject === 'customer' && contactId === visitor.subjectId ? null : contactId,
    reason,
  }))
  await sql`
    insert into flow_suppression (tenant_id, id, at, flow_id, enrolment_id, step, subject_id, customer_id, contact_id, reason)
    select ${ctx.tenantId}, line.id, ${ctx.now}, ${batch.flow.id}, line.enrolment, ${step.key}, line.subject, line.customer, line.contact,
      line.reason
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, enrolment uuid, subject uuid, customer uuid, contact uuid,
      reason text)
    returning 1`.execute(ctx.tx)
}
