import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { conditionFacts } from '../../../catalog/conditions/queries/vocabulary.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { AppError, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { standardStages } from '../catalog.ts'
import { unknownVariables } from '../contract/mail-text.ts'
import { mostStages, type StageAction, type StageInput, type updateStage as update } from '../contract/stages.ts'
import { lockStages, type StoredStage } from '../queries/stages.ts'
import { evaluateStages } from './evaluate.ts'

/** Makes a stage behind the others; who meets its condition is moved at once. @returns its id */
export async function createStage(ctx: Context, input: StageInput): Promise<string> {
  requirePermission(ctx, 'leads.manage')
  const id = await insertStage(ctx, await lockStages(ctx), input)
  await evaluateStages(ctx, { acts: input.actNow })
  return id
}

/** Makes the standard stages, as far as their keys are not taken. */
export async function useStandardStages(ctx: Context, { actNow }: { actNow: boolean }): Promise<void> {
  requirePermission(ctx, 'leads.manage')
  for (const stage of standardStages) {
    const known = await lockStages(ctx)
    if (!known.some(({ key }) => key === stage.key)) await insertStage(ctx, known, stage)
  }
  await evaluateStages(ctx, { acts: actNow })
}

async function insertStage(ctx: Context, known: readonly StoredStage[], input: StageInput): Promise<string> {
  if (known.length >= mostStages) {
    throw new AppError('conflict', {
      ja: `ステージは${mostStages}個までです。使っていないものを削除してください。`,
      en: `There are at most ${mostStages} stages. Delete those that nobody uses.`,
    })
  }
  const facts = await admit(ctx, input)
  const id = uuidv7()
  const position = Math.max(0, ...known.map(stage => stage.position)) + 1
  // Two first stages at once find none to lock; their key decides.
  const { rows } = await sql`
    insert into lifecycle_stage (tenant_id, id, key, name_ja, name_en, position, kind, condition, facts, actions, state, created_by,
      created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${input.key}, ${input.nameJa}, ${input.nameEn}, ${position}, ${input.kind},
      ${input.condition ? JSON.stringify(input.condition) : null}::jsonb, ${facts}::text[], ${JSON.stringify(input.actions)}::jsonb,
      ${input.state}, ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now}, ${ctx.now})
    on conflict (tenant_id, key) do nothing returning id`.execute(ctx.tx)
  if (rows.length === 0) {
    throw invalidField('body.key', {
      ja: `キー「${input.key}」のステージはすでにあります。別のキーを指定してください。`,
      en: `There is a stage with the key "${input.key}" already. Choose another one.`,
    })
  }
  const subject = { kind: 'lifecycle_stage', id }
  record(ctx, { action: 'lifecycle_stage.created', subject, details: { key: input.key } })
  announce(ctx, { type: 'lifecycle_stage.created', subject, payload: { key: input.key } })
  return id
}

/** Changes a stage; with another rule or state it is looked at who is moved. */
export async function updateStage(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'leads.manage')
  const known = await lockStage(ctx, id)
  const condition = input.condition === undefined ? known.condition : input.condition
  const actions = input.actions ?? known.actions
  const facts = await admit(ctx, { condition, actions })
  await sql`
    update lifecycle_stage set name_ja = ${input.nameJa ?? known.name_ja}, name_en = ${input.nameEn ?? known.name_en},
      kind = ${input.kind ?? known.kind}, condition = ${condition ? JSON.stringify(condition) : null}::jsonb, facts = ${facts}::text[],
      actions = ${JSON.stringify(actions)}::jsonb, state = ${input.state ?? known.state}, fault = null, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const { actNow, ...changed } = input
  const subject = { kind: 'lifecycle_stage', id }
  record(ctx, { action: 'lifecycle_stage.changed', subject, details: { key: known.key, fields: Object.keys(changed) } })
  announce(ctx, { type: 'lifecycle_stage.changed', subject, payload: { key: known.key } })
  if (input.condition !== undefined || input.state || input.kind) await evaluateStages(ctx, { acts: actNow })
}

/** @throws AppError `conflict` while leads are in it */
export async function deleteStage(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'leads.manage')
  const { key } = await lockStage(ctx, id)
  const { rows } = await sql<{ leads: number }>`
    select count(*)::int as leads from lifecycle_position where tenant_id = ${ctx.tenantId} and stage_id = ${id}`.execute(
    ctx.tx,
  )
  const { leads } = rows[0]!
  if (leads > 0) {
    throw new AppError('conflict', {
      ja: `このステージには${leads}件のリードがいます。先に別のステージへ移動するか、一時停止してください。`,
      en: `There are ${leads} leads in this stage. Move them first, or pause it.`,
    })
  }
  await sql`delete from lifecycle_stage where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const subject = { kind: 'lifecycle_stage', id }
  record(ctx, { action: 'lifecycle_stage.deleted', subject, details: { key } })
  announce(ctx, { type: 'lifecycle_stage.deleted', subject, payload: { key } })
}

