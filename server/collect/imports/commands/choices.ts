import { sql } from 'kysely'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, type FieldFault, notFound } from '../../../platform/errors/app-error.ts'
import { kinds, targetOf } from '../catalog/kinds.ts'
import { readCell } from '../cell.ts'
import type { ImportKind, Inspection, Mapping } from '../contract/shapes.ts'
import { inspect } from '../inspection.ts'
import { type FileWish, openFile } from '../opened-file.ts'
import { attributeShapes, companyOf, memberWords, readingOf } from '../queries/company.ts'
import { openContent } from '../queries/content.ts'

/** Says what the file is and where its columns most likely go. @throws AppError `invalid_input` for what is no such file */
export async function inspectFile(ctx: Context, id: string, wish: FileWish): Promise<Inspection> {
  requirePermission(ctx, 'imports.manage')
  const { kind, state } = await stateOf(ctx, id)
  if (state === 'uploading') throw notWhole()
  const { currency } = await companyOf(ctx)
  const attributes = await attributeShapes(ctx, kind)
  const file = await openFile(await openContent(ctx, id), wish)
  try {
    return await inspect(file, { kind, attributes, currency, members: await memberWords(ctx) })
  } finally {
    file.close()
  }
}

/** Keeps where the columns go. @throws AppError `invalid_input` that names each fault, `conflict` while it runs */
export async function chooseMapping(ctx: Context, id: string, mapping: Mapping): Promise<void> {
  requirePermission(ctx, 'imports.manage')
  const { kind, state } = await stateOf(ctx, id)
  if (['queued', 'running', 'undoing'].includes(state)) throw busy()
  await checkMapping(ctx, kind, mapping)
  await sql`
    update data_import set mapping = ${JSON.stringify(mapping)}::jsonb,
      dry_counts = case when mapping = ${JSON.stringify(mapping)}::jsonb then dry_counts end
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'import.mapped', subject: { kind: 'import', id }, details: { kind } })
}

/** @throws AppError `invalid_input` with a fault for each unknown field, attribute and constant, and for what is missing */
export async function checkMapping(ctx: Context, kind: ImportKind, mapping: Mapping): Promise<void> {
  const { needs, attributesOf } = kinds[kind]
  const attributes = await attributeShapes(ctx, kind)
  const faults: FieldFault[] = []
  const targets = new Set<string>()
  for (const [index, { target, attribute }] of mapping.assignments.entries()) {
    const path = `body.assignments.${index}.target`
    const key = /^attribute:([a-z][a-z0-9_]{0,62})$/.exec(target)?.[1]
    const isKnown =
      key === undefined
        ? targetOf(kind, target)
        : attributesOf && (attribute ?? attributes.find(known => known.key === key))
    if (!isKnown)
      faults.push({ path, message: { ja: `項目「${target}」はありません。`, en: `There is no field "${target}".` } })
    if (targets.has(target)) {
      faults.push({
        path,
        message: { ja: `項目「${target}」が2回指定されています。`, en: `The field "${target}" is mapped twice.` },
      })
    }
    targets.add(target)
    if (attribute && ['one_of', 'many_of'].includes(attribute.type) && attribute.options.length === 0) {
      faults.push({ path, message: { ja: '選択肢を1つ以上指定してください。', en: 'Give at least one choice.' } })
    }
  }
  const reading = readingOf(mapping, await companyOf(ctx))
  for (const [name, value] of Object.entries(mapping.constants)) {
    const target = targetOf(kind, name)
    const read = target && readCell(target, value, reading)
    if (read && 'value' in read) continue
    const message = {
      ja: `項目「${name}」の固定値が正しくありません。`,
      en: `The fixed value of "${name}" is not valid.`,
    }
    faults.push({ path: `body.constants.${name}`, message })
  }
  const has = (name: string) => targets.has(name) || name in mapping.constants
  if (!needs.some(has)) faults.push(missing(needs.map(name => targetOf(kind, name)!.label)))
  for (const target of kinds[kind].targets) {
    if (target.required && !has(target.name)) faults.push(missing([target.label]))
  }
  if (faults.length === 0) return
  throw new AppError(
    'invalid_input',
    { ja: '列の対応を確認してください。', en: 'Check where the columns go.' },
    { faults },
  )
}

function missing(labels: readonly { ja: string; en: string }[]): FieldFault {
  return {
    path: 'body.assignments',
    message: {
      ja: `次の${labels.length > 1 ? 'いずれか' : '項目'}に列を割り当ててください: ${labels.map(label => label.ja).join('、')}`,
      en: `Map a column to ${labels.length > 1 ? 'one of these' : 'this field'}: ${labels.map(label => label.en).join(', ')}`,
    },
  }
}

async function stateOf(ctx: Context, id: string): Promise<{ kind: ImportKind; state: string }> {
  const { rows } = await sql<{ kind: ImportKind; state: string }>`
    select kind, state from data_import where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}

export function notWhole(): AppError {
  return new AppError('conflict', {
    ja: 'ファイルのアップロードが終わっていません。',
    en: 'The file is not uploaded yet.',
  })
}

export function busy(): AppError {
  return new AppError('conflict', { ja: 'このインポートは実行中です。', en: 'This import is running.' })
}
