import { z } from 'zod'
import { condition, conditionTree } from '../../../catalog/conditions/contract.ts'
import { tiersItem } from '../../../customers/accounts/contract/tiers.ts'
import { createAttribute } from '../../../customers/attributes/contract/attributes.ts'
import { alertRuleItem } from '../../../engage/alerts/contract/rules.ts'
import { flowItem } from '../../../engage/flows/contract/portable.ts'
import { inAppMessageItem } from '../../../engage/in-app/contract/messages.ts'
import { messageTemplateItem } from '../../../engage/messages/contract/templates.ts'
import { newTopic } from '../../../engage/messages/contract/topics.ts'
import { onboardingItem } from '../../../engage/onboarding/contract/definition.ts'
import { taskRulesItem } from '../../../engage/tasks/contract/settings.ts'
import { kpiTargetItem } from '../../../insights/kpis/contract.ts'
import { line } from '../../../platform/http/contract.ts'
import { churnSettings } from '../../../signals/churn/contract/settings.ts'
import { stageItem } from '../../../signals/lifecycle/contract/stages.ts'
import { createOwnMetric } from '../../../signals/metrics/contract.ts'
import { riskSignalItem } from '../../../signals/risks/contract.ts'
import { scorecardItem } from '../../../signals/scorecards/contract/cards.ts'
import { scoringRuleItem, scoringSettingsItem } from '../../../signals/scoring/contract/rules.ts'
import { segmentItem } from '../../../signals/segments/contract.ts'

/** What a blueprint says of itself. */
export const blueprintHead = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  nameJa: line(100),
  nameEn: line(100),
  summaryJa: z.string().max(1_000).default(''),
  summaryEn: z.string().max(1_000).default(''),
})
export type BlueprintHead = z.output<typeof blueprintHead>

const attributeItem = z.strictObject({
  ...createAttribute.body.shape,
  label: z.union([line(80), z.strictObject({ ja: line(80), en: line(80) })]).meta({
    description: 'With both, the one in the language of the company counts.',
  }),
  description: line(500).nullable().default(null),
})

/** What each section of a blueprint holds, in the order in which it is applied: what is named stands before what names it. */
export const sectionShapes = {
  attributes: z.array(attributeItem).max(200),
  tiers: tiersItem,
  metrics: z.array(z.strictObject(createOwnMetric.body.shape)).max(200),
  segments: z.array(segmentItem).max(500),
  riskSignals: z.array(riskSignalItem).max(200),
  scorecards: z.array(scorecardItem).max(50),
  churnSettings,
  alertRules: z.array(alertRuleItem).max(200),
  onboarding: z.array(onboardingItem).max(50),
  scoringRules: z.array(scoringRuleItem).max(100),
  scoringSettings: scoringSettingsItem,
  lifecycleStages: z.array(stageItem).max(30),
  taskRules: taskRulesItem,
  messageTopics: z.array(newTopic).max(50),
  messageTemplates: z.array(messageTemplateItem).max(300),
  inAppMessages: z.array(inAppMessageItem).max(100),
  flows: z.array(flowItem).max(100),
  kpiTargets: z.array(kpiTargetItem).max(100),
} as const
export type SectionName = keyof typeof sectionShapes
export const sectionNames = Object.keys(sectionShapes) as [SectionName, ...SectionName[]]

/** Any file of a blueprint: one section or several. */
const blueprintDocument = z.strictObject({ blueprint: blueprintHead, ...sectionShapes }).partial()

/** The JSON Schema of such a file, for editors. */
export function blueprintJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(blueprintDocument, {
    io: 'input',
    // A condition is checked part by part, so that each fault has its place; what it may be stands in its tree.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === condition) jsonSchema.$ref = '#/$defs/Condition'
    },
  })
  const { $defs } = z.toJSONSchema(z.array(conditionTree), { io: 'input' })
  return { ...schema, $defs: { ...schema.$defs, ...$defs } }
}
