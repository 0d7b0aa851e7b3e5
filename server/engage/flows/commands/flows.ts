import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { conditionFacts } from '../../../catalog/conditions/queries/vocabulary.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { FlowDocument } from '../contract/document.ts'
import type * as contract from '../contract/flows.ts'
import { flowFaults } from '../queries/check.ts'
import { lockFlow, type RunningFlow, type StoredFlow } from '../queries/stored.ts'
import { conditionOf, isState, recordedSince } from '../queries/triggers.ts'
import { enrolSubjects } from './enrol.ts'
import { newMatches, planSchedule } from './follow.ts'
import { endEnrolments } from './leave.ts'

/** Makes a flow, as a draft. @returns its id @throws AppError `conflict` for a key that is taken */
export async function createFlow(ctx: Context, input: z.output<typeof contract.createFlow.body>): Promise<string> {
  requirePermission(ctx, 'flows.manage')
  const id = uuidv7()
  const key = input.key ?? `flow-${id.slice(-12)}`
  const { document } = input
  const { rows } = await sql`
    insert into flow (tenant_id, id, key, name_ja, name_en, description, kind, state, draft, subject, priority, created_by, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${key}, ${input.nameJa}, ${input.nameEn}, ${input.description}, ${input.kind}, 'draft',
      ${JSON.stringify(document)}::jsonb, ${document.subject}, ${document.priority}, ${ctx.actor.id ?? null}, ${ctx.now}, ${ctx.now})
    on conflict (tenant_id, key) do nothing returning id`.execute(ctx.tx)
  if (rows.length === 0) {
    throw new AppError('conflict', {
      ja: `識別名「${key}」のフローはすでにあります。別の識別名を指定してください。`,
      en: `There is a flow with the key "${key}" already. Choose another one.`,
    })
  }
  note(ctx, 'flow.created', id, { key, name: input.nameJa })
  return id
}

/** Changes the names or the draft; what runs stays as it was published. @throws AppError `not_found`, `conflict` */
export async function updateFlow(
  ctx: Context,
  id: string,
  input: z.output<typeof contract.updateFlow.body>,
): Promise<void> {
  requirePermission(ctx, 'flows.manage')
  const known = await lockFlow(ctx, id)
  const { document } = input
  if (document && known.version !== null && document.subject !== known.published!.subject) {
    throw new AppError('conflict', {
      ja: '公開したフローの対象（顧客・担当者）は変更できません。新しいフローを作成してください。',
      en: 'Whom a published flow is about cannot be changed. Make a new flow.',
    })
  }
  await sql`
    update flow set name_ja = coalesce(${input.nameJa ?? null}, name_ja), name_en = coalesce(${input.nameEn ?? null}, name_en),
      description = coalesce(${input.description ?? null}, description), kind = coalesce(${input.kind ?? null}, kind),
      draft = coalesce(${document ? JSON.stringify(document) : null}::jsonb, draft), subject = coalesce(${document?.subject ?? null}, subject),
      priority = case when version is null then coalesce(${document?.priority ?? null}::smallint, priority) else priority end,
      updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  note(ctx, 'flow.changed', id, { fields: Object.keys(input) })
}

/** Deletes a flow that was never published. @throws AppError `not_found`, `conflict` */
export async function deleteFlow(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'flows.manage')
  const known = await lockFlow(ctx, id)
  if (known.version !== null) {
    throw new AppError('conflict', {
      ja: '公開したことのあるフローは削除できません。アーカイブしてください。',
      en: 'A flow that was published cannot be deleted. Archive it.',
    })
  }
  await sql`delete from flow where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  note(ctx, 'flow.deleted', id, { key: known.key })
}

/**
 * Makes the draft the next version and enables the flow. Who is on their way stays on their version.
 * @throws AppError `invalid_input` with every fault of the draft
 */
export async function publishFlow(
  ctx: Context,
  id: string,
  { startMatching }: { startMatching: boolean },
): Promise<{ version: number; enrolled: number }> {
  requirePermission(ctx, 'flows.manage')
  const known = await lockFlow(ctx, id)
  if (known.state === 'archived') throw archived()
  const faults = await flowFaults(ctx, known.draft)
  if (faults.length > 0) {
    throw new AppError(
      'invalid_input',
      {
        ja: `フローに${faults.length}件の誤りがあるため、公開できません。`,
        en: `The flow cannot be published: ${faults.length} of its parts are wrong.`,
      },
      { faults: faults.map(({ path, message }) => ({ path: `document.${path}`, message })) },
    )
  }
  const version = (known.version ?? 0) + 1
  await sql`
    insert into flow_version (tenant_id, flow_id, number, document, published_by, published_at)
    values (${ctx.tenantId}, ${id}, ${version}, ${JSON.stringify(known.draft)}::jsonb, ${ctx.actor.id ?? null}, ${ctx.now})`.execute(
    ctx.tx,
  )
  const { rows } = await sql<{ enabled: Date }>`
    update flow set state = 'enabled', version = ${version}, subject = ${known.draft.subject}, priority = ${known.draft.priority},
      facts = ${await factsOf(ctx, known.draft)}::text[], fault = null, updated_at = ${ctx.now},
      enabled_at = case when state = 'enabled' then enabled_at else ${ctx.now}::timestamptz end
    where tenant_id = ${ctx.tenantId} and id = ${id} returning enabled_at as enabled`.execute(ctx.tx)
  const flow: RunningFlow = {
    ...known,
    subject: known.draft.subject,
    version,
    published: known.draft,
    enabledAt: rows[0]!.enabled,
  }
  await planSchedule(ctx, flow)
  const enrolled = await begin(ctx, flow, startMatching)
  note(ctx, 'flow.published', id, { version, enrolled })
  return { version, enrolled }
}

