import type { Condition } from '../../../catalog/conditions/contract.ts'
import { needsOfAll } from '../../../catalog/conditions/needs.ts'
import type { Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import type { JourneyDefinition, StartRule } from '../contract/definition.ts'
import { templatesOf } from './stored.ts'

/** Every condition of a definition and a rule, with its place. */
export function conditionsOf(
  definition: JourneyDefinition,
  starts: StartRule | null,
): { path: string; condition: Condition }[] {
  const found: { path: string; condition: Condition | null | undefined }[] = [
    ...definition.tasks.map(({ condition }, place) => ({ path: `definition.tasks.${place}.condition`, condition })),
    ...definition.measures.map(({ condition }, place) => ({
      path: `definition.measures.${place}.condition`,
      condition,
    })),
    ...definition.phases.flatMap(({ measures }, phase) =>
      measures.map(({ condition }, place) => ({
        path: `definition.phases.${phase}.measures.${place}.condition`,
        condition,
      })),
    ),
    ...definition.warnings.flatMap(({ when, unless }, place) => [
      { path: `definition.warnings.${place}.when`, condition: when },
      { path: `definition.warnings.${place}.unless`, condition: unless },
    ]),
    { path: 'definition.value', condition: definition.value },
    { path: 'starts.condition', condition: starts?.condition },
    { path: 'starts.segments', condition: starts?.segments },
  ]
  return found.flatMap(({ path, condition }) => (condition ? [{ path, condition }] : []))
}

/** What the conditions of templates name. */
export async function templateConditionUses(reader: Reader): Promise<VocabularyUse[]> {
  const templates = await templatesOf(reader)
  return templates.map(({ id, name_ja: ja, name_en: en, definition, starts }) => ({
    kind: 'onboarding_template',
    id,
    name: { ja, en },
    ...needsOfAll(
      conditionsOf(definition, starts).map(({ condition }) => condition),
      'customer',
    ),
  }))
}
