import { createTemplate, deleteTemplate, updateTemplate } from '../../../engage/onboarding/commands/templates.ts'
import { onboardingItem } from '../../../engage/onboarding/contract/definition.ts'
import { templatesOf } from '../../../engage/onboarding/queries/stored.ts'
import type { JsonObject } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { keyed, type Section } from './section.ts'

/** Templates of onboarding; archived ones count as gone, since one that customers went through is never deleted. */
export const onboarding: Section = {
  name: 'onboarding',
  keyOf: keyed,
  async stored(ctx) {
    return (await templatesOf(ctx))
      .filter(({ state }) => state === 'enabled')
      .map(({ id, key, name_ja: nameJa, name_en: nameEn, starts, definition }) => ({
        id,
        key,
        item: { key, nameJa, nameEn, starts, definition } as unknown as JsonObject,
      }))
  },
  async create(ctx, item) {
    const input = onboardingItem.parse(item)
    const old = (await templatesOf(ctx)).find(({ key }) => key === input.key)
    if (!old) {
      await createTemplate(ctx, input)
      return
    }
    const { key: _, ...rest } = input
    await updateTemplate(ctx, old.id, { ...rest, state: 'enabled' })
  },
  async change(ctx, { id }, item) {
    const { key: _, ...input } = onboardingItem.parse(item)
    await updateTemplate(ctx, id, input)
  },
  async remove(ctx, { id }) {
    try {
      await deleteTemplate(ctx, id)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
      await updateTemplate(ctx, id, { state: 'archived' })
    }
  },
}
