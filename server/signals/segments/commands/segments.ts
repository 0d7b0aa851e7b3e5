import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { conditionNeeds, needsOfAll } from '../../../catalog/conditions/needs.ts'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { looksAt, vocabularyUses } from '../../../catalog/conditions/queries/uses.ts'
import { conditionFacts } from '../../../catalog/conditions/queries/vocabulary.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import type { VocabularyUse } from '../../../platform/context/vocabulary.ts'
import { AppError, invalidField } from '../../../platform/errors/app-error.ts'
import type { NewSegment, updateSegment as update } from '../contract.ts'
import { refreshOrder } from '../order.ts'
import { lockSegment, segmentsOf } from '../queries/segments.ts'
import { segmentUses } from '../queries/statistics.ts'
import { moveMembers, type Refresh, refreshMembers } from './refresh.ts'

const most = 500

/** Makes a segment; an enabled dynamic one is filled at once. @returns its id */
export async function createSegment(ctx: Context, input: NewSegment): Promise<string> {
  requirePermission(ctx, 'segments.manage')
  if ((input.kind === 'dynamic') !== (input.condition !== undefined)) {
    throw invalidField('body.condition', {
      ja: '条件は動的セグメントにだけ、必ず指定してください。',
      en: 'A dynamic segment needs a condition, a static one takes none.',
    })
  }
  const known = await segmentsOf(ctx)
  if (known.length >= most) {
    throw new AppError('conflict', {
      ja: `セグメントは${most}個までです。使っていないものを削除してください。`,
      en: `A company has at most ${most} segments. Delete those that nobody uses.`,
    })
  }
  const id = uuidv7()
  const key = input.key ?? `segment-${id.slice(-12)}`
  if (known.some(segment => segment.key === key)) {
    throw invalidField('body.key', { ja: `キー「${key}」は使われています。`, en: `The key "${key}" is taken.` })
  }
  const needs = input.condition ? await admit(ctx, id, input.record, input.condition) : { facts: [], time: false }
  await sql`
    insert into segment (tenant_id, id, record, key, name_ja, name_en, description, kind, condition, facts, depends_on_time,
      state, created_by, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${input.record}, ${key}, ${input.nameJa}, ${input.nameEn}, ${input.description ?? null},
      ${input.kind}, ${input.condition ? JSON.stringify(input.condition) : null}::jsonb, ${needs.facts}::text[], ${needs.time},
      ${input.state}, ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now}, ${ctx.now})`.execute(
    ctx.tx,
  )
  record(ctx, {
    action: 'segment.created',
    subject: { kind: 'segment', id },
    details: { key, record: input.record, kind: input.kind },
  })
  announce(ctx, { type: 'segment.created', subject: { kind: 'segment', id }, payload: { key } })
  if (input.kind === 'dynamic' && input.state === 'enabled') await refreshMembers(ctx, await lockSegment(ctx, id))
  return id
}

/** Changes a segment. A new condition, or enabling it, looks anew who is in it. */
export async function updateSegment(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'segments.manage')
  const known = await lockSegment(ctx, id)
  if (input.condition && known.kind === 'static') {
    throw invalidField('body.condition', {
      ja: '静的セグメントには条件を設定できません。',
      en: 'A static segment takes no condition.',
    })
  }
  const needs = input.condition
    ? await admit(ctx, id, known.record, input.condition)
    : { facts: known.facts, time: known.depends_on_time }
  await sql`
    update segment set name_ja = ${input.nameJa ?? known.name_ja}, name_en = ${input.nameEn ?? known.name_en},
      description = case when ${input.description !== undefined} then ${input.description ?? null} else description end,
      condition = ${JSON.stringify(input.condition ?? known.condition)}::jsonb, facts = ${needs.facts}::text[],
      depends_on_time = ${needs.time}, state = ${input.state ?? known.state}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id} and kind = 'dynamic'`.execute(ctx.tx)
  if (known.kind === 'static') {
    await sql`
      update segment set name_ja = ${input.nameJa ?? known.name_ja}, name_en = ${input.nameEn ?? known.name_en},
        description = case when ${input.description !== undefined} then ${input.description ?? null} else description end,
        state = ${input.state ?? known.state}, updated_at = ${ctx.now}
      where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  }
  record(ctx, { action: 'segment.changed', subject: { kind: 'segment', id }, details: { fields: Object.keys(input) } })
  announce(ctx, { type: 'segment.changed', subject: { kind: 'segment', id }, payload: { key: known.key } })
  const segment = await lockSegment(ctx, id)
  if (segment.kind === 'dynamic' && segment.state === 'enabled' && (input.condition || input.state)) {
    await refreshMembers(ctx, segment)
  }
}

/** @throws AppError `conflict` that names what uses it */
export async function deleteSegment(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'segments.manage')
  const { key } = await lockSegment(ctx, id)
  const uses = await segmentUses(ctx, id)
  if (uses.length > 0) {
    const names = uses
      .slice(0, 5)
      .map(({ name }) => name)
      .join(', ')
    throw new AppError('conflict', {
      ja: `このセグメントは使われています（${names}）。先にそちらを変更してください。`,
      en: `This segment is in use (${names}). Change that first.`,
    })
  }
  await sql`delete from segment_move where tenant_id = ${ctx.tenantId} and segment_id = ${id}`.execute(ctx.tx)
  await sql`delete from segment where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'segment.deleted', subject: { kind: 'segment', id }, details: { key } })
}

