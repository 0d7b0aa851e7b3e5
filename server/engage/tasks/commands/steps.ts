import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'

interface NewStep {
  task: string
  kind: 'created' | 'changed' | 'comment' | 'reminded' | 'escalated' | 'undone'
  note?: string
  details?: object
  batch?: string | undefined
}

/** Writes what became of tasks into their history. @returns the ids of the steps */
export async function insertSteps(ctx: Context, steps: readonly NewStep[]): Promise<string[]> {
  if (steps.length === 0) return []
  const lines = steps.map(step => ({ id: uuidv7(), ...step, details: step.details ?? {} }))
  await sql`
    insert into task_step (tenant_id, id, task_id, at, kind, actor_id, actor_kind, note, details, batch_id)
    select ${ctx.tenantId}, line.id, line.task, ${ctx.now}::timestamptz, line.kind, ${ctx.actor.id ?? null}::uuid, ${ctx.actor.kind},
      line.note, line.details, line.batch
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, task uuid, kind text, note text, details jsonb, batch uuid)
    on conflict do nothing`.execute(ctx.tx)
  return lines.map(({ id }) => id)
}
