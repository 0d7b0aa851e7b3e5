import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField } from '../../../platform/errors/app-error.ts'
import { metricColumns } from '../../metrics/queries/statement.ts'
import type * as contract from '../contract/cards.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'
import { cardOf, cardsOf } from '../queries/cards.ts'
import { exceptionsOf, inputOf, metricKeys } from '../queries/inputs.ts'
import { recalculateHealth } from './recalculate.ts'

/** Makes a scorecard as a draft, tried last. @returns its id */
export async function createScorecard(
  ctx: Context,
  input: z.output<typeof contract.createScorecard.body>,
): Promise<string> {
  requirePermission(ctx, 'health.manage')
  const known = await cardsOf(ctx)
  const id = uuidv7()
  const key = input.key ?? `scorecard-${id.slice(-12)}`
  if (known.some(card => card.key === key)) {
    throw invalidField('body.key', { ja: `キー「${key}」は使われています。`, en: `The key "${key}" is taken.` })
  }
  await checkDefinition(ctx, input.definition)
  if (input.condition) await compileCondition(ctx, 'customer', input.condition)
  const position = Math.max(0, ...known.map(card => card.position)) + 1
  await sql`
    insert into scorecard (tenant_id, id, key, name_ja, name_en, state, position, condition, draft, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${key}, ${input.nameJa}, ${input.nameEn}, 'draft', ${position},
      ${input.condition ? JSON.stringify(input.condition) : null}::jsonb, ${JSON.stringify(input.definition)}::jsonb, ${ctx.now}, ${ctx.now})`.execute(
    ctx.tx,
  )
  record(ctx, { action: 'scorecard.created', subject: { kind: 'scorecard', id }, details: { key } })
  return id
}

/** Changes names, order, whom it is for, state, or the draft. Scores follow at once where they may change. */
export async function updateScorecard(
  ctx: Context,
  id: string,
  input: z.output<typeof contract.updateScorecard.body>,
): Promise<void> {
  requirePermission(ctx, 'health.manage')
  const known = await cardOf(ctx, id)
  if (input.draft) await checkDefinition(ctx, input.draft)
  if (input.condition) await compileCondition(ctx, 'customer', input.condition)
  if (input.state === 'enabled' && known.version === 0) {
    throw new AppError('conflict', {
      ja: '公開していないスコアカードは有効にできません。先に公開してください。',
      en: 'A scorecard that was never published cannot be enabled. Publish it first.',
    })
  }
  const condition = input.condition === undefined ? known.condition : input.condition
  const draft = input.draft === undefined ? known.draft : input.draft
  await sql`
    update scorecard set name_ja = ${input.nameJa ?? known.name_ja}, name_en = ${input.nameEn ?? known.name_en},
      position = ${input.position ?? known.position}, condition = ${condition ? JSON.stringify(condition) : null}::jsonb,
      draft = ${draft ? JSON.stringify(draft) : null}::jsonb, state = ${input.state ?? known.state}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'scorecard.changed',
    subject: { kind: 'scorecard', id },
    details: { fields: Object.keys(input) },
  })
  if (input.state !== undefined || input.condition !== undefined || input.position !== undefined)
    await recalculateHealth(ctx)
}

/** Makes the draft the version that counts, and scores everybody anew. @throws AppError `conflict` without a draft */
export async function publishScorecard(ctx: Context, id: string, note: string | null): Promise<void> {
  requirePermission(ctx, 'health.manage')
  const { draft, version, key } = await cardOf(ctx, id)
  if (!draft) {
    throw new AppError('conflict', {
      ja: '公開する変更がありません。',
      en: 'There is no change to publish.',
    })
  }
  await checkDefinition(ctx, draft)
  await sql`
    insert into scorecard_version (tenant_id, scorecard_id, version, definition, note, published_by, published_at)
    values (${ctx.tenantId}, ${id}, ${version + 1}, ${JSON.stringify(draft)}::jsonb, ${note},
      ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now})`.execute(ctx.tx)
  await sql`
    update scorecard set draft = null, version = ${version + 1}, state = 'enabled', updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  // As the preview did: the draft may look at metrics that have no figures yet.
  const { changed } = await recalculateHealth(ctx, undefined, 'facts')
  record(ctx, {
    action: 'scorecard.published',
    subject: { kind: 'scorecard', id },
    details: { key, version: version + 1, changed },
  })
  announce(ctx, {
    type: 'scorecard.published',
    subject: { kind: 'scorecard', id },
    payload: { version: version + 1, changed },
  })
}

