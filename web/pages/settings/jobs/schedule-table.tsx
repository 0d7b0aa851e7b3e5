import { useMemo } from 'react'
import type { jobStatistics } from '../../../../server/platform/administration/contract/jobs.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { JobName } from './job-name.tsx'

type Schedule = RouteReply<typeof jobStatistics>['schedules'][number]

/** What runs by the clock. */
export function ScheduleTable({ schedules }: { schedules: readonly Schedule[] | undefined }) {
  const t = useText()
  const format = useFormat()
  const columns = useMemo<Column<Schedule>[]>(
    () => [
      { id: 'name', header: t('jobs.name'), clip: true, cell: row => <JobName name={row.name} /> },
      {
        id: 'cron',
        header: t('jobs.cron'),
        width: 220,
        narrow: 'hide',
        cell: row => (
          <>
            <code className="k-mono">{row.cron}</code> <span className="text-t3 text-12">{row.timeZone}</span>
          </>
        ),
      },
      {
        id: 'last',
        header: t('jobs.last'),
        align: 'end',
        width: 136,
        narrow: 'hide',
        cell: row => (row.lastAt ? format.dateTime(row.lastAt) : <span className="text-t3">–</span>),
      },
      { id: 'next', header: t('jobs.next'), align: 'end', width: 136, cell: row => format.dateTime(row.nextAt) },
    ],
    [t, format],
  )
  return (
    <DataTable
      id="schedules"
      label={t('jobs.schedules')}
      columns={columns}
      rows={schedules}
      rowId={row => row.name}
      rowName={row => row.name}
      empty={<p className="text-t3">{t('jobs.noSchedules')}</p>}
    />
  )
}
