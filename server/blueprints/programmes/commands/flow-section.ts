import { sql } from 'kysely'
import {
  changeFlowState,
  createFlow,
  deleteFlow,
  publishFlow,
  updateFlow,
} from '../../../engage/flows/commands/flows.ts'
import { flowDocument } from '../../../engage/flows/contract/document.ts'
import { flowItem } from '../../../engage/flows/contract/portable.ts'
import { flowsOf, storedFlow } from '../../../engage/flows/queries/stored.ts'
import type { Context, JsonObject, JsonValue } from '../../../platform/context/context.ts'
import { sameJson } from '../difference.ts'
import { keyed, type Section } from './section.ts'

const storedItem = flowItem.extend({ document: flowDocument })

/**
 * Flows: what runs of one that is published, else its draft. Archived ones count as gone, since one that somebody went
 * through is never deleted.
 */
export const flows: Section = {
  name: 'flows',
  keyOf: keyed,
  async settle(ctx, item) {
    const { rows } = await sql<{ locale: 'ja' | 'en' }>`select locale from tenant where id = ${ctx.tenantId}`.execute(
      ctx.tx,
    )
    return inOneLanguage(item, rows[0]!.locale) as JsonObject
  },
  async stored(ctx) {
    return (await flowsOf(ctx))
      .filter(({ state }) => state !== 'archived')
      .map(({ id, key, nameJa, nameEn, description, kind, state, draft, published }) => {
        const document = state === 'draft' ? draft : (published ?? draft)
        return { id, key, item: { key, nameJa, nameEn, description, kind, state, document } as unknown as JsonObject }
      })
  },
  async create(ctx, item) {
    const { state: _, ...input } = storedItem.parse(item)
    const archived = (await flowsOf(ctx)).find(({ key }) => key === input.key)
    if (archived) await changeFlowState(ctx, archived.id, 'draft')
    await bring(ctx, archived?.id ?? (await createFlow(ctx, input)), item)
  },
  change: (ctx, { id }, item) => bring(ctx, id, item),
  async remove(ctx, { id }) {
    const { version } = await storedFlow(ctx, id)
    if (version === null) await deleteFlow(ctx, id)
    else await changeFlowState(ctx, id, 'archived')
  },
}

/** Makes a flow what an item says; what somebody was drafting meanwhile stays their draft. */
async function bring(ctx: Context, id: string, item: JsonObject): Promise<void> {
  const { key: _, state, document, ...names } = storedItem.parse(item)
  const known = await storedFlow(ctx, id)
  const runs = known.published !== null && isSame(known.published, document)
  if (state === 'draft') {
    if (known.state === 'enabled' || known.state === 'paused') {
      await changeFlowState(ctx, id, 'archived')
      await changeFlowState(ctx, id, 'draft')
    }
    await updateFlow(ctx, id, { ...names, document })
    return
  }
  await updateFlow(ctx, id, runs ? names : { ...names, document })
  if (!runs) await publishFlow(ctx, id, { startMatching: false })
  else if (known.state !== state && state === 'enabled') await changeFlowState(ctx, id, 'enabled')
  if (state === 'paused') await changeFlowState(ctx, id, 'paused')
  const drafted = known.published !== null && !isSame(known.draft, known.published) && !isSame(known.draft, document)
  if (!runs && drafted) await updateFlow(ctx, id, { document: known.draft })
}

function isSame(a: unknown, b: unknown): boolean {
  return sameJson(a as JsonObject, b as JsonObject)
}

/** Texts in both languages become the one of the company; notices keep both, since each colleague reads their own. */
function inOneLanguage(value: JsonValue, locale: 'ja' | 'en'): JsonValue {
  if (Array.isArray(value)) return value.map(each => inOneLanguage(each, locale))
  if (value === null || typeof value !== 'object' || value.kind === 'notice') return value
  const keys = Object.keys(value)
  if (keys.length === 2 && typeof value.ja === 'string' && typeof value.en === 'string') return value[locale]!
  return Object.fromEntries(keys.map(key => [key, inOneLanguage(value[key]!, locale)]))
}
