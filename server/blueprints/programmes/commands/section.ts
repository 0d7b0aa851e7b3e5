import type { Context, JsonObject } from '../../../platform/context/context.ts'
import type { SectionName } from '../contract/document.ts'

/** Something that the company has: as the module that owns it gives it, with the ids of this company. */
export interface StoredItem {
  /** How its module calls it; a section that is one thing has none. */
  id: string
  key: string
  item: JsonObject
}

/** How the things of one section are read and written: by the commands of the module that owns them. */
export interface Section {
  name: SectionName
  /** One thing that is always there, not a list. */
  single?: boolean
  keyOf(item: JsonObject): string
  /**
   * Fills in what a blueprint may leave to the company: its language, its fiscal year, the place in the list.
   * @param known the same thing as the company has it, in the form of a blueprint
   */
  settle?(ctx: Context, item: JsonObject, place: number, known: JsonObject | undefined): Promise<JsonObject>
  stored(ctx: Context): Promise<StoredItem[]>
  create(ctx: Context, item: JsonObject): Promise<void>
  change(ctx: Context, stored: StoredItem, item: JsonObject): Promise<void>
  remove(ctx: Context, stored: StoredItem): Promise<void>
}

/** The fields of a thing that a shape has; the rest is what its module adds for screens. */
export function picked(item: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter(name => item[name] !== undefined).map(name => [name, item[name]!]))
}

export const keyed = (item: JsonObject) => item.key as string
