import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { healthMovers } from '../../../server/signals/scorecards/contract/health.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Segments } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Section } from '../../kit/layout.tsx'

type Mover = RouteReply<typeof healthMovers>['items'][number]

const days = 28

/** Customers whose score moved most in four weeks, with the causes in words. */
export function Movers({ mine }: { mine: 'own' | 'team' | undefined }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { moved } = useSearch({ from: '/workspace/health' })
  const navigate = useNavigate({ from: '/health' })
  const direction = moved ?? 'down'
  const movers = useRoutePages(healthMovers, { query: { days, direction, mine, limit: 10 } })
  const columns = useMemo<Column<Mover>[]>(() => {
    const causesOf = (row: Mover) =>
      row.causes.length === 0
        ? t('health.noCause')
        : row.causes.map(cause => cause.words[locale]).join(t('health.comma'))
    return [
      {
        id: 'name',
        header: t('health.customer'),
        width: 232,
        clip: true,
        cell: row => (
          <>
            <Link
              to="/customers/$id"
              params={{ id: row.id }}
              search={{ tab: 'health' }}
              className="s-name"
              title={row.name}
            >
              {row.name}
            </Link>
            <p className="s-narrow">{causesOf(row)}</p>
          </>
        ),
      },
      {
        id: 'change',
        header: t('health.change'),
        align: 'end',
        width: 88,
        cell: row => <strong className={row.change < 0 ? 's-down' : 's-up'}>{format.change(row.change, 1)}</strong>,
      },
      {
        id: 'score',
        header: t('health.scoreFromTo'),
        align: 'end',
        width: 112,
        cell: row => `${format.number(row.before, 0)} → ${format.number(row.score, 0)}`,
      },
      {
        id: 'causes',
        header: t('health.causes'),
        narrow: 'hide',
        cell: row => <span className="s-causes">{causesOf(row)}</span>,
      },
      {
        id: 'arr',
        header: t('health.arr'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        cell: row => (row.arr > 0 ? format.shortMoney(row.arr, row.currency) : '–'),
      },
      {
        id: 'owner',
        header: t('health.owner'),
        narrow: 'hide',
        width: 120,
        cell: row => row.ownerName ?? '–',
      },
    ]
  }, [t, format, locale])
  return (
    <Section
      title={t('health.movers')}
      note={t('health.moversNote', { days })}
      flush
      end={
        <Segments
          label={t('health.direction')}
          size="small"
          value={direction}
          onChange={next =>
            void navigate({
              search: { ...(mine && { mine }), ...(next === 'up' && { moved: 'up' }) },
              resetScroll: false,
            })
          }
          options={[
            { value: 'down', label: t('health.direction.down') },
            { value: 'up', label: t('health.direction.up') },
          ]}
        />
      }
    >
      <DataTable
        key={direction}
        id="health-movers"
        fixed
        label={t('health.movers')}
        columns={columns}
        rows={movers.rows}
        rowId={row => row.id}
        rowName={row => row.name}
        more={movers.more}
        problem={movers.problem ? { text: wordsOf(movers.problem, t), retry: movers.retry } : undefined}
        empty={<EmptyState title={t(`health.noMovers.${direction}`)} text={t('health.noMoversText', { days })} />}
      />
    </Section>
  )
}
