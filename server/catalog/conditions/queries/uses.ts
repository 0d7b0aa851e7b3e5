import type { NamedThing, Reader, RecordKind, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Locale } from '../../../platform/errors/words.ts'

/** One of the places where something is used. */
export interface Use {
  kind: string
  id: string
  name: string
}

/** What of all modules names fields and segments. Archived things do not count: they are checked when they come back. */
export async function vocabularyUses(reader: Reader): Promise<VocabularyUse[]> {
  const uses: VocabularyUse[] = []
  // One after the other: they share the transaction's connection.
  for (const part of reader.installation.vocabulary) if (part.uses) uses.push(...(await part.uses(reader)))
  return uses
}

/** Those that name a field of a kind of record. */
export function namingField(uses: readonly VocabularyUse[], record: RecordKind, id: string): VocabularyUse[] {
  return uses.filter(({ fields }) => fields.some(field => field.record === record && field.id === id))
}

/** Refuses to take something away that running things name. @throws AppError `conflict` that says which they are */
export async function refuseNamed(reader: Reader, thing: NamedThing): Promise<void> {
  const uses = (await vocabularyUses(reader)).filter(({ names }) =>
    names?.some(({ kind, key }) => kind === thing.kind && key === thing.key),
  )
  if (uses.length === 0) return
  const names = (locale: Locale) =>
    uses
      .slice(0, 5)
      .map(use => shownUse(use, locale).name)
      .join(', ')
  throw new AppError('conflict', {
    ja: `稼働中のフローで使われています（${names('ja')}）。先にフローを変更するか、アーカイブしてください。`,
    en: `Running flows use it (${names('en')}). Change or archive them first.`,
  })
}

type Named = Pick<VocabularyUse, 'fields' | 'segments'>

/** Whether something looks at a field, itself or through the segments that it names. */
export function looksAt(
  uses: readonly VocabularyUse[],
  named: Named,
  field: { record: RecordKind; id: string },
): boolean {
  const segments = new Map(uses.flatMap(use => (use.kind === 'segment' ? [[use.id, use] as const] : [])))
  const seen = new Set<string>()
  const looks = ({ fields, segments: others }: Named): boolean =>
    fields.some(({ record, id }) => record === field.record && id === field.id) ||
    others.some(id => {
      const other = segments.get(id)
      if (!other || seen.has(id)) return false
      seen.add(id)
      return looks(other)
    })
  return looks(named)
}

/** As it is shown; without a name in the language, the Japanese one. */
export function shownUse({ kind, id, name }: VocabularyUse, locale: Locale): Use {
  return { kind, id, name: name[locale] || name.ja }
}
