import { kinds } from './catalog/kinds.ts'
import { attributeTypeOf, type Content, emptyContent, takeCell } from './column-content.ts'
import type { ImportKind, Inspection } from './contract/shapes.ts'
import type { OpenedFile } from './opened-file.ts'
import { nearlyMapped, suggestMapping } from './suggestion.ts'

/** Rows that are looked at to tell what the columns are. */
const sampleRows = 10_000

export interface Surroundings {
  kind: ImportKind
  attributes: { key: string; label: string }[]
  /** Of the company. */
  currency: string
  /** E-mail addresses and names of its members, in lower case. */
  members: ReadonlySet<string>
}

/** What a file is and where its columns most likely go, by its first 10,000 rows. */
export async function inspect(file: OpenedFile, surroundings: Surroundings): Promise<Inspection> {
  const contents: Content[] = file.columns.map(() => emptyContent())
  let rows = 0
  for await (const batch of file.rows()) {
    for (const { cells } of batch) {
      if (++rows > sampleRows) break
      for (const [place, content] of contents.entries()) takeCell(content, cells[place] ?? '')
    }
    if (rows >= sampleRows) break
  }
  const columns = file.columns.map((column, index) => ({ name: column.name, content: contents[index]! }))
  const { format, encoding, delimiter, sheets, sheet, headerRow } = file
  const suggestion = suggestMapping({ ...surroundings, columns })
  const taken = new Set(suggestion.assignments.map(({ target }) => target))
  const nearly = nearlyMapped({ ...surroundings, columns }, taken)
  return {
    format,
    encoding,
    delimiter,
    sheets,
    sheet,
    headerRow,
    sampledRows: Math.min(rows, sampleRows),
    columns: columns.map(({ name, content }) => ({
      name,
      samples: content.samples,
      filled: content.filled,
      values: content.values && content.values.size <= 20 ? [...content.values.keys()] : null,
      type: attributeTypeOf(content).type,
      nearly: nearly.get(name) ?? null,
    })),
    targets: kinds[surroundings.kind].targets.map(({ name, label, type, required, choices }) => ({
      name,
      label,
      type,
      required: required ?? false,
      choices: choices ? Object.keys(choices) : null,
    })),
    suggestion: {
      ...suggestion,
      duplicates: 'update',
      problems: 'refuse_row',
      ...(encoding ? { encoding } : {}),
      ...(delimiter ? { delimiter } : {}),
      ...(sheet === null ? {} : { sheet }),
      ...(format === 'jsonl' ? {} : { headerRow }),
    },
  }
}
