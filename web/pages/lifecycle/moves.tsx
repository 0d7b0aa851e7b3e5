import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type LifecycleMove, listMoves } from '../../../server/signals/lifecycle/contract/leads.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { MoveWay, useMoveReason, useMover } from './move-line.tsx'

/** Every move, latest first: who moved where, by whom and why. */
export function Moves() {
  const t = useText()
  const format = useFormat()
  const moverOf = useMover()
  const reasonOf = useMoveReason()
  const { rows, problem, retry, more } = useRoutePages(listMoves, { query: { limit: 50 } })
  const columns = useMemo<Column<LifecycleMove>[]>(
    () => [
      {
        id: 'at',
        header: t('lifecycle.moves.at'),
        width: 112,
        cell: row => <time title={format.dateTime(row.at)}>{format.relative(row.at)}</time>,
      },
      {
        id: 'lead',
        header: t('lifecycle.moves.lead'),
        clip: true,
        cell: row => (
          <span title={[row.contactName, row.company].filter(Boolean).join(' · ')}>
            <Link to="/contacts/$id" params={{ id: row.contactId }} className="k-name">
              {row.contactName}
            </Link>{' '}
            <span className="text-t3">{row.company}</span>
          </span>
        ),
      },
      { id: 'move', header: t('lifecycle.moves.move'), width: 176, cell: row => <MoveWay move={row} /> },
      {
        id: 'by',
        header: t('lifecycle.moves.by'),
        width: 148,
        clip: true,
        narrow: 'hide',
        cell: row => <span title={moverOf(row)}>{moverOf(row)}</span>,
      },
      {
        id: 'why',
        header: t('lifecycle.moves.why'),
        clip: true,
        narrow: 'hide',
        cell: row => <span title={reasonOf(row)}>{reasonOf(row)}</span>,
      },
      {
        id: 'days',
        header: t('lifecycle.moves.days'),
        width: 120,
        align: 'end',
        narrow: 'hide',
        cell: row => (row.daysBefore === null ? <span className="text-t3">–</span> : format.number(row.daysBefore, 1)),
      },
    ],
    [t, format, moverOf, reasonOf],
  )
  return (
    <DataTable
      id="lifecycle-moves"
      fixed
      label={t('lifecycle.tab.moves')}
      columns={columns}
      rows={rows}
      rowId={row => row.id}
      rowName={row => row.contactName}
      problem={problem ? { text: wordsOf(problem, t), retry } : undefined}
      more={more}
      empty={<EmptyState title={t('lifecycle.moves.empty')} text={t('lifecycle.moves.emptyText')} />}
    />
  )
}