/** Writes down for whom the triggers hold already, so that only new ones start; or starts them, too. */
async function begin(ctx: Context, flow: RunningFlow, startMatching: boolean): Promise<number> {
  let enrolled = 0
  for (const trigger of flow.published.triggers) {
    if (isState(trigger)) {
      const fresh = await newMatches(ctx, flow, trigger)
      if (!startMatching || fresh.length === 0) continue
      const source = sql`select unnest(${fresh}::uuid[]) as id, ${`${trigger.kind}:${ctx.now.toISOString()}`} as cause_key`
      enrolled += (await enrolSubjects(ctx, flow, source, { cause: trigger.kind })).enrolled
    } else if (startMatching && trigger.kind === 'segment' && trigger.move === 'entered') {
      // Everybody who ever came in and is still a member.
      const moves = await recordedSince(ctx, trigger, flow.subject, new Date(0))
      const source = sql`select m.id, m.cause_key from (${moves}) m where m.id in (
        select s.record_id from segment g join segment_member s on s.tenant_id = ${ctx.tenantId} and s.segment_id = g.id
        where g.tenant_id = ${ctx.tenantId} and g.key = ${trigger.segment} and g.record = ${flow.subject})`
      enrolled += (await enrolSubjects(ctx, flow, source, { cause: trigger.kind })).enrolled
    }
  }
  return enrolled
}

async function factsOf(ctx: Context, { triggers, subject }: FlowDocument): Promise<FactKind[]> {
  const facts = new Set<FactKind>()
  for (const trigger of triggers) {
    if (trigger.kind === 'event') facts.add('usage')
    if (trigger.kind === 'answer') facts.add('surveys')
    if (!isState(trigger)) continue
    for (const kind of (await conditionFacts(ctx, subject, conditionOf(trigger, subject))).facts) facts.add(kind)
  }
  return [...facts]
}

/**
 * Pauses, resumes or archives a flow, or takes an archived one back as a draft. What became true while it was paused does
 * not start it.
 * @throws AppError `not_found`, `conflict`
 */
export async function changeFlowState(
  ctx: Context,
  id: string,
  to: z.output<typeof contract.changeFlowState.body>['to'],
): Promise<void> {
  requirePermission(ctx, 'flows.manage')
  const known = await lockFlow(ctx, id)
  if (known.state === to) return
  if (!allowed(known, to)) {
    throw new AppError('conflict', {
      ja:
        known.version === null
          ? 'まだ公開されていないフローです。先に公開してください。'
          : 'このフローの状態は、そのようには変更できません。',
      en:
        known.version === null
          ? 'The flow was not published yet. Publish it first.'
          : 'The state of this flow cannot be changed like that.',
    })
  }
  if (to === 'archived') await endEnrolments(ctx, sql`e.flow_id = ${id}`, 'flow_archived')
  await sql`
    update flow set state = ${to}, updated_at = ${ctx.now},
      enabled_at = case when ${to} = 'enabled' then ${ctx.now}::timestamptz else enabled_at end
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (to === 'enabled') {
    const flow: RunningFlow = { ...known, version: known.version!, published: known.published!, enabledAt: ctx.now }
    await planSchedule(ctx, flow)
    await begin(ctx, flow, false)
  }
  note(ctx, `flow.${stateWords[to]}`, id, { key: known.key })
}

const stateWords = { enabled: 'resumed', paused: 'paused', archived: 'archived', draft: 'restored' } as const

function allowed({ state, version }: StoredFlow, to: keyof typeof stateWords): boolean {
  if (to === 'archived') return true
  if (to === 'draft') return state === 'archived'
  if (version === null) return false
  return to === 'paused' ? state === 'enabled' : state === 'paused' || (state === 'draft' && version !== null)
}

function archived(): AppError {
  return new AppError('conflict', {
    ja: 'アーカイブしたフローは公開できません。下書きに戻してから公開してください。',
    en: 'An archived flow cannot be published. Take it back as a draft first.',
  })
}

function note(ctx: Context, action: string, id: string, details: { [key: string]: string | number | string[] }): void {
  const subject = { kind: 'flow', id }
  record(ctx, { action, subject, details })
  announce(ctx, { type: 'flow.changed', subject, payload: {} })
}
