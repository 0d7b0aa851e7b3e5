import { useSearch } from '@tanstack/react-router'
import { jobStatistics } from '../../../../server/platform/administration/contract/jobs.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useRoute, wordsOf } from '../../../api/hooks.ts'
import { useRefresh } from '../../../api/refresh.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Facts, Section } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SkeletonText } from '../../../kit/skeleton.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { JobTable } from './job-table.tsx'
import { ScheduleTable } from './schedule-table.tsx'

/** Seconds between two looks: no event tells of each step of a job. */
const refreshSeconds = 5

export function JobsPage() {
  const t = useText()
  return (
    <SettingsScreen title={t('jobs.title')} wide>
      <Permitted permission="jobs.manage">
        <JobsBody />
      </Permitted>
    </SettingsScreen>
  )
}

function JobsBody() {
  const t = useText()
  const { state } = useSearch({ from: '/workspace/settings/jobs' })
  const statistics = useRoute(jobStatistics)
  useRefresh('/api/v1/job', refreshSeconds)
  return (
    <>
      {statistics.error && !statistics.data ? (
        <Note tone="red" alert>
          {wordsOf(statistics.error, t)}{' '}
          <button type="button" className="k-link" onClick={() => void statistics.refetch()}>
            {t('kit.table.retry')}
          </button>
        </Note>
      ) : (
        <div className="mb-6">
          <JobFacts statistics={statistics.data} />
        </div>
      )}
      <Section title={t('jobs.list')} note={t('jobs.listNote')}>
        <JobTable state={state} />
      </Section>
      <Section title={t('jobs.schedules')} note={t('jobs.schedulesNote')}>
        <ScheduleTable schedules={statistics.data?.schedules} />
      </Section>
    </>
  )
}

function JobFacts({ statistics }: { statistics: RouteReply<typeof jobStatistics> | undefined }) {
  const t = useText()
  const format = useFormat()
  const waiting = <SkeletonText width={32} />
  const oldest = statistics?.oldestWaitingSeconds
  return (
    <Facts
      facts={[
        { label: t('jobs.state.waiting'), value: statistics ? format.number(statistics.waiting) : waiting },
        { label: t('jobs.state.leased'), value: statistics ? format.number(statistics.leased) : waiting },
        { label: t('jobs.state.failed'), value: statistics ? format.number(statistics.failed) : waiting },
        {
          label: t('jobs.oldest'),
          value: statistics ? (oldest === null || oldest === undefined ? '–' : durationOf(oldest, t)) : waiting,
        },
      ]}
    />
  )
}

/** A wait in words, in its largest unit. */
function durationOf(seconds: number, t: ReturnType<typeof useText>): string {
  if (seconds < 90) return t('jobs.seconds', { count: Math.max(0, Math.round(seconds)) })
  if (seconds < 5_400) return t('jobs.minutes', { count: Math.round(seconds / 60) })
  return t('jobs.hours', { count: Math.round(seconds / 3_600) })
}
