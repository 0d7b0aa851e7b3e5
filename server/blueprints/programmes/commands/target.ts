import { sql } from 'kysely'
import {
  type BlueprintFault,
  type BlueprintFile,
  readDocuments,
  readPart,
} from '../../../catalog/blueprints/document.ts'
import { shippedBlueprints } from '../../../catalog/blueprints/queries.ts'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { type Change, type Items, type Managed, placeOf, type Target } from '../changes.ts'
import type { BlueprintWish } from '../contract/blueprints.ts'
import {
  type BlueprintHead,
  blueprintHead,
  type SectionName,
  sectionNames,
  sectionShapes,
} from '../contract/document.ts'
import { canonical } from './current.ts'
import { sectionOf } from './sections.ts'

/** What is wished for, read and held against the shapes. */
export interface ReadTarget extends Target {
  name: Words
  faults: BlueprintFault[]
  /** The application that is taken back. */
  rollsBack?: string
  /** Whose things they were before that application. */
  managedBefore?: Managed[]
}

/** Reads what a wish asks for. @throws AppError `not_found`, `conflict` */
export async function readTarget(
  ctx: Context,
  wish: BlueprintWish,
  current: Items,
  managed: readonly Managed[],
): Promise<ReadTarget> {
  const { source, replaceOthers } = wish
  if ('rollback' in source) return rollbackTarget(ctx, source.rollback)
  const files = 'files' in source ? source.files : filesOfShipped(source.blueprint)
  const { head, sections, faults } = readFiles(files, ctx.locale)
  const wanted = new Map<SectionName, Map<string, JsonObject>>()
  for (const { name, items, placeOf: place } of sections) {
    const section = sectionOf(name)
    const known = wanted.get(name) ?? new Map<string, JsonObject>()
    for (const [index, item] of items.entries()) {
      const key = section.keyOf(item)
      const settled = section.settle ? await section.settle(ctx, item, index + 1, current.get(name)?.get(key)) : item
      if (known.has(key)) {
        faults.push({
          ...place(section.single ? [] : [index, 'key']),
          message: { ja: `「${key}」が2回書かれています。`, en: `"${key}" stands there twice.` },
        })
      }
      known.set(key, canonical(name, settled))
    }
    wanted.set(name, known)
  }
  if (faults.length === 0 && wanted.size === 0) {
    faults.push({ file: files[0]!.name, line: 1, column: 1, path: '', message: nothing })
  }
  const blueprint = head?.key ?? 'own'
  const removed = new Set(
    managed
      .filter(each => (replaceOthers || each.blueprint === blueprint) && !sectionOf(each.section).single)
      .map(({ section, key }) => placeOf(section, key)),
  )
  const name = head ? { ja: head.nameJa, en: head.nameEn } : { ja: '独自のブループリント', en: 'Own blueprint' }
  return { blueprint, name, wanted, removed, faults, adopts: head !== undefined }
}

const nothing: Words = {
  ja: '適用する項目がありません。',
  en: 'There is nothing in it to apply.',
}

/** @throws AppError `not_found` */
function filesOfShipped(key: string): BlueprintFile[] {
  const found = shippedBlueprints().find(each => each.key === key)
  if (!found) throw notFound()
  return found.files
}

interface ReadSection {
  name: SectionName
  items: JsonObject[]
  placeOf(path: readonly PropertyKey[]): Pick<BlueprintFault, 'file' | 'line' | 'column' | 'path'>
}

/** The sections of files, held against their shapes; every fault with its line. */
function readFiles(
  files: readonly BlueprintFile[],
  locale: Context['locale'],
): { head: BlueprintHead | undefined; sections: ReadSection[]; faults: BlueprintFault[] } {
  const { parts, faults } = readDocuments(files)
  const sections: ReadSection[] = []
  let head: BlueprintHead | undefined
  for (const part of parts) {
    if (part.section === 'blueprint') {
      const read = readPart(part, blueprintHead, locale)
      if (read.faults) faults.push(...read.faults)
      else head = read.value
      continue
    }
    const name = sectionNames.find(each => each === part.section)
    if (!name) {
      faults.push({
        ...part.placeOf([]),
        message: {
          ja: `「${part.section.slice(0, 60)}」という項目はありません。使えるのは ${sectionNames.join('、')} です。`,
          en: `There is no section "${part.section.slice(0, 60)}"; use ${sectionNames.join(', ')}.`,
        },
      })
      continue
    }
    const read = readPart<(typeof sectionShapes)[SectionName]>(part, sectionShapes[name], locale)
    if (read.faults) faults.push(...read.faults)
    else {
      const items = (Array.isArray(read.value) ? read.value : [read.value]) as unknown as JsonObject[]
      sections.push({ name, items, placeOf: part.placeOf })
    }
  }
  return { head, sections, faults }
}

/**
 * An application taken back: everything that it touched is to be as it was before.
 * @throws AppError `not_found`; `conflict` for one that was taken back already
 */
async function rollbackTarget(ctx: Context, id: string): Promise<ReadTarget> {
  const { rows } = await sql<{
    blueprint: string
    name_ja: string
    name_en: string
    changes: Change[]
    managed_before: Managed[]
    undone: boolean
  }>`
    select a.blueprint, a.name_ja, a.name_en, a.changes, a.managed_before, exists (
      select 1 from blueprint_application b where b.tenant_id = ${ctx.tenantId} and b.rolls_back = a.id) as undone
    from blueprint_application a where a.tenant_id = ${ctx.tenantId} and a.id = ${id}`.execute(ctx.tx)
  const [application] = rows
  if (!application) throw notFound()
  if (application.undone) {
    throw new AppError('conflict', {
      ja: 'この適用はすでに取り消されています。',
      en: 'This application was taken back already.',
    })
  }
  const wanted = new Map<SectionName, Map<string, JsonObject>>()
  const removed = new Set<string>()
  for (const { section, key, before } of application.changes) {
    if (before === null) removed.add(placeOf(section, key))
    else wanted.set(section, (wanted.get(section) ?? new Map()).set(key, before))
  }
  return {
    blueprint: application.blueprint,
    name: { ja: application.name_ja, en: application.name_en },
    wanted,
    removed,
    adopts: false,
    faults: [],
    rollsBack: id,
    managedBefore: application.managed_before,
  }
}
