import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'

export interface JourneyStep {
  journey: string
  kind:
    | 'started'
    | 'phase_entered'
    | 'state_changed'
    | 'task_done'
    | 'task_reopened'
    | 'warned'
    | 'paused'
    | 'resumed'
    | 'completed'
    | 'cancelled'
    | 'handed_over'
    | 'people_changed'
    | 'link_created'
    | 'link_revoked'
    | 'value_reached'
  /** The phase, task, state or warning that it is about. */
  subject?: string
  note?: string | null | undefined
}

/** Notes what became of journeys, all in one statement. */
export async function insertJourneySteps(ctx: Context, steps: readonly JourneyStep[]): Promise<void> {
  if (steps.length === 0) return
  const lines = steps.map(step => ({ ...step, id: uuidv7() }))
  await sql`
    insert into onboarding_step (tenant_id, id, journey_id, at, kind, actor_id, actor_kind, subject, note)
    select ${ctx.tenantId}, line.id, line.journey, ${ctx.now}, line.kind, ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid,
      ${ctx.actor.kind}, line.subject, line.note
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, journey uuid, kind text, subject text, note text)
    on conflict do nothing`.execute(ctx.tx)
}