/** Looks anew at once. @throws AppError `conflict` for a static one */
export async function refreshSegment(ctx: Context, id: string): Promise<Refresh> {
  requirePermission(ctx, 'segments.manage')
  const segment = await lockSegment(ctx, id)
  if (segment.kind === 'static') {
    throw new AppError('conflict', {
      ja: '静的セグメントには条件がないため、更新するものがありません。',
      en: 'A static segment has no condition, so there is nothing to refresh.',
    })
  }
  return refreshMembers(ctx, segment)
}

/** Puts records into a static segment, or takes them out. */
export async function changeMembers(ctx: Context, id: string, change: { add: string[]; remove: string[] }) {
  requirePermission(ctx, 'segments.manage')
  const segment = await lockSegment(ctx, id)
  if (segment.kind === 'dynamic') {
    throw new AppError('conflict', {
      ja: '動的セグメントのメンバーは条件で決まります。条件を変更してください。',
      en: 'A condition decides who is in a dynamic segment. Change the condition.',
    })
  }
  const result = await moveMembers(ctx, segment, change)
  record(ctx, {
    action: 'segment.members_changed',
    subject: { kind: 'segment', id },
    details: { entered: result.entered, exited: result.exited },
  })
  return result
}

/** Checks that a condition can be compiled and that segments do not name each other in a circle. */
async function admit(ctx: Context, id: string, kind: 'customer' | 'contact', condition: Condition) {
  await compileCondition(ctx, kind, condition)
  const graph = new Map(
    (await segmentsOf(ctx)).map(segment => [
      segment.id,
      segment.condition ? conditionNeeds(segment.condition, segment.record).segments : [],
    ]),
  )
  graph.set(id, conditionNeeds(condition, kind).segments)
  if (!refreshOrder(graph)) {
    throw invalidField('body.condition', {
      ja: 'セグメントが互いを参照しています。どちらかの条件から外してください。',
      en: 'Segments name each other in a circle. Take one of them out of the condition.',
    })
  }
  await refuseDecidingOnItself(ctx, id, {
    kind: 'segment',
    id,
    name: { ja: '', en: '' },
    ...needsOfAll([condition], kind),
  })
  return conditionFacts(ctx, kind, condition)
}

/** What a rule works out must not decide who is in a segment that the rule looks at. */
async function refuseDecidingOnItself(ctx: Context, id: string, changed: VocabularyUse): Promise<void> {
  const others = (await vocabularyUses(ctx)).filter(use => use.id !== id)
  const circle = others.find(
    use => use.decides && looksAt([...others, changed], use, use.decides) && !looksAt(others, use, use.decides),
  )
  if (!circle) return
  throw invalidField('body.condition', {
    ja: `リードスコアの「${circle.name.ja}」がこのセグメントを使っているため、条件にリードスコアを使うと互いを参照します。条件から外してください。`,
    en: `"${circle.name.en}" of the lead score looks at this segment, so the two would name each other in a circle. Take the lead score out of the condition.`,
  })
}
