import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { cancelJob, listJobs, retryJob } from '../../../../server/platform/administration/contract/jobs.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../../api/hooks.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Select } from '../../../kit/field.tsx'
import { Pairs } from '../../../kit/layout.tsx'
import { Menu, MenuItem } from '../../../kit/menu.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { JobName, useJobWords } from './job-name.tsx'
import { type JobState, jobStateOf, jobStates } from './job-state.ts'

type Job = RouteReply<typeof listJobs>['items'][number]

const look = {
  waiting: { tone: 'accent', icon: 'clock' },
  leased: { tone: 'accent', icon: 'play' },
  failed: { tone: 'red', icon: 'alert' },
  cancelled: { tone: 'plain', icon: 'close' },
} as const

const stale = ['/api/v1/job']

/** Unfinished, failed and cancelled jobs, newest first. */
export function JobTable({ state }: { state: JobState | undefined }) {
  const t = useText()
  const format = useFormat()
  const navigate = useNavigate({ from: '/settings/jobs' })
  const jobs = useRoutePages(listJobs, { query: { state } })
  const [cancelling, setCancelling] = useState<Job | null>(null)
  const columns = useMemo<Column<Job>[]>(
    () => [
      { id: 'name', header: t('jobs.name'), clip: true, cell: row => <JobName name={row.name} /> },
      {
        id: 'state',
        header: t('jobs.state'),
        width: 96,
        cell: row => (
          <Badge tone={look[row.state].tone} icon={look[row.state].icon}>
            {t(`jobs.state.${row.state}`)}
          </Badge>
        ),
      },
      {
        id: 'attempts',
        header: t('jobs.attempts'),
        align: 'end',
        width: 72,
        narrow: 'hide',
        cell: row => `${row.attempts} / ${row.maxAttempts}`,
      },
      {
        id: 'error',
        header: t('jobs.error'),
        clip: true,
        narrow: 'hide',
        cell: row => (
          <span title={row.lastError ?? undefined}>{row.lastError ?? <span className="text-t3">–</span>}</span>
        ),
      },
      {
        id: 'due',
        header: t('jobs.due'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        cell: row =>
          row.state === 'waiting' ? (
            <span title={format.dateTime(row.runAt)}>{format.relative(row.runAt)}</span>
          ) : (
            <span className="text-t3">–</span>
          ),
      },
      {
        id: 'updated',
        header: t('jobs.updated'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        cell: row => <span title={format.dateTime(row.updatedAt)}>{format.relative(row.updatedAt)}</span>,
      },
      {
        id: 'actions',
        header: t('kit.table.actions'),
        actions: true,
        align: 'end',
        width: 40,
        cell: row =>
          (row.state === 'failed' || row.state === 'waiting') && (
            <JobMenu job={row} onCancel={() => setCancelling(row)} />
          ),
      },
    ],
    [t, format],
  )
  return (
    <>
      <DataTable
        id="jobs"
        label={t('jobs.list')}
        columns={columns}
        rows={jobs.rows}
        rowId={row => String(row.id)}
        rowName={row => `${row.name} ${row.id}`}
        more={jobs.more}
        problem={jobs.problem ? { text: wordsOf(jobs.problem, t), retry: jobs.retry } : undefined}
        detail={row => <JobDetail job={row} />}
        tools={
          <span className="s-tool">
            <Select
              aria-label={t('jobs.state')}
              placeholder={t('jobs.allStates')}
              value={state ?? ''}
              options={jobStates.map(value => ({ value, label: t(`jobs.state.${value}`) }))}
              onChange={event =>
                void navigate({
                  search: { state: jobStateOf(event.currentTarget.value) },
                  replace: true,
                  resetScroll: false,
                })
              }
            />
          </span>
        }
        empty={
          <EmptyState
            title={t(state ? 'jobs.noneInState' : 'jobs.empty')}
            text={t(state ? 'jobs.noneInStateText' : 'jobs.emptyText')}
          />
        }
      />
      {cancelling && <CancelDialog job={cancelling} onClose={() => setCancelling(null)} />}
    </>
  )
}

function JobMenu({ job, onCancel }: { job: Job; onCancel: () => void }) {
  const t = useText()
  const name = useJobWords(job.name) ?? job.name
  const retry = useCommand(retryJob, { stale, onDone: () => toastDone(t('jobs.retried', { name })) })
  return (
    <Menu trigger={<IconButton icon="more" label={t('jobs.actionsFor', { name, id: job.id })} />}>
      <MenuItem icon="refresh" onSelect={() => retry.run({ params: { id: job.id } }).catch(() => {})}>
        {t('jobs.retry')}
      </MenuItem>
      <MenuItem icon="close" tone="danger" onSelect={onCancel}>
        {t('jobs.cancel')}
      </MenuItem>
    </Menu>
  )
}

function CancelDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useText()
  const name = useJobWords(job.name) ?? job.name
  const cancel = useCommand(cancelJob, { stale, onDone: () => toastDone(t('jobs.cancelled', { name })) })
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('jobs.cancelTitle', { name })}
      text={t('jobs.cancelText')}
      confirm={t('jobs.cancelConfirm')}
      onConfirm={() => cancel.run({ params: { id: job.id } })}
    />
  )
}

function JobDetail({ job }: { job: Job }) {
  const t = useText()
  const format = useFormat()
  return (
    <div className="s-detail">
      <Pairs
        align="start"
        pairs={[
          [t('jobs.number'), <code key="id">{job.id}</code>],
          [t('jobs.created'), format.dateTime(job.createdAt)],
          [t('jobs.due'), format.dateTime(job.runAt)],
          [t('jobs.attempts'), `${job.attempts} / ${job.maxAttempts}`],
          ...(job.leaseUntil ? [[t('jobs.leaseUntil'), format.dateTime(job.leaseUntil)] as const] : []),
          [t('jobs.error'), job.lastError ?? '–'],
        ]}
      />
    </div>
  )
}
