import { Link } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { explainCondition } from '../../../server/customers/conditions/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { type getSegment, listSegmentMembers, listSegmentMoves } from '../../../server/signals/segments/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { WhyTree } from '../../features/conditions/why-tree.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { IconButton } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { Drawer } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import './segments.css'

type Segment = RouteReply<typeof getSegment>
type Member = RouteReply<typeof listSegmentMembers>['items'][number]

/** Who is in a segment now, or was on a day. */
export function Members({ segment }: { segment: Segment }) {
  const t = useText()
  const format = useFormat()
  const [day, setDay] = useState('')
  const [why, setWhy] = useState<Member | null>(null)
  const at = day ? new Date(`${day}T23:59:59`).toISOString() : undefined
  const members = useRoutePages(listSegmentMembers, { params: { id: segment.id }, query: { limit: 50, at } })
  const columns = useMemo<Column<Member>[]>(
    () => [
      {
        id: 'name',
        header: t('segments.name'),
        clip: true,
        cell: row =>
          segment.record === 'customer' ? (
            <Link to="/customers/$id" params={{ id: row.id }} title={row.name}>
              {row.name}
            </Link>
          ) : (
            <Link to="/contacts/$id" params={{ id: row.id }} title={row.name}>
              {row.name}
            </Link>
          ),
      },
      {
        id: 'about',
        header: t(segment.record === 'customer' ? 'segments.csm' : 'segments.customer'),
        clip: true,
        narrow: 'hide',
        cell: row => row.about ?? <span className="text-t3">–</span>,
      },
      {
        id: 'entered',
        header: t('segments.enteredAt'),
        align: 'end',
        width: 160,
        cell: row => format.dateTime(row.enteredAt),
      },
      ...(segment.condition
        ? [
            {
              id: 'why',
              header: t('segments.whyTitle'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: Member) => (
                <IconButton icon="info" label={`${t('segments.whyTitle')}: ${row.name}`} onClick={() => setWhy(row)} />
              ),
            },
          ]
        : []),
    ],
    [t, format, segment],
  )
  return (
    <>
      <DataTable
        id="segment-members"
        fixed
        label={t('segments.tab.members')}
        columns={columns}
        rows={members.rows}
        rowId={row => row.id}
        rowName={row => row.name}
        more={members.more}
        problem={members.problem ? { text: wordsOf(members.problem, t), retry: members.retry } : undefined}
        tools={
          <label className="q-parts">
            <span>{t('segments.asOf')}</span>
            <input type="date" className="k-input" value={day} onChange={event => setDay(event.currentTarget.value)} />
          </label>
        }
        empty={<EmptyState title={t('segments.noMembers')} text={segment.description ?? ''} />}
      />
      {why && segment.condition && <Why segment={segment} member={why} onClose={() => setWhy(null)} />}
    </>
  )
}

function Why({ segment, member, onClose }: { segment: Segment; member: Member; onClose: () => void }) {
  const t = useText()
  const { run } = useCommand(explainCondition, { stale: [] })
  const [shown, setShown] = useState<RouteReply<typeof explainCondition>>()
  const load = useCallback(async () => {
    setShown(await run({ body: { record: segment.record, id: member.id, condition: segment.condition } }))
  }, [run, segment, member])
  useMemo(() => void load().catch(() => {}), [load])
  return (
    <Drawer open onClose={onClose} title={`${t('segments.whyTitle')}: ${member.name}`}>
      {shown ? <WhyTree record={segment.record} explanation={shown} /> : <SkeletonRows rows={4} />}
    </Drawer>
  )
}

type Move = RouteReply<typeof listSegmentMoves>['items'][number]

/** Who came and who went. */
export function Moves({ segment }: { segment: Segment }) {
  const t = useText()
  const format = useFormat()
  const moves = useRoutePages(listSegmentMoves, { params: { id: segment.id }, query: { limit: 50 } })
  const columns = useMemo<Column<Move>[]>(
    () => [
      { id: 'name', header: t('segments.name'), clip: true, cell: row => row.name },
      {
        id: 'entered',
        header: t('segments.state'),
        width: 104,
        cell: row => t(row.entered ? 'segments.entered' : 'segments.exited'),
      },
      { id: 'at', header: t('segments.at'), align: 'end', width: 160, cell: row => format.dateTime(row.at) },
    ],
    [t, format],
  )
  return (
    <DataTable
      id="segment-moves"
      fixed
      label={t('segments.tab.moves')}
      columns={columns}
      rows={moves.rows}
      rowId={row => `${row.id} ${row.at} ${row.entered}`}
      rowName={row => row.name}
      more={moves.more}
      problem={moves.problem ? { text: wordsOf(moves.problem, t), retry: moves.retry } : undefined}
      empty={<EmptyState title={t('segments.noMembers')} text="" />}
    />
  )
}
