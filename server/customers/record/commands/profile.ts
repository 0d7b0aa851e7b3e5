import { sql } from 'kysely'
import type { z } from 'zod'
import { announce, type Context, record } from '../../../platform/context/context.ts'
import { noteWholePast } from '../../accounts/commands/facts.ts'
import { lockCustomer } from '../../accounts/commands/lock.ts'
import type { RecordValues } from '../../accounts/commands/records.ts'
import { updateCustomers } from '../../accounts/commands/save.ts'
import { assignments, given, type Patch, recordColumns } from '../../accounts/commands/values.ts'
import { today } from '../../accounts/queries/today.ts'
import { profileFields } from '../catalog.ts'
import type { putProfile as contract } from '../contract.ts'

/** Gives customers an empty success profile where they have none. */
export async function makeProfiles(ctx: Context, customerIds: string[]): Promise<void> {
  await sql`
    insert into success_profile (tenant_id, customer_id, created_at, updated_at)
    select ${ctx.tenantId}, id, ${ctx.now}, ${ctx.now} from unnest(${customerIds}::uuid[]) as id on conflict do nothing`.execute(
    ctx.tx,
  )
}

const required = new Set([
  'businessObjectives',
  'successCriteria',
  'valueMetrics',
  'onboardingStatus',
  'integrationStatus',
  'dataMigrationStatus',
])

/** Writes a success profile, made where there is none. Completing the onboarding notes its day. */
export async function putProfile(ctx: Context, id: string, input: z.output<typeof contract.body>): Promise<void> {
  await lockCustomer(ctx, id, 'customers.write')
  const { executiveSponsor, ...values } = input
  await makeProfiles(ctx, [id])
  if (executiveSponsor !== undefined) {
    await updateCustomers(ctx, [{ id, values: { executiveSponsor } }], { origin: 'person' })
  }
  await patchProfiles(ctx, [{ id, values }])
  await sql`
    update success_profile set onboarding_completed_on = ${today(ctx)}
    where tenant_id = ${ctx.tenantId} and customer_id = ${id} and onboarding_status = 'COMPLETED' and onboarding_completed_on is null`.execute(
    ctx.tx,
  )
  const subject = { kind: 'customer', id }
  record(ctx, { action: 'customer.profile_changed', subject, details: { fields: Object.keys(input) } })
  announce(ctx, { type: 'customer.profile_changed', subject, payload: { fields: Object.keys(input) } })
}

/** Patches profiles that are there, as one statement; the id of a row is its customer's. */
export async function patchProfiles(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  await sql`
    with patch as (
      select line.id, line."values" as given, value.*
      from jsonb_to_recordset(${given(rows, profileFields)}::jsonb) as line (id uuid, "values" jsonb),
        jsonb_to_record(line."values") as value (${recordColumns(profileFields)}))
    update success_profile target set ${assignments(profileFields, required)}, updated_at = ${ctx.now}
    from patch where target.tenant_id = ${ctx.tenantId} and target.customer_id = patch.id`.execute(ctx.tx)
  // Its figures have days of their own (completed on, first value on), which may lie in the past.
  await noteWholePast(
    ctx,
    'success',
    rows.map(row => row.id),
  )
}
