import { useText } from '../../../i18n/provider.tsx'

/** Jobs that have a name in words; the others go by the name of their module. */
const named = [
  'contracts.end_revenue',
  'contracts.follow_calendar',
  'customers.index_search',
  'customers.judge_tiers',
  'customers.release',
  'identity.forget-keys',
  'identity.keep-sign-up',
  'identity.record-account',
  'imports.run',
  'imports.tidy',
  'imports.undo',
  'imports.watch',
  'ingest.follow_contact',
  'ingest.follow_merge',
  'ingest.process',
  'ingest.remove_old_events',
  'ingest.remove_old_findings',
  'jobs.forget-cancelled',
  'jobs.plan-schedules',
  'mail.send',
  'webhooks.follow',
  'webhooks.forget',
] as const

/** What a job does in words, with its name in the system. */
export function JobName({ name }: { name: string }) {
  const words = useJobWords(name)
  return (
    <span title={name}>
      {words ?? name} {words && <span className="k-mono text-t3">{name}</span>}
    </span>
  )
}

/** What a job does, in words; undefined for one that has none. */
export function useJobWords(name: string): string | undefined {
  const t = useText()
  const known = named.find(each => each === name)
  return known && t(`jobs.job.${known}`)
}
