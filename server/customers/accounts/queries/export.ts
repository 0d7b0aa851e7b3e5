import { Readable } from 'node:stream'
import { asActorNow } from '../../../platform/administration/present.ts'
import type { Context } from '../../../platform/context/context.ts'
import { record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { byteOrderMark, csvLine } from '../../../platform/http/csv.ts'
import { Download, type JsonText } from '../../../platform/http/implement.ts'
import { type Cell, workbookStream } from '../../../platform/http/xlsx.ts'
import type { RecordKind } from '../../attributes/contract/attributes.ts'
import { attributesOf } from '../../attributes/queries/attributes.ts'
import type { ExportColumn } from '../catalog.ts'

/** Rows of a page that is read in a transaction of its own. */
const pageRows = 1_000

export interface ExportWish {
  record: RecordKind
  format: 'csv' | 'xlsx'
  /** Names with commas; the common ones without it. */
  columns: string | undefined
  known: Readonly<Record<string, ExportColumn>>
  /** A page of the list, as its route answers it. */
  page(ctx: Context, limit: number, cursor: string | undefined): Promise<JsonText>
}

/**
 * A list as a file. It is read page by page, each in a transaction of its own and with the rights of that moment; when
 * they are gone the download breaks off. Cells of CSV cannot become formulas, texts of a workbook are texts.
 */
export async function exportList(ctx: Context, wish: ExportWish): Promise<Download> {
  requirePermission(ctx, 'customers.export')
  const columns = await chosenColumns(ctx, wish)
  record(ctx, {
    action: `${wish.record}s.exported`,
    details: { format: wish.format, columns: columns.map(({ name }) => name) },
  })
  const head = columns.map(column => column.label)
  const day = ctx.now.toISOString().slice(0, 10)
  if (wish.format === 'xlsx') {
    async function* cells(): AsyncGenerator<Cell[]> {
      yield head
      for await (const item of items(ctx, wish)) yield columns.map(column => cellOf(column, item))
    }
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    return new Download(workbookStream(cells()), type, `kizuna-${wish.record}s-${day}.xlsx`)
  }
  async function* lines(): AsyncGenerator<string> {
    yield byteOrderMark + csvLine(head)
    let text = ''
    for await (const item of items(ctx, wish)) {
      text += csvLine(columns.map(column => plain(fieldOf(column, item))))
      if (text.length < 60_000) continue
      yield text
      text = ''
    }
    yield text
  }
  return new Download(Readable.from(lines()), 'text/csv; charset=utf-8', `kizuna-${wish.record}s-${day}.csv`)
}

interface Chosen {
  name: string
  label: string
  type: ExportColumn['type']
}

type Item = Record<string, unknown> & { attributes: Record<string, unknown>; fields?: Record<string, unknown> }

/** @throws AppError `invalid_input` for a column that there is not */
async function chosenColumns(ctx: Context, { record: kind, columns, known }: ExportWish): Promise<Chosen[]> {
  const own = await attributesOf(ctx, kind)
  const all = new Map<string, Chosen>([
    ...Object.entries(known).map(
      ([name, { ja, en, type }]) => [name, { name, label: ctx.locale === 'ja' ? ja : en, type }] as const,
    ),
    ...own.map(({ key, label, type }) => {
      const name = `attributes.${key}`
      return [name, { name, label, type: type === 'date' ? 'date' : 'text' }] as [string, Chosen]
    }),
  ])
  if (columns === undefined) return [...all.values()]
  return columns.split(',').map(name => {
    const column = all.get(name)
    if (column) return column
    throw invalidField('query.columns', {
      ja: `「${name.slice(0, 60)}」という列はありません。`,
      en: `There is no column "${name.slice(0, 60)}".`,
    })
  })
}

async function* items(ctx: Context, wish: ExportWish): AsyncGenerator<Item> {
  let cursor: string | undefined
  do {
    const after = cursor
    const page = await asActorNow(ctx, 'customers.export', present => wish.page(present, pageRows, after))
    const { items: rows, next } = JSON.parse(page.text) as { items: Item[]; next: string | null }
    yield* rows
    cursor = next ?? undefined
  } while (cursor !== undefined)
}

function fieldOf({ name }: Chosen, item: Item): unknown {
  if (name.startsWith('attributes.')) return item.attributes[name.slice('attributes.'.length)]
  return name in item ? item[name] : item.fields?.[name]
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join('; ') : String(value)
}

function cellOf(column: Chosen, item: Item): Cell {
  const value = fieldOf(column, item)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (column.type === 'date' && typeof value === 'string') return new Date(`${value}T00:00:00Z`)
  return value === null || value === undefined ? null : plain(value)
}
