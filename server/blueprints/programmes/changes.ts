import { kpis } from '../../insights/kpis/catalog/all.ts'
import type { JsonObject } from '../../platform/context/context.ts'
import type { Words } from '../../platform/errors/words.ts'
import { type SectionName, sectionNames } from './contract/document.ts'
import { differenceOf, type FieldDifference, sameJson } from './difference.ts'

/** Things by section and key. */
export type Items = ReadonlyMap<SectionName, ReadonlyMap<string, JsonObject>>

/** What a blueprint made, and how it was then. */
export interface Managed {
  section: SectionName
  key: string
  blueprint: string
  item: JsonObject
}

export interface Change {
  section: SectionName
  key: string
  name: Words
  /** `adopt`: it is as it should be, and the blueprint looks after it from now on. */
  action: 'create' | 'change' | 'delete' | 'adopt'
  byHand: boolean
  drifted: boolean
  before: JsonObject | null
  after: JsonObject | null
  fields: FieldDifference[]
}

/** What is to be there, and what is to go. */
export interface Target {
  /** Whose things they will be. */
  blueprint: string
  wanted: Items
  removed: ReadonlySet<string>
  /** What is as it should be becomes the blueprint's own. */
  adopts: boolean
}

export const placeOf = (section: SectionName, key: string) => `${section}/${key}`

/**
 * What has to be done so that the company has what a target wants: first what is created and changed, in the order of
 * the sections, then what goes, in the opposite order.
 */
export function changesOf(
  { blueprint, wanted, removed, adopts }: Target,
  current: Items,
  managed: readonly Managed[],
): { changes: Change[]; unchanged: number } {
  const made = new Map(managed.map(each => [placeOf(each.section, each.key), each]))
  const changes: Change[] = []
  const deletions: Change[] = []
  let unchanged = 0
  for (const section of sectionNames) {
    for (const [key, after] of wanted.get(section) ?? []) {
      const before = current.get(section)?.get(key) ?? null
      const own = made.get(placeOf(section, key))
      const isSame = before !== null && sameJson(before, after)
      if (isSame && (own?.blueprint === blueprint || !adopts)) {
        unchanged += 1
        continue
      }
      changes.push({
        section,
        key,
        name: nameOf(after, key),
        action: before === null ? 'create' : isSame ? 'adopt' : 'change',
        byHand: before !== null && own === undefined,
        drifted: own !== undefined && (before === null || !sameJson(before, own.item)),
        before,
        after,
        fields: before === null || isSame ? [] : differenceOf(before, after),
      })
    }
    for (const [key, before] of current.get(section) ?? []) {
      const place = placeOf(section, key)
      if (!removed.has(place) || wanted.get(section)?.has(key)) continue
      const own = made.get(place)
      deletions.unshift({
        section,
        key,
        name: nameOf(before, key),
        action: 'delete',
        byHand: own === undefined,
        drifted: own !== undefined && !sameJson(before, own.item),
        before,
        after: null,
        fields: [],
      })
    }
  }
  return { changes: [...changes, ...deletions], unchanged }
}

/** What was changed or deleted since a blueprint made it. */
export function driftOf(current: Items, managed: readonly Managed[]): (Change & { blueprint: string })[] {
  return managed.flatMap(({ section, key, blueprint, item }) => {
    const now = current.get(section)?.get(key) ?? null
    if (now !== null && sameJson(now, item)) return []
    return [
      {
        section,
        key,
        blueprint,
        name: nameOf(now ?? item, key),
        action: now === null ? ('delete' as const) : ('change' as const),
        byHand: false,
        drifted: true,
        before: item,
        after: now,
        fields: now === null ? [] : differenceOf(item, now),
      },
    ]
  })
}

/** Names of what is one thing, not a list. */
const singles: Readonly<Record<string, Words>> = {
  tiers: { ja: 'ティアと判定ルール', en: 'Tiers and their rule' },
  churnSettings: { ja: '解約予測の設定', en: 'Settings of churn prediction' },
  taskRules: { ja: 'タスクのルール', en: 'Rules that make tasks' },
  scoringSettings: { ja: 'リードスコアの設定', en: 'Settings of lead scoring' },
}

/** What something is called in both languages; by its key where it has no name. */
function nameOf(item: JsonObject, key: string): Words {
  const text = (...names: string[]) => names.map(name => item[name]).find(value => typeof value === 'string')
  const own = singles[key] ?? kpis.find(kpi => kpi.key === item.kpi)?.words
  if (own) return own
  const ja = text('nameJa', 'labelJa', 'label', 'name') ?? key
  return { ja, en: text('nameEn', 'labelEn') ?? ja }
}
