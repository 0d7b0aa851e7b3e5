import { createInApp, deleteInApp, updateInApp } from '../../../engage/in-app/commands/messages.ts'
import type { InAppDocument } from '../../../engage/in-app/contract/document.ts'
import { inAppMessageItem } from '../../../engage/in-app/contract/messages.ts'
import { inAppsWithDocument } from '../../../engage/in-app/queries/messages.ts'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { segmentsOf } from '../../../signals/segments/queries/segments.ts'
import { nameInLanguage } from './message-sections.ts'
import { keyed, type Section } from './section.ts'

/** Messages that are shown inside the product. Moments between which one is shown belong to the company alone. */
export const inAppMessages: Section = {
  name: 'inAppMessages',
  keyOf: keyed,
  settle: nameInLanguage,
  async stored(ctx) {
    const keys = new Map((await segmentsOf(ctx)).map(({ id, key }) => [id, key]))
    return (await inAppsWithDocument(ctx)).map(({ id, key, name, state, priority, document }) => {
      const { audience } = document
      const portable =
        audience?.kind === 'segment' ? { kind: 'segment', segment: keys.get(audience.id) ?? audience.id } : audience
      const item = { key, name, enabled: state === 'enabled', priority, document: { ...document, audience: portable } }
      return { id, key, item: item as unknown as JsonObject }
    })
  },
  async create(ctx, item) {
    const { enabled, ...input } = await readMessage(ctx, item)
    const id = await createInApp(ctx, { ...input, startsAt: null, endsAt: null })
    if (enabled) await updateInApp(ctx, id, { state: 'enabled' })
  },
  async change(ctx, { id, item: before }, item) {
    const { key: _, enabled, ...input } = await readMessage(ctx, item)
    const state = enabled === before.enabled ? {} : { state: enabled ? ('enabled' as const) : ('paused' as const) }
    await updateInApp(ctx, id, { ...input, ...state })
  },
  remove: (ctx, { id }) => deleteInApp(ctx, id),
}

async function readMessage(ctx: Context, item: JsonObject) {
  const { name, document, ...input } = inAppMessageItem.parse(item)
  const { audience } = document
  let own: InAppDocument['audience'] = null
  if (audience?.kind === 'condition') own = audience
  if (audience?.kind === 'segment') {
    const found = (await segmentsOf(ctx)).find(({ key }) => key === audience.segment)
    if (!found) {
      throw new AppError('invalid_input', {
        ja: `セグメント「${audience.segment}」がありません。先に追加してください。`,
        en: `There is no segment "${audience.segment}". Add it first.`,
      })
    }
    own = { kind: 'segment', id: found.id }
  }
  return { ...input, name: typeof name === 'string' ? name : name.ja, document: { ...document, audience: own } }
}
