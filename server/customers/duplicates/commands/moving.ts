import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { MergeRecord } from '../queries/sides.ts'

interface Hanging {
  table: string
  column: string
  /** Not named in a preview. */
  uncounted?: boolean
  /** What of it (row `r`) stays, as the kept record has its own. */
  stays?: (ctx: Context, to: string) => RawBuilder<unknown>
}

/** What moves with a record: the table, and the column that says whose it is. */
const hanging: Record<MergeRecord, Record<string, Hanging>> = {
  customer: {
    contacts: { table: 'contact', column: 'customer_id' },
    contracts: { table: 'contract', column: 'customer_id' },
    tickets: { table: 'ticket', column: 'customer_id' },
    invoices: { table: 'invoice', column: 'customer_id' },
    payments: { table: 'payment', column: 'customer_id' },
    survey_answers: { table: 'survey_answer', column: 'customer_id' },
    communications: { table: 'communication', column: 'customer_id' },
    success_plans: { table: 'success_plan', column: 'customer_id' },
    business_reviews: { table: 'business_review', column: 'customer_id' },
    advocacy_activities: { table: 'advocacy_activity', column: 'customer_id' },
    health_scores: { table: 'health_score', column: 'customer_id' },
    tasks: { table: 'task', column: 'customer_id' },
    certificates: { table: 'certificate', column: 'customer_id' },
    // One journey of a template, and one open enrolment of a flow: what stays is ended by its own module.
    journeys: {
      table: 'onboarding_journey',
      column: 'customer_id',
      stays: (ctx, to) => sql`exists (select 1 from onboarding_journey own where own.tenant_id = ${ctx.tenantId}
        and own.customer_id = ${to}::uuid and own.template_id = r.template_id)`,
    },
    enrolments: {
      table: 'flow_enrolment',
      column: 'subject_id',
      stays: (ctx, to) => sql`exists (select 1 from flow_enrolment own where own.tenant_id = ${ctx.tenantId}
        and own.subject_id = ${to}::uuid and own.flow_id = r.flow_id
        and (own.cause_key = r.cause_key or (own.state <> 'ended' and r.state <> 'ended')))`,
    },
    // The customer of its own enrolments, which moved above, and of those of its contacts: no further record.
    enrolment_customers: {
      table: 'flow_enrolment',
      column: 'customer_id',
      uncounted: true,
      stays: () => sql`r.subject_id = r.customer_id`,
    },
    history: { table: 'customer_history', column: 'customer_id' },
    subsidiaries: { table: 'customer', column: 'parent_id' },
    merged_before: { table: 'customer', column: 'merged_into' },
  },
  contact: {
    tickets: { table: 'ticket', column: 'contact_id' },
    survey_answers: { table: 'survey_answer', column: 'contact_id' },
    advocacy_activities: { table: 'advocacy_activity', column: 'contact_id' },
    merged_before: { table: 'contact', column: 'merged_into' },
  },
}

export type Moved = Record<string, string[]>

/** How many records of each kind hang on a record. */
export async function countHanging(
  ctx: Context,
  record: MergeRecord,
  id: string,
): Promise<{ kind: string; count: number }[]> {
  const counts: { kind: string; count: number }[] = []
  for (const [kind, { table, column, uncounted }] of Object.entries(hanging[record])) {
    if (uncounted) continue
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} r
      where r.tenant_id = ${ctx.tenantId} and ${sql.ref(`r.${column}`)} = ${id}::uuid`.execute(ctx.tx)
    if (rows[0]!.count > 0) counts.push({ kind, count: rows[0]!.count })
  }
  return counts
}

/** Moves what hangs on one record to another. @returns the ids of what moved, by kind: undoing needs them */
export async function moveHanging(ctx: Context, record: MergeRecord, from: string, to: string): Promise<Moved> {
  const moved: Moved = {}
  for (const [kind, { table, column, stays }] of Object.entries(hanging[record])) {
    const { rows } = await sql<{ id: string }>`
      update ${sql.table(table)} r set ${sql.ref(column)} = ${to}::uuid
      where r.tenant_id = ${ctx.tenantId} and ${sql.ref(`r.${column}`)} = ${from}::uuid and r.id <> ${to}::uuid
        and ${stays ? sql`not (${stays(ctx, to)})` : sql`true`}
      returning r.id`.execute(ctx.tx)
    if (rows.length > 0) moved[kind] = rows.map(row => row.id)
  }
  return moved
}

/** Moves back what a merge moved and nobody has moved elsewhere since. */
export async function moveBack(
  ctx: Context,
  record: MergeRecord,
  moved: Moved,
  from: string,
  to: string,
): Promise<void> {
  for (const [kind, { table, column }] of Object.entries(hanging[record])) {
    const ids = moved[kind]
    if (!ids) continue
    await sql`
      update ${sql.table(table)} r set ${sql.ref(column)} = ${to}::uuid
      where r.tenant_id = ${ctx.tenantId} and r.id = any(${ids}::uuid[]) and ${sql.ref(`r.${column}`)} = ${from}::uuid`.execute(
      ctx.tx,
    )
  }
}