/** Puts the stages into an order. @throws AppError `invalid_input` unless each is named once */
export async function orderStages(ctx: Context, ids: readonly string[]): Promise<void> {
  requirePermission(ctx, 'leads.manage')
  const known = await lockStages(ctx)
  const named = new Set(ids)
  if (named.size !== ids.length || ids.length !== known.length || known.some(({ id }) => !named.has(id))) {
    throw invalidField('body.ids', {
      ja: 'すべてのステージを一度ずつ指定してください。一覧を読み込み直すと最新のステージが表示されます。',
      en: 'Name every stage once. Load the list again to see the stages as they are.',
    })
  }
  await sql`
    update lifecycle_stage s set position = line.position, updated_at = ${ctx.now}
    from unnest(${ids}::uuid[]) with ordinality as line (id, position)
    where s.tenant_id = ${ctx.tenantId} and s.id = line.id`.execute(ctx.tx)
  record(ctx, { action: 'lifecycle_stages.ordered', details: { stages: ids.length } })
  announce(ctx, { type: 'lifecycle_stage.changed', payload: { stages: ids.length } })
}

async function lockStage(ctx: Context, id: string): Promise<StoredStage> {
  const known = (await lockStages(ctx)).find(stage => stage.id === id)
  if (!known) throw notFound()
  return known
}

/** Checks a rule and what actions name. @returns what the rule is worked out from */
async function admit(
  ctx: Context,
  { condition, actions }: { condition: Condition | null; actions: readonly StageAction[] },
): Promise<FactKind[]> {
  for (const [place, action] of actions.entries()) await admitAction(ctx, action, `body.actions.${place}`)
  if (condition === null) return []
  await compileCondition(ctx, 'contact', condition)
  const { facts } = await conditionFacts(ctx, 'contact', condition)
  // To which customer somebody belongs may change any answer.
  return [...new Set<FactKind>([...facts, 'contacts'])]
}

async function admitAction(ctx: Context, action: StageAction, path: string): Promise<void> {
  if (action.kind === 'notify') {
    if (action.to.length + action.channels.length === 0) {
      throw invalidField(`${path}.to`, {
        ja: '通知先のメンバー・ロール・チーム、またはチャネルを1つ以上指定してください。',
        en: 'Name at least one member, role, team or channel to tell.',
      })
    }
    for (const [place, { kind, ...receiver }] of action.to.entries()) {
      if (kind !== 'role') await refuseUnknown(ctx, kind, (receiver as { id: string }).id, `${path}.to.${place}`)
    }
  }
  if (action.kind === 'create_customer' && action.ownerId !== null) {
    await refuseUnknown(ctx, 'member', action.ownerId, `${path}.ownerId`)
  }
  if (action.kind === 'welcome_mail') {
    for (const field of ['subjectJa', 'subjectEn', 'bodyJa', 'bodyEn'] as const) {
      const [unknown] = unknownVariables(action[field])
      if (unknown === undefined) continue
      throw invalidField(`${path}.${field}`, {
        ja: `「{{${unknown}}}」は使えません。使えるのは {{name}} と {{company}} です。`,
        en: `"{{${unknown}}}" is not known. Use {{name}} and {{company}}.`,
      })
    }
  }
}

async function refuseUnknown(ctx: Context, table: 'member' | 'team', id: string, path: string): Promise<void> {
  const { rows } =
    await sql`select 1 from ${sql.table(table)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (rows.length > 0) return
  throw table === 'member'
    ? invalidField(path, { ja: 'そのメンバーは会社にいません。', en: 'There is no such member in the company.' })
    : invalidField(path, { ja: 'そのチームは会社にありません。', en: 'There is no such team in the company.' })
}

/** Puts one stage to its place among the others. @throws AppError `not_found` */
export async function placeStage(ctx: Context, id: string, position: number): Promise<void> {
  requirePermission(ctx, 'leads.manage')
  const { key } = await lockStage(ctx, id)
  await sql`
    update lifecycle_stage set position = ${position}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const subject = { kind: 'lifecycle_stage', id }
  record(ctx, { action: 'lifecycle_stage.changed', subject, details: { key, fields: ['position'] } })
  announce(ctx, { type: 'lifecycle_stage.changed', subject, payload: { key } })
}
