import { sql } from 'kysely'
import type { EventDefinition, FieldDefinition } from '../../../platform/context/vocabulary.ts'
import { onboardingEvents } from '../events.ts'

/** The running journey that says most of a customer: the one in the worst state, then the latest. */
const current = (column: string) => sql`(select ${sql.ref(`j.${column}`)} from onboarding_journey j
  where j.tenant_id = c.tenant_id and j.customer_id = c.id and j.status in ('running', 'paused')
  order by j.state = 'stuck' desc, j.state = 'behind' desc, j.starts_on desc, j.id limit 1)`

/** What conditions may name of onboarding; a customer without a running journey has none of it. */
export const onboardingFields: readonly FieldDefinition[] = [
  {
    id: 'onboardingState',
    record: 'customer',
    words: { ja: 'オンボーディングの状態', en: 'State of onboarding' },
    kind: 'one_of',
    group: 'onboarding',
    facts: 'success',
    value: current('state'),
    changesByItself: true,
    choices: [
      { value: 'on_track', words: { ja: '順調', en: 'On track' } },
      { value: 'behind', words: { ja: '遅れ', en: 'Behind' } },
      { value: 'stuck', words: { ja: '停滞', en: 'Stuck' } },
    ],
  },
  {
    id: 'onboardingProgress',
    record: 'customer',
    words: { ja: 'オンボーディングの進捗率', en: 'Progress of onboarding' },
    kind: 'number',
    group: 'onboarding',
    facts: 'success',
    value: current('progress'),
    changesByItself: true,
    unit: 'percent',
  },
  {
    id: 'onboardingStartedOn',
    record: 'customer',
    words: { ja: 'オンボーディングの開始日', en: 'Onboarding began on' },
    kind: 'date',
    group: 'onboarding',
    facts: 'success',
    value: current('starts_on'),
    changesByItself: true,
  },
]

export const onboardingEventWords: readonly EventDefinition[] = [
  { type: onboardingEvents.started, words: { ja: 'オンボーディングの開始', en: 'Onboarding started' } },
  { type: onboardingEvents.phaseEntered, words: { ja: 'フェーズの移行', en: 'Onboarding phase entered' } },
  { type: onboardingEvents.behind, words: { ja: 'オンボーディングの遅れ', en: 'Onboarding behind' } },
  { type: onboardingEvents.stuck, words: { ja: 'オンボーディングの停滞', en: 'Onboarding stuck' } },
  { type: onboardingEvents.onTrack, words: { ja: 'オンボーディングの回復', en: 'Onboarding back on track' } },
  { type: onboardingEvents.warning, words: { ja: 'オンボーディングの早期警告', en: 'Early warning in onboarding' } },
  { type: onboardingEvents.completed, words: { ja: 'オンボーディングの完了', en: 'Onboarding completed' } },
  { type: onboardingEvents.certified, words: { ja: '修了証の発行', en: 'Certificate issued' } },
]
