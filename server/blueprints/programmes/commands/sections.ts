import { type SectionName, sectionNames } from '../contract/document.ts'
import { attributes, tiers } from './customer-sections.ts'
import { alertRules, taskRules } from './engage-sections.ts'
import { flows } from './flow-section.ts'
import { inAppMessages } from './in-app-section.ts'
import { kpiTargets } from './insight-sections.ts'
import { lifecycleStages, scoringRules, scoringSettings } from './lead-sections.ts'
import { messageTemplates, messageTopics } from './message-sections.ts'
import { onboarding } from './onboarding-section.ts'
import { churnSettings, riskSignals } from './risk-sections.ts'
import type { Section } from './section.ts'
import { metrics, scorecards, segments } from './signal-sections.ts'

const byName: Readonly<Record<SectionName, Section>> = {
  attributes,
  tiers,
  metrics,
  segments,
  riskSignals,
  scorecards,
  churnSettings,
  alertRules,
  onboarding,
  scoringRules,
  scoringSettings,
  lifecycleStages,
  taskRules,
  messageTopics,
  messageTemplates,
  inAppMessages,
  flows,
  kpiTargets,
}

/** Every section, in the order in which it is applied. */
export const sections: readonly Section[] = sectionNames.map(name => byName[name])

export function sectionOf(name: SectionName): Section {
  return byName[name]
}
