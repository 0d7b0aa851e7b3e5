import { useFormat, useText } from '../../i18n/provider.tsx'
import { SkeletonText } from '../../kit/skeleton.tsx'

const named = [
  'contacts',
  'contracts',
  'tickets',
  'invoices',
  'payments',
  'survey_answers',
  'communications',
  'subsidiaries',
  'success_plans',
  'business_reviews',
  'tasks',
  'journeys',
  'enrolments',
  'certificates',
  'advocacy_activities',
  'health_scores',
  'profile',
  'history',
  'usage_days',
  'events',
] as const

/** What hangs on a record, counted: shown before it is taken away or merged. */
export function Uses({ uses }: { uses: readonly { kind: string; count: number }[] | undefined }) {
  const t = useText()
  const format = useFormat()
  if (!uses) return <SkeletonText width={220} />
  const parts = uses
    .filter(use => use.count > 0)
    .map(({ kind, count }) => {
      const known = named.find(each => each === kind)
      return t('record.use', { name: known ? t(`record.uses.${known}`) : kind, count })
    })
  return <p className="text-t3">{parts.length > 0 ? format.list(parts) : t('record.noUses')}</p>
}
