import { sql } from 'kysely'
import { setTierModel } from '../../../customers/accounts/commands/tiers.ts'
import { type TierModel, tiersItem } from '../../../customers/accounts/contract/tiers.ts'
import { tierModelOf, tierPresets } from '../../../customers/accounts/queries/tier-model.ts'
import { changeAttribute, defineAttribute, deleteAttribute } from '../../../customers/attributes/commands/attributes.ts'
import { createAttribute, recordKinds } from '../../../customers/attributes/contract/attributes.ts'
import { attributesOf } from '../../../customers/attributes/queries/attributes.ts'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { sameJson } from '../difference.ts'
import type { Section, StoredItem } from './section.ts'

/** Fields of the company's own. Their key in a blueprint is that of the record and theirs: `customer.industry_code`. */
export const attributes: Section = {
  name: 'attributes',
  keyOf: item => `${item.record}.${item.key}`,
  async settle(ctx, item) {
    const { label } = item
    if (typeof label !== 'object' || label === null || Array.isArray(label)) return item
    const { rows } = await sql<{ locale: string }>`select locale from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
    return { ...item, label: label[rows[0]!.locale]! }
  },
  async stored(ctx) {
    const stored: StoredItem[] = []
    for (const record of recordKinds) {
      for (const { id, ...attribute } of await attributesOf(ctx, record)) {
        stored.push({ id, key: `${record}.${attribute.key}`, item: { record, ...attribute } })
      }
    }
    return stored
  },
  async create(ctx, item) {
    await defineAttribute(ctx, read(item))
  },
  async change(ctx, { id, item: before }, item) {
    const { label, options, description, type } = read(item)
    if (type !== before.type) {
      throw new AppError('conflict', {
        ja: `属性の型は変更できません（${before.type} → ${type}）。別のキーで追加してください。`,
        en: `The type of an attribute stays (${before.type}, not ${type}). Add another one with its own key.`,
      })
    }
    await changeAttribute(ctx, id, { label, options, description: description ?? null })
  },
  remove: (ctx, { id }) => deleteAttribute(ctx, id),
}

const read = (item: JsonObject) => createAttribute.body.parse(item)

/** The tiers and their rule. */
export const tiers: Section = {
  name: 'tiers',
  single: true,
  keyOf: () => 'tiers',
  async stored(ctx) {
    const { preset: _, ...model } = await tierModelOf(ctx)
    return [{ id: 'tiers', key: 'tiers', item: model as unknown as JsonObject }]
  },
  create: (ctx, item) => setTiers(ctx, item),
  change: (ctx, _, item) => setTiers(ctx, item),
  // Every company has tiers.
  remove: async () => {},
}

async function setTiers(ctx: Context, item: JsonObject): Promise<void> {
  const model = tiersItem.parse(item)
  const isSame = ({ preset: _, ...known }: TierModel) => sameJson(known as unknown as JsonObject, item)
  await setTierModel(ctx, { preset: tierPresets.find(isSame)?.preset ?? 'custom', ...model })
}