/** @throws AppError `conflict` for one that counts */
export async function deleteScorecard(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'health.manage')
  const { state, key } = await cardOf(ctx, id)
  if (state === 'enabled') {
    throw new AppError('conflict', {
      ja: '有効なスコアカードは削除できません。先にアーカイブしてください。',
      en: 'A scorecard that counts cannot be deleted. Archive it first.',
    })
  }
  await sql`delete from customer_health where tenant_id = ${ctx.tenantId} and scorecard_id = ${id}`.execute(ctx.tx)
  await sql`delete from scorecard where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'scorecard.deleted', subject: { kind: 'scorecard', id }, details: { key } })
}

/** @throws AppError `invalid_input` that says what of a definition cannot work */
async function checkDefinition(ctx: Context, definition: ScorecardDefinition): Promise<void> {
  const fault = (part: string, ja: string, en: string) => invalidField(`body.definition.${part}`, { ja, en })
  const { factors, groups, bands } = definition
  const keys = factors.map(factor => factor.key)
  if (new Set(keys).size < keys.length)
    throw fault('factors', '要素のキーが重複しています。', 'Two factors have the same key.')
  if (bands.every(band => band.from !== 0)) {
    throw fault(
      'bands',
      '最も低い帯は0点から始めてください。点数がどの帯にも入らなくなります。',
      'The lowest band starts at 0: scores below it would have none.',
    )
  }
  if (new Set(bands.map(band => band.from)).size < bands.length) {
    throw fault('bands', '同じ点数から始まる帯が2つあります。', 'Two bands start at the same score.')
  }
  for (const [place, { group, shape, nameJa, nameEn }] of factors.entries()) {
    if (groups.length > 0 !== (group !== undefined) || (group && !groups.some(each => each.key === group))) {
      throw fault(
        `factors.${place}.group`,
        `要素「${nameJa}」のグループを確認してください。`,
        `Factor "${nameEn}": look at its group.`,
      )
    }
    if (shape.kind === 'steps') {
      const bounds = shape.steps.map(step => step.over ?? step.from)
      const isWhole = shape.steps.every(({ from, over }) => (from === undefined) !== (over === undefined))
      if (!isWhole || bounds.some((bound, at) => at > 0 && bound! < bounds[at - 1]!)) {
        throw fault(
          `factors.${place}.shape`,
          `要素「${nameJa}」の段階を低い順に並べてください。`,
          `Factor "${nameEn}": list its steps from the lowest on, each with from or over.`,
        )
      }
    }
    if (shape.kind === 'linear' && shape.from === shape.to) {
      throw fault(
        `factors.${place}.shape`,
        `要素「${nameJa}」の0点と100点の値が同じです。`,
        `Factor "${nameEn}": 0 and 100 lie at the same value.`,
      )
    }
    if (
      shape.kind === 'piecewise' &&
      shape.points.some(({ at }, index) => index > 0 && at <= shape.points[index - 1]!.at)
    ) {
      throw fault(
        `factors.${place}.shape`,
        `要素「${nameJa}」の点を小さい順に並べてください。`,
        `Factor "${nameEn}": list its points by value.`,
      )
    }
  }
  await metricColumns(ctx, { keys: metricKeys(definition) })
  const vocabulary = await vocabularyOf(ctx)
  for (const factor of factors) inputOf(ctx, vocabulary, factor, vocabulary.today)
  exceptionsOf(ctx, vocabulary, definition)
}
