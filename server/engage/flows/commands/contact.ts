import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'
import { locks } from '../../../platform/db/locks.ts'
import { isBetween, nextClock } from '../clock.ts'
import type { FlowDocument } from '../contract/document.ts'
import { type Step, waysOf } from '../contract/steps.ts'
import { capped, flowSettings, withoutConsent } from '../queries/consent.ts'
import type { Batch, FlowReason, Outcome, Visitor } from '../steps/definition.ts'

/**
 * Looks who may be contacted by a step: quiet hours wait, consent and caps hold back. What is held back is written down
 * with whom and why; the rest is counted for the caps.
 * @returns the outcomes of those that are not contacted, and who is left
 */
export async function admitContacts(
  ctx: Context,
  step: Step,
  batch: Batch,
  { way, document }: { way: 'call' | 'email' | 'in_app'; document: FlowDocument },
): Promise<{ held: Outcome[]; left: Visitor[] }> {
  const { quiet, priority } = document
  if (quiet && isBetween(ctx.now, quiet, batch.zone)) {
    const until = nextClock(ctx.now, quiet.end, batch.zone)
    return { held: batch.visitors.map(({ id }) => ({ id, until, waitsFor: 'time' })), left: [] }
  }
  const reasons = new Map<string, FlowReason>()
  if (way === 'email' && batch.subject === 'contact') {
    const refused = await withoutConsent(ctx, batch.visitors)
    for (const { id, subjectId } of batch.visitors) if (refused.has(subjectId)) reasons.set(id, refused.get(subjectId)!)
  }
  const { cap, exemptPriority } = await flowSettings(ctx)
  if (cap && priority > exemptPriority) {
    // Two workers must not both find room for the last contact.
    await sql`select pg_advisory_xact_lock(${locks.flowContacts}, hashtext(${ctx.tenantId}))`.execute(ctx.tx)
    const full = await capped(ctx, batch.visitors, cap)
    for (const { id, subjectId } of batch.visitors) if (!reasons.has(id) && full.has(subjectId)) reasons.set(id, 'cap')
  }
  const left = batch.visitors.filter(({ id }) => !reasons.has(id))
  await noteContacts(ctx, left, way)
  await noteSuppressed(ctx, step, batch, reasons)
  const onward = waysOf(step)[0]!.name
  const held = [...reasons].map(([id, reason]): Outcome => ({ id, way: onward, skipped: true, reason }))
  return { held, left }
}

async function noteContacts(ctx: Context, visitors: readonly Visitor[], way: string): Promise<void> {
  if (visitors.length === 0) return
  const lines = visitors.map(({ id, subjectId, visit }) => ({ id, subject: subjectId, visit }))
  await sql`
    insert into flow_contact (tenant_id, subject_id, at, enrolment_id, visit, way)
    select ${ctx.tenantId}, line.subject, ${ctx.now}, line.id, line.visit, ${way}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, subject uuid, visit int)
    on conflict do nothing`.execute(ctx.tx)
}

async function noteSuppressed(ctx: Context, step: Step, batch: Batch, reasons: Map<string, FlowReason>): Promise<void> {
  if (reasons.size === 0) return
  const lines = batch.visitors.flatMap(({ id, subjectId, customerId }) =>
    reasons.has(id)
      ? [{ id: uuidv7(), enrolment: id, subject: subjectId, customer: customerId, reason: reasons.get(id)! }]
      : [],
  )
  await sql`
    insert into flow_suppression (tenant_id, id, at, flow_id, enrolment_id, step, subject_id, customer_id, reason)
    select ${ctx.tenantId}, line.id, ${ctx.now}, ${batch.flow.id}, line.enrolment, ${step.key}, line.subject, line.customer, line.reason
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, enrolment uuid, subject uuid, customer uuid, reason text)
    returning 1`.execute(ctx.tx)
}
