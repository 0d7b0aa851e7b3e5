import { programmes } from './blueprints/programmes/module.ts'
import { imports } from './collect/imports/module.ts'
import { ingest } from './collect/ingest/module.ts'
import { webhooks } from './collect/webhooks/module.ts'
import { accounts } from './customers/accounts/module.ts'
import { attributes } from './customers/attributes/module.ts'
import { billing } from './customers/billing/module.ts'
import { conditions } from './customers/conditions/module.ts'
import { contacts } from './customers/contacts/module.ts'
import { contracts } from './customers/contracts/module.ts'
import { duplicates } from './customers/duplicates/module.ts'
import { feedback } from './customers/feedback/module.ts'
import { record } from './customers/record/module.ts'
import { support } from './customers/support/module.ts'
import { timeline } from './customers/timeline/module.ts'
import { views } from './customers/views/module.ts'
import { advocacy } from './engage/advocacy/module.ts'
import { alerts } from './engage/alerts/module.ts'
import { flows } from './engage/flows/module.ts'
import { inApp } from './engage/in-app/module.ts'
import { leads } from './engage/leads/module.ts'
import { lifecycleActions } from './engage/lifecycle-actions/module.ts'
import { messages } from './engage/messages/module.ts'
import { notices } from './engage/notices/module.ts'
import { onboarding } from './engage/onboarding/module.ts'
import { plans } from './engage/plans/module.ts'
import { reviews } from './engage/reviews/module.ts'
import { tasks } from './engage/tasks/module.ts'
import { upsell } from './engage/upsell/module.ts'
import { kpis } from './insights/kpis/module.ts'
import { portfolio } from './insights/portfolio/module.ts'
import { statistics } from './insights/statistics/module.ts'
import { administration } from './platform/administration/module.ts'
import { tables as auditTables } from './platform/audit/tables.ts'
import type { Reactions } from './platform/context/installation.ts'
import type { Vocabulary } from './platform/context/vocabulary.ts'
import { tables as databaseTables, type TableScopes } from './platform/db/tables.ts'
import { tables as eventTables } from './platform/events/tables.ts'
import type { Implementation } from './platform/http/implement.ts'
import type { RawImplementation } from './platform/http/raw.ts'
import { identity } from './platform/identity/module.ts'
import { mail } from './platform/mail/module.ts'
import type { BoxedColumn } from './platform/secrets/boxed-column.ts'
import { tables as secretTables } from './platform/secrets/tables.ts'
import type { JobDefinition } from './platform/work/definition.ts'
import type { Module } from './platform/work/manifest.ts'
import { jobsModule } from './platform/work/schedules.ts'
import { churn } from './signals/churn/module.ts'
import { health } from './signals/health/module.ts'
import { lifecycle } from './signals/lifecycle/module.ts'
import { metrics } from './signals/metrics/module.ts'
import { risks } from './signals/risks/module.ts'
import { scorecards } from './signals/scorecards/module.ts'
import { scoring } from './signals/scoring/module.ts'
import { segments } from './signals/segments/module.ts'

/** Every module, in the order in which data flows through them. */
const modules: readonly Module[] = [
  { name: 'database', tables: databaseTables },
  { name: 'secrets', tables: secretTables },
  { name: 'audit', tables: auditTables },
  { name: 'events', tables: eventTables },
  jobsModule(() => jobDefinitions),
  mail,
  identity,
  administration,
  attributes,
  views,
  accounts,
  contacts,
  contracts,
  support,
  billing,
  feedback,
  timeline,
  record,
  conditions,
  duplicates,
  ingest,
  webhooks,
  imports,
  metrics,
  segments,
  risks,
  lifecycle,
  health,
  scorecards,
  churn,
  scoring,
  plans,
  reviews,
  advocacy,
  upsell,
  notices,
  alerts,
  lifecycleActions,
  leads,
  tasks,
  onboarding,
  messages,
  inApp,
  flows,
  statistics,
  portfolio,
  kpis,
  programmes,
]

export const tableScopes: TableScopes = Object.assign({}, ...modules.map(module => module.tables ?? {}))
export const boxedColumns: readonly BoxedColumn[] = modules.flatMap(module => module.boxes ?? [])
export const implementations: readonly Implementation[] = modules.flatMap(module => module.routes ?? [])
export const rawImplementations: readonly RawImplementation[] = modules.flatMap(module => module.rawRoutes ?? [])
export const jobDefinitions: readonly JobDefinition[] = modules.flatMap(module => module.jobs ?? [])

export const vocabulary: Vocabulary = modules.flatMap(module => module.vocabulary ?? [])

export const reactions: Reactions = new Map(
  [
    ...Map.groupBy(
      modules.flatMap(module => Object.entries(module.reactions ?? {})),
      ([type]) => type,
    ),
  ].map(([type, entries]) => [type, entries.flatMap(([, names]) => names)]),
)
