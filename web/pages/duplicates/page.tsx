import { useMemo, useState } from 'react'
import { keepApart, listMerges, suggestDuplicates, undoMerge } from '../../../server/customers/duplicates/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { invalidate, useCommand, useRoute, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { refreshCustomers } from '../../features/record/cache.ts'
import { MergeDialog } from '../../features/record/merge-dialog.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page, Section } from '../../kit/layout.tsx'
import { toastDone } from '../../kit/toast.tsx'

type RecordKind = 'customer' | 'contact'
type Pair = RouteReply<typeof suggestDuplicates>['items'][number]
type Side = Pair['first']
type Merge = RouteReply<typeof listMerges>['items'][number]

/** Records that may be the same, to be merged or kept apart; and merges that can still be undone. */
export function DuplicatesPage() {
  const t = useText()
  const [record, setRecord] = useState<RecordKind>('customer')
  return (
    <Screen title={t('duplicates.title')} crumbs={[{ label: t('customers.title'), to: '/customers' }]}>
      <Page>
        <div className="mb-5">
          <Segments
            label={t('duplicates.record')}
            value={record}
            onChange={setRecord}
            options={(['customer', 'contact'] as const).map(value => ({ value, label: t(`duplicates.${value}`) }))}
          />
        </div>
        <Suggestions key={record} record={record} />
        <Merges />
      </Page>
    </Screen>
  )
}

function Suggestions({ record }: { record: RecordKind }) {
  const t = useText()
  const format = useFormat()
  const { data, error, refetch } = useRoute(suggestDuplicates, { query: { record } })
  const [merging, setMerging] = useState<Pair | null>(null)
  const apart = useCommand(keepApart, { stale: ['/api/v1/duplicates'] })
  const { run } = apart
  const columns = useMemo<Column<Pair>[]>(() => {
    const side = (each: Side) => (
      <span title={each.name}>
        {each.name}{' '}
        <span className="text-12 text-t3">
          {[
            each.address,
            each.externalId,
            each.arr && each.currency ? format.shortMoney(each.arr, each.currency) : null,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
    )
    const dismiss = async (pair: Pair) => {
      await run({ body: { record, firstId: pair.first.id, secondId: pair.second.id } })
      toastDone(t('duplicates.apart', { first: pair.first.name, second: pair.second.name }))
    }
    return [
      { id: 'first', header: t('duplicates.first'), clip: true, cell: row => side(row.first) },
      { id: 'second', header: t('duplicates.second'), clip: true, cell: row => side(row.second) },
      {
        id: 'reasons',
        header: t('duplicates.reasons'),
        width: 216,
        narrow: 'hide',
        cell: row => (
          <span className="flex gap-2">
            {row.reasons.slice(0, 2).map(reason => (
              <Badge key={reason}>{t(`duplicates.reason.${reason}`)}</Badge>
            ))}
          </span>
        ),
      },
      {
        id: 'likeness',
        header: t('duplicates.likeness'),
        align: 'end',
        width: 80,
        narrow: 'hide',
        cell: row => format.percent(row.likeness),
      },
      {
        id: 'actions',
        header: t('kit.table.actions'),
        actions: true,
        align: 'end',
        width: 184,
        cell: row => (
          <span className="inline-flex gap-2">
            <Button size="small" kind="quiet" onClick={() => void dismiss(row).catch(() => {})}>
              {t('duplicates.keepApart')}
            </Button>
            <Button size="small" onClick={() => setMerging(row)}>
              {t('duplicates.compare')}
            </Button>
          </span>
        ),
      },
    ]
  }, [t, format, record, run])
  return (
    <Section
      title={t('duplicates.suggestions')}
      note={data && t('duplicates.pairs', { count: data.items.length })}
      flush
    >
      <DataTable
        id={`duplicates-${record}`}
        fixed
        label={t('duplicates.suggestions')}
        columns={columns}
        rows={data?.items}
        rowId={row => `${row.first.id} ${row.second.id}`}
        rowName={row => row.first.name}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        empty={<EmptyState title={t('duplicates.none')} text={t('duplicates.noneText')} />}
      />
      {merging && (
        <MergeDialog
          record={record}
          kept={merging.first}
          other={merging.second}
          onClose={() => setMerging(null)}
          onDone={() => {}}
        />
      )}
    </Section>
  )
}

function Merges() {
  const t = useText()
  const format = useFormat()
  const merges = useRoutePages(listMerges, { query: { limit: 50 } })
  const undo = useCommand(undoMerge, { stale: ['/api/v1/merges', '/api/v1/duplicates', '/api/v1/contacts'] })
  const { run } = undo
  const columns = useMemo<Column<Merge>[]>(() => {
    const takeBack = async (row: Merge) => {
      await run({ params: { id: row.id } })
      await Promise.all([refreshCustomers(), invalidate('/api/v1/contacts')])
      toastDone(t('duplicates.undone', { name: row.mergedName }))
    }
    return [
      {
        id: 'what',
        header: t('duplicates.what'),
        clip: true,
        cell: row => t('record.fromTo', { from: row.mergedName, to: row.keptName }),
      },
      {
        id: 'record',
        header: t('duplicates.record'),
        width: 96,
        narrow: 'hide',
        cell: row => t(`duplicates.${row.record}`),
      },
      { id: 'by', header: t('duplicates.by'), width: 144, narrow: 'hide', cell: row => row.mergedByName ?? '–' },
      {
        id: 'at',
        header: t('duplicates.at'),
        align: 'end',
        width: 152,
        narrow: 'hide',
        cell: row => format.dateTime(row.mergedAt),
      },
      {
        id: 'undo',
        header: t('kit.table.actions'),
        actions: true,
        align: 'end',
        width: 136,
        cell: row =>
          row.undoneAt ? (
            <Badge>{t('duplicates.undoneState')}</Badge>
          ) : Date.parse(row.undoableUntil) > Date.now() ? (
            <Button size="small" icon="undo" onClick={() => void takeBack(row).catch(() => {})}>
              {t('kit.toast.undo')}
            </Button>
          ) : (
            <span className="text-12 text-t3">{t('duplicates.final')}</span>
          ),
      },
    ]
  }, [t, format, run])
  return (
    <Section title={t('duplicates.merges')} note={t('duplicates.mergesNote')} flush>
      <DataTable
        id="merges"
        fixed
        label={t('duplicates.merges')}
        columns={columns}
        rows={merges.rows}
        rowId={row => row.id}
        rowName={row => row.mergedName}
        more={merges.more}
        problem={merges.problem ? { text: wordsOf(merges.problem, t), retry: merges.retry } : undefined}
        empty={<p className="text-t3 pt-4">{t('duplicates.noMerges')}</p>}
      />
    </Section>
  )
}
