import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import type { AttributeType, RecordKind } from '../contract/attributes.ts'
import { attributeUses } from '../queries/lists.ts'

export interface NewAttribute {
  record: RecordKind
  key: string
  label: string
  type: AttributeType
  options?: string[]
  description?: string | null
}

/**
 * Defines fields. A key that a kind of record already has is left as it is.
 * @param importId the import that brings them along
 * @returns the ids of those that were made, by record and key
 */
export async function createAttributes(
  ctx: Context,
  attributes: NewAttribute[],
  importId?: string,
): Promise<Map<string, string>> {
  const lines = attributes.map(attribute => ({ ...attribute, id: uuidv7(), options: attribute.options ?? [] }))
  const { rows } = await sql<{ id: string; record: RecordKind; key: string; type: string }>`
    insert into attribute (tenant_id, id, record, key, label, type, options, description, import_id, created_at, updated_at)
    select ${ctx.tenantId}, line.*, ${importId ?? null}::uuid, ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
      as line (id uuid, record text, key text, label text, type text, options jsonb, description text)
    on conflict (tenant_id, record, key) do nothing returning id, record, key, type`.execute(ctx.tx)
  for (const row of rows) {
    const subject = { kind: 'attribute', id: row.id }
    record(ctx, { action: 'attribute.created', subject, details: { record: row.record, key: row.key, type: row.type } })
    announce(ctx, { type: 'attribute.created', subject, payload: { record: row.record, key: row.key } })
  }
  return new Map(rows.map(row => [`${row.record}.${row.key}`, row.id]))
}

/** Defines one field. @throws AppError `invalid_input` when the key is taken, or choices are missing or not meant */
export async function defineAttribute(ctx: Context, input: NewAttribute): Promise<string> {
  requirePermission(ctx, 'attributes.manage')
  checkOptions(input.type, input.options ?? [])
  const id = (await createAttributes(ctx, [input])).get(`${input.record}.${input.key}`)
  if (id) return id
  throw invalidField('body.key', {
    ja: `キー「${input.key}」はすでに使われています。`,
    en: `The key "${input.key}" is in use already.`,
  })
}

/** Renames a field, describes it or changes its choices. @throws AppError `invalid_input` when a choice in use would go */
export async function changeAttribute(
  ctx: Context,
  id: string,
  input: { label?: string; options?: string[]; description?: string | null },
): Promise<void> {
  requirePermission(ctx, 'attributes.manage')
  const known = await lockAttribute(ctx, id)
  if (input.options) {
    checkOptions(known.type, input.options)
    await refuseLosingChoices(ctx, known, input.options)
  }
  await sql`
    update attribute set label = coalesce(${input.label ?? null}, label),
      options = coalesce(${input.options ? JSON.stringify(input.options) : null}::jsonb, options),
      description = case when ${input.description !== undefined} then ${input.description ?? null}::text else description end,
      updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const subject = { kind: 'attribute', id }
  record(ctx, { action: 'attribute.changed', subject, details: { key: known.key, fields: Object.keys(input) } })
  announce(ctx, { type: 'attribute.changed', subject, payload: { record: known.record, key: known.key } })
}

/**
 * Removes a field and its values. What it touches is shown before, see `usesOf`.
 * @throws AppError `conflict` that names the segments, scorecards, rules and stages that look at it
 */
export async function deleteAttribute(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'attributes.manage')
  const { key, record: kind } = await lockAttribute(ctx, id)
  const uses = await attributeUses(ctx, kind, key)
  if (uses.length > 0) {
    const names = uses
      .slice(0, 5)
      .map(({ name }) => name)
      .join(', ')
    throw new AppError('conflict', {
      ja: `この項目は使われています（${names}）。先にそちらの条件を変更してください。`,
      en: `This field is in use (${names}). Change those first.`,
    })
  }
  if (kind === 'customer') {
    await sql`
      update customer set attributes = attributes - ${key}::text
      where tenant_id = ${ctx.tenantId} and attributes ? ${key}`.execute(ctx.tx)
  } else {
    await sql`
      update contact set attributes = attributes - ${key}::text
      where tenant_id = ${ctx.tenantId} and attributes ? ${key}`.execute(ctx.tx)
  }
  await sql`delete from attribute where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const subject = { kind: 'attribute', id }
  record(ctx, { action: 'attribute.deleted', subject, details: { record: kind, key } })
  announce(ctx, { type: 'attribute.deleted', subject, payload: { record: kind, key } })
}

interface Known {
  record: RecordKind
  key: string
  type: AttributeType
  options: string[]
}

async function lockAttribute(ctx: Context, id: string): Promise<Known> {
  const { rows } = await sql<Known>`
    select record, key, type, options from attribute where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return rows[0]
}

function checkOptions(type: AttributeType, options: string[]): void {
  const takes = type === 'one_of' || type === 'many_of'
  if (takes && options.length === 0) {
    throw invalidField('body.options', { ja: '選択肢を1つ以上指定してください。', en: 'Give at least one choice.' })
  }
  if (!takes && options.length > 0) {
    throw invalidField('body.options', { ja: 'この型には選択肢を指定できません。', en: 'This type takes no choices.' })
  }
  if (new Set(options).size < options.length) {
    throw invalidField('body.options', { ja: '同じ選択肢が重複しています。', en: 'A choice stands there twice.' })
  }
}

async function refuseLosingChoices(ctx: Context, known: Known, options: string[]): Promise<void> {
  const gone = known.options.filter(option => !options.includes(option))
  if (gone.length === 0) return
  const { rows } =
    known.record === 'customer'
      ? await sql<{ records: number }>`
          select count(*)::int as records from customer c where c.tenant_id = ${ctx.tenantId}
            and (c.attributes -> ${known.key}::text) ?| ${gone}::text[]`.execute(ctx.tx)
      : await sql<{ records: number }>`
          select count(*)::int as records from contact c where c.tenant_id = ${ctx.tenantId}
            and (c.attributes -> ${known.key}::text) ?| ${gone}::text[]`.execute(ctx.tx)
  const records = rows[0]!.records
  if (records === 0) return
  throw invalidField('body.options', {
    ja: `${records}件の記録が「${gone.slice(0, 3).join('」「')}」を使っているため、この選択肢は削除できません。`,
    en: `${records} records use ${gone.slice(0, 3).join(', ')}: these choices cannot go.`,
  })
}
