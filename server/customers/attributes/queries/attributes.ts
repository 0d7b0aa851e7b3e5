import { sql } from 'kysely'
import type { Context, JsonValue } from '../../../platform/context/context.ts'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import { AppError, type FieldFault } from '../../../platform/errors/app-error.ts'
import { attributeValue } from '../catalog.ts'
import type { AttributeType, RecordKind } from '../contract/attributes.ts'

export interface Attribute {
  id: string
  key: string
  label: string
  type: AttributeType
  options: string[]
  description: string | null
}

/** The company's fields of a kind of record, by label. */
export async function attributesOf(ctx: Pick<Reader, 'tenantId' | 'tx'>, record: RecordKind): Promise<Attribute[]> {
  const { rows } = await sql<Attribute>`
    select id, key, label, type, options, description from attribute
    where tenant_id = ${ctx.tenantId} and record = ${record} order by label, key`.execute(ctx.tx)
  return rows
}

/**
 * Checks values that somebody gives for the company's fields.
 * @param path where they stand in the request
 * @returns the values as they are stored: a number as a number, a date as `YYYY-MM-DD`
 * @throws AppError `invalid_input` with a fault for every unknown key and every value that does not fit
 */
export async function checkedAttributes(
  ctx: Context,
  record: RecordKind,
  values: Record<string, JsonValue> | undefined,
  path = 'body.attributes',
): Promise<Record<string, JsonValue> | undefined> {
  if (!values || Object.keys(values).length === 0) return undefined
  const known = new Map((await attributesOf(ctx, record)).map(attribute => [attribute.key, attribute]))
  const faults: FieldFault[] = []
  const checked: Record<string, JsonValue> = {}
  for (const [key, value] of Object.entries(values)) {
    const attribute = known.get(key)
    const fit = attribute ? attributeValue(attribute, value) : undefined
    if (fit === undefined)
      faults.push({ path: `${path}.${key}`, message: attribute ? misfit(attribute) : unknownKey(key) })
    else checked[key] = fit
  }
  if (faults.length === 0) return checked
  throw new AppError(
    'invalid_input',
    { ja: '属性の値を確認してください。', en: 'Check the values of the attributes.' },
    { faults },
  )
}

function unknownKey(key: string) {
  return {
    ja: `属性「${key.slice(0, 60)}」はありません。先に属性を作成してください。`,
    en: `There is no attribute "${key.slice(0, 60)}". Define it first.`,
  }
}

function misfit({ type, options }: Attribute) {
  const wanted = {
    text: { ja: '10,000文字以内の文字列', en: 'a text of at most 10,000 characters' },
    number: { ja: '数値', en: 'a number' },
    boolean: { ja: 'true または false', en: 'true or false' },
    date: { ja: '日付（YYYY-MM-DD）', en: 'a date (YYYY-MM-DD)' },
    one_of: { ja: '選択肢のいずれか', en: 'one of its choices' },
    many_of: { ja: '選択肢の配列', en: 'a list of its choices' },
  }[type]
  const choices = options.length > 0 ? `: ${options.slice(0, 10).join(', ')}` : ''
  return { ja: `${wanted.ja}で指定してください${choices}`, en: `This takes ${wanted.en}${choices}` }
}
