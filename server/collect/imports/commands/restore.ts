import { removeTags } from '../../../customers/attributes/commands/tags.ts'
import type { Context, JsonValue } from '../../../platform/context/context.ts'
import { type Changes, isSame } from '../difference.ts'
import { storedValues } from '../queries/stored.ts'
import type { Values } from '../write.ts'
import type { RecordKind } from './records.ts'

/**
 * Puts back what an import changed, field by field, where a field still holds what the import wrote.
 * @param updated changes by record, those of the latest run first
 * @returns how many records were put back, and how many had been changed since
 */
export async function restoreChanged(
  ctx: Context,
  kind: RecordKind,
  updated: { id: string; changes: Changes }[],
  importId: string,
): Promise<{ restored: number; kept: number }> {
  if (updated.length === 0) return { restored: 0, kept: 0 }
  const before = await storedValues(ctx, kind.table, kind.fields, [...new Set(updated.map(({ id }) => id))])
  const patches = new Map<string, Values>()
  const untouched = new Set<string>()
  for (const { id, changes } of updated) {
    const known = before.get(id)
    if (!known) continue
    const patch = patches.get(id) ?? {}
    for (const [name, [was, became]] of Object.entries(changes)) {
      if (isSame(name in patch ? patch[name] : known[name], became)) patch[name] = was
      else untouched.add(id)
    }
    patches.set(id, patch)
  }
  const rows = [...patches]
    .filter(([, values]) => Object.keys(values).length > 0)
    .map(([id, values]) => ({ id, values }))
  await kind.update(ctx, rows, { origin: 'import', importId }, before)
  if (kind.table === 'customer' || kind.table === 'contact') await takeTags(ctx, kind.table, rows, before)
  return { restored: rows.length, kept: untouched.size }
}

/** Tags are only ever added by an update: those that the import brought are taken away by name. */
async function takeTags(
  ctx: Context,
  table: 'customer' | 'contact',
  rows: { id: string; values: Values }[],
  before: Map<string, Values>,
): Promise<void> {
  const listed = (value: JsonValue | undefined) => (Array.isArray(value) ? value.map(String) : [])
  for (const { id, values } of rows) {
    if (values.tags === undefined) continue
    const kept = new Set(listed(values.tags))
    const gone = listed(before.get(id)?.tags).filter(name => !kept.has(name))
    if (gone.length > 0) await removeTags(ctx, table, [id], gone)
  }
}
