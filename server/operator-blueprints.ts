import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyBlueprint, planBlueprint } from './blueprints/programmes/commands/apply.ts'
import { blueprintDrift, exportSections } from './blueprints/programmes/commands/export.ts'
import type { BlueprintPlan, BlueprintWish } from './blueprints/programmes/contract/blueprints.ts'
import { filesOf, shippedBlueprints } from './catalog/blueprints/queries.ts'
import { operate, operator, origin } from './operate.ts'
import { tenantOrOnly } from './operator-companies.ts'
import type { Context } from './platform/context/context.ts'
import { AppError } from './platform/errors/app-error.ts'
import { inTenant } from './platform/tenancy/transaction.ts'

interface Where {
  tenant?: string | undefined
}

function inCompany<Result>({ tenant }: Where, work: (ctx: Context) => Promise<Result>): Promise<Result> {
  return operate(async installation =>
    inTenant(installation, origin(), await tenantOrOnly(installation, tenant), operator, work),
  )
}

/** What the command line names: a shipped blueprint by its key, or a folder. @throws AppError `not_found` */
async function wishOf(name: string, replaceOthers: boolean): Promise<BlueprintWish> {
  if (shippedBlueprints().some(({ key }) => key === name)) return { source: { blueprint: name }, replaceOthers }
  const isFolder = await stat(name).then(
    found => found.isDirectory(),
    () => false,
  )
  const files = isFolder ? filesOf(name) : []
  if (files.length > 0) return { source: { files }, replaceOthers }
  const keys = shippedBlueprints().map(({ key }) => key)
  throw new AppError('not_found', {
    ja: `「${name}」というブループリントも、YAMLファイルのあるフォルダーもありません。付属のものは ${keys.join('、')} です。`,
    en: `"${name}" is neither a blueprint nor a folder with YAML files. Those that come along: ${keys.join(', ')}.`,
  })
}

/** What applying a blueprint would do. */
export async function planOf(name: string, where: Where & { replaceOthers: boolean }): Promise<BlueprintPlan> {
  const wish = await wishOf(name, where.replaceOthers)
  return inCompany(where, ctx => planBlueprint(ctx, wish))
}

/** Applies a blueprint; with a fingerprint only that plan. @returns what was done */
export async function applyOf(
  name: string,
  where: Where & { replaceOthers: boolean; fingerprint?: string | undefined },
): Promise<BlueprintPlan & { id: string | null }> {
  const wish = await wishOf(name, where.replaceOthers)
  return inCompany(where, async ctx => {
    const plan = await planBlueprint(ctx, wish)
    const isNothing = plan.changes.length === 0
    if (plan.faults.length > 0 || isNothing) return { ...plan, id: null }
    return { ...plan, id: await applyBlueprint(ctx, wish, where.fingerprint ?? plan.fingerprint) }
  })
}

/** Writes what a company has into a folder, one file a section. @returns the files */
export async function exportTo(folder: string, where: Where & { blueprint?: string | undefined }): Promise<string[]> {
  const sections = await inCompany(where, ctx => exportSections(ctx, where.blueprint))
  await mkdir(folder, { recursive: true })
  const written: string[] = []
  for (const { section, text } of sections) {
    const file = join(folder, `${section.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}.yaml`)
    await writeFile(file, text)
    written.push(file)
  }
  return written
}

/** What was changed by hand since a blueprint was applied. */
export async function driftFrom(where: Where) {
  return inCompany(where, ctx => blueprintDrift(ctx))
}
