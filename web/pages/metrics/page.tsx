import { useMemo, useState } from 'react'
import {
  type CatalogueMetric,
  deleteOwnMetric,
  listMetrics,
  rebuildFigures,
} from '../../../server/signals/metrics/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { kindOfUse } from '../../features/conditions/kind-of-use.ts'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select, TextInput } from '../../kit/field.tsx'
import { Page, Pairs } from '../../kit/layout.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { OwnMetricDialog } from './own-dialog.tsx'

const areas = [
  'usage',
  'contracts',
  'tickets',
  'billing',
  'surveys',
  'communications',
  'contacts',
  'success',
  'customer',
  'own',
] as const

/** Every metric: what it says, how it is worked out, how many customers have it, where it is used. */
export function MetricsPage() {
  const t = useText()
  const mayManage = useMay('attributes.manage')
  const [adding, setAdding] = useState(false)
  const [rebuilding, setRebuilding] = useState(false)
  const rebuild = useCommand(rebuildFigures, {
    stale: [listMetrics.path],
    onDone: ({ days }) => toastDone(t('metrics.rebuildStarted', { days })),
  })
  return (
    <Screen
      title={t('metrics.title')}
      actions={
        mayManage && (
          <>
            <IconButton icon="refresh" label={t('metrics.rebuild')} onClick={() => setRebuilding(true)} />
            <Button kind="primary" size="small" icon="plus" onClick={() => setAdding(true)}>
              {t('metrics.add')}
            </Button>
          </>
        )
      }
    >
      <Page>
        <Catalogue mayManage={mayManage} />
      </Page>
      {adding && <OwnMetricDialog onClose={() => setAdding(false)} />}
      {rebuilding && (
        <ConfirmDialog
          open
          onClose={() => setRebuilding(false)}
          title={t('metrics.rebuildTitle')}
          text={t('metrics.rebuildText')}
          confirm={t('metrics.rebuild')}
          onConfirm={() =>
            rebuild.run({ body: { since: new Date(Date.now() - 365 * 86_400_000).toISOString().slice(0, 10) } })
          }
        />
      )}
    </Screen>
  )
}

function Catalogue({ mayManage }: { mayManage: boolean }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [search, setSearch] = useState('')
  const [area, setArea] = useState('')
  const [deleting, setDeleting] = useState<CatalogueMetric | null>(null)
  const { data, error, refetch } = useRoute(listMetrics)
  const remove = useCommand(deleteOwnMetric, {
    stale: [listMetrics.path],
    onDone: () => toastDone(t('metrics.deleted')),
  })
  const rows = useMemo(() => {
    const wanted = search.trim().toLowerCase()
    return data?.items.filter(
      metric =>
        (area === '' || metric.key.startsWith(`${area}.`)) &&
        [metric.key, metric.words.ja, metric.words.en, metric.definition[locale]].some(text =>
          text.toLowerCase().includes(wanted),
        ),
    )
  }, [data, search, area, locale])
  const columns = useMemo<Column<CatalogueMetric>[]>(
    () => [
      {
        id: 'metric',
        header: t('metrics.metric'),
        clip: true,
        sort: row => row.words[locale],
        cell: row => (
          <span title={row.definition[locale]}>
            {row.words[locale]} {row.ownId && <Badge tone="line">{t('metrics.own')}</Badge>}{' '}
            <span className="text-t3">{row.definition[locale]}</span>
          </span>
        ),
      },
      {
        id: 'unit',
        header: t('metrics.unit'),
        width: 80,
        narrow: 'hide',
        cell: row => t(`metrics.unitName.${row.unit}`),
      },
      {
        id: 'coverage',
        header: t('metrics.coverage'),
        align: 'end',
        width: 120,
        sort: row => row.coverage,
        cell: row => (row.coverage === null ? <span className="text-t3">–</span> : format.percent(row.coverage)),
      },
      {
        id: 'median',
        header: t('metrics.median'),
        align: 'end',
        width: 120,
        narrow: 'hide',
        cell: row =>
          row.median === null ? (
            <span className="text-t3">–</span>
          ) : (
            format.number(row.median, row.median % 1 === 0 ? 0 : 1)
          ),
      },
      {
        id: 'used',
        header: t('metrics.used'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        sort: row => row.usedBy.length,
        cell: row => format.number(row.usedBy.length),
      },
      ...(mayManage
        ? [
            {
              id: 'actions',
              header: t('kit.table.actions'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: CatalogueMetric) =>
                row.ownId && (
                  <Menu trigger={<IconButton icon="more" label={t('metrics.actions', { name: row.words[locale] })} />}>
                    <MenuItem icon="trash" tone="danger" onSelect={() => setDeleting(row)}>
                      {t('metrics.delete')}
                    </MenuItem>
                  </Menu>
                ),
            },
          ]
        : []),
    ],
    [t, format, locale, mayManage],
  )
  return (
    <>
      <DataTable
        id="metrics"
        fixed
        label={t('metrics.title')}
        columns={columns}
        rows={rows}
        rowId={row => row.key}
        rowName={row => row.words[locale]}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        detail={row => <Detail metric={row} />}
        tools={
          <>
            <TextInput
              icon="search"
              aria-label={t('metrics.search')}
              placeholder={t('metrics.search')}
              value={search}
              onChange={event => setSearch(event.currentTarget.value)}
            />
            <span>
              <Select
                aria-label={t('metrics.group')}
                placeholder={t('metrics.allGroups')}
                value={area}
                options={areas.map(each => ({ value: each, label: t(`conditions.groupName.${each}`) }))}
                onChange={event => setArea(event.currentTarget.value)}
              />
            </span>
            <span className="text-t3">{rows && t('metrics.note', { count: rows.length })}</span>
          </>
        }
        empty={<EmptyState title={t('metrics.title')} text={t('record.filter.noField')} />}
      />
      {deleting?.ownId && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setDeleting(null)}
          title={t('metrics.deleteTitle', { name: deleting.words[locale] })}
          text={t('metrics.deleteText')}
          confirm={t('metrics.delete')}
          onConfirm={() => remove.run({ params: { id: deleting.ownId! } })}
        />
      )}
    </>
  )
}

function Detail({ metric }: { metric: CatalogueMetric }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  return (
    <div className="grid gap-3">
      <p className="u-text">{metric.definition[locale]}</p>
      {metric.undated && <p className="text-t3">{t('metrics.undated')}</p>}
      <Pairs
        align="start"
        pairs={[
          [
            t('metrics.formula'),
            <code key="f" className="k-mono">
              {metric.formula}
            </code>,
          ],
          [
            t('metrics.key'),
            <code key="k" className="k-mono">
              {metric.key}
            </code>,
          ],
          [
            t('metrics.window'),
            metric.window === null ? t('metrics.windowAll') : t('metrics.windowDays', { days: metric.window }),
          ],
          ...(metric.of.length > 0 ? [[t('metrics.of'), metric.of.join(' · ')] as const] : []),
          [t('metrics.direction'), t(`metrics.direction.${metric.direction}`)],
          [t('metrics.freshness'), metric.computedAt ? format.dateTime(metric.computedAt) : '–'],
          [
            t('metrics.used'),
            metric.usedBy.length === 0
              ? t('metrics.notUsed')
              : metric.usedBy.map(({ kind, name }) => `${t(`segments.use.${kindOfUse(kind)}`)}: ${name}`).join(' · '),
          ],
        ]}
      />
    </div>
  )
}
