import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { listScorecards, updateScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { CreateDialog } from './create-dialog.tsx'
import { stateTones } from './draft.ts'
import './scorecards.css'

type Scorecard = RouteReply<typeof listScorecards>['items'][number]

/** The scorecards of the company, in the order in which they are tried for a customer. */
export function ScorecardsPage() {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const mayManage = useMay('health.manage')
  const [making, setMaking] = useState(false)
  const { data, error, refetch } = useRoute(listScorecards)
  const update = useCommand(updateScorecard, { stale: ['/api/v1/health'] })
  const items = data?.items
  const columns = useMemo<Column<Scorecard>[]>(() => {
    // Places are given anew, so that two that stand at the same one can part.
    const swap = async (at: number, step: 1 | -1) => {
      const order = [...(items ?? [])]
      const [card] = order.splice(at, 1)
      if (!card) return
      order.splice(at + step, 0, card)
      for (const [place, each] of order.entries()) {
        if (each.position !== place + 1) await update.run({ params: { id: each.id }, body: { position: place + 1 } })
      }
    }
    return [
      {
        id: 'name',
        header: t('scorecards.card.name'),
        clip: true,
        cell: row => (
          <Link to="/health/scorecards/$id" params={{ id: row.id }} className="s-name">
            {nameOf(row, locale)}
          </Link>
        ),
      },
      {
        id: 'state',
        header: t('scorecards.card.state'),
        width: 176,
        cell: row => (
          <span className="s-badges">
            <Badge tone={stateTones[row.state]}>{t(`scorecards.state.${row.state}`)}</Badge>
            {row.draft && row.version > 0 && <Badge tone="yellow">{t('scorecards.card.hasDraft')}</Badge>}
          </span>
        ),
      },
      {
        id: 'whom',
        header: t('scorecards.card.whom'),
        narrow: 'hide',
        cell: row => t(row.condition ? 'scorecards.card.some' : 'scorecards.card.everybody'),
      },
      {
        id: 'factors',
        header: t('scorecards.card.factors'),
        align: 'end',
        narrow: 'hide',
        cell: row => format.number((row.definition ?? row.draft)?.factors.length ?? 0),
      },
      {
        id: 'version',
        header: t('scorecards.card.version'),
        align: 'end',
        narrow: 'hide',
        cell: row => (row.version === 0 ? '–' : t('scorecards.version', { version: row.version })),
      },
      {
        id: 'customers',
        header: t('health.customersHead'),
        align: 'end',
        cell: row => (row.customers === 0 ? '–' : format.number(row.customers)),
      },
      {
        id: 'mean',
        header: t('health.mean'),
        align: 'end',
        cell: row => (row.meanScore === null ? '–' : format.number(row.meanScore, 1)),
      },
      ...(mayManage && (items ?? []).length > 1
        ? [
            {
              id: 'order',
              header: t('scorecards.card.order'),
              actions: true,
              align: 'end' as const,
              cell: (row: Scorecard) => {
                const at = (items ?? []).indexOf(row)
                const name = nameOf(row, locale)
                return (
                  <>
                    <IconButton
                      icon="chevron-up"
                      label={t('scorecards.card.up', { name })}
                      disabled={at === 0 || update.pending}
                      onClick={() => void swap(at, -1).catch(() => {})}
                    />
                    <IconButton
                      icon="chevron-down"
                      label={t('scorecards.card.down', { name })}
                      disabled={at === (items ?? []).length - 1 || update.pending}
                      onClick={() => void swap(at, 1).catch(() => {})}
                    />
                  </>
                )
              },
            },
          ]
        : []),
    ]
  }, [t, format, locale, items, mayManage, update])
  const make = mayManage ? () => setMaking(true) : undefined
  return (
    <Screen
      title={t('health.scorecards')}
      crumbs={[{ label: t('health.title'), to: '/health' }]}
      actions={
        make && (
          <Button kind="primary" size="small" icon="plus" onClick={make}>
            {t('scorecards.card.create')}
          </Button>
        )
      }
    >
      <Page>
        <p className="s-lead">{t('scorecards.card.lead')}</p>
        <DataTable
          id="scorecards"
          fixed
          label={t('health.scorecards')}
          columns={columns}
          rows={items}
          rowId={row => row.id}
          rowName={row => nameOf(row, locale)}
          problem={error && !data ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
          empty={
            <EmptyState
              title={t('scorecards.card.none')}
              text={t('scorecards.card.noneText')}
              actions={
                make && (
                  <Button kind="primary" onClick={make}>
                    {t('scorecards.card.create')}
                  </Button>
                )
              }
            />
          }
        />
      </Page>
      {making && data && (
        <CreateDialog
          presets={data.presets}
          onClose={() => setMaking(false)}
          onMade={id => void navigate({ to: '/health/scorecards/$id', params: { id } })}
        />
      )}
    </Screen>
  )
}
