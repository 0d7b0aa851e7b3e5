import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { listImports } from '../../../server/collect/imports/contract/imports.ts'
import { type ImportKind, type ImportLine, importKinds } from '../../../server/collect/imports/contract/shapes.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select } from '../../kit/field.tsx'
import { isBusy, looks } from './state.ts'

/** Imports, newest first; each opens where it stands. */
export function ImportList() {
  const t = useText()
  const format = useFormat()
  const [kind, setKind] = useState<ImportKind | undefined>()
  const imports = useRoutePages(listImports, { query: { limit: 50, kind } })
  const columns = useMemo<Column<ImportLine>[]>(
    () => [
      {
        id: 'file',
        header: t('imports.file'),
        clip: true,
        cell: row => (
          <Link to="/imports/$id" params={{ id: row.id }} className="k-link" title={row.fileName}>
            {row.fileName}
          </Link>
        ),
      },
      { id: 'kind', header: t('imports.kind'), width: 144, narrow: 'hide', cell: row => t(`imports.kind.${row.kind}`) },
      {
        id: 'state',
        header: t('imports.state'),
        width: 152,
        cell: row => (
          <Badge tone={looks[row.state].tone} icon={looks[row.state].icon}>
            {t(`imports.state.${row.state}`)}
            {isBusy(row) && row.state !== 'queued' && row.state !== 'undoing' && ` ${format.percent(row.progress)}`}
          </Badge>
        ),
      },
      ...(['created', 'updated', 'failed'] as const).map(
        (outcome): Column<ImportLine> => ({
          id: outcome,
          header: t(`imports.outcome.${outcome}`),
          align: 'end',
          width: 88,
          narrow: 'hide',
          cell: row =>
            row.counts ? (
              <span className={outcome === 'failed' && row.counts.failed > 0 ? 'im-bad' : undefined}>
                {format.number(row.counts[outcome])}
              </span>
            ) : (
              <span className="text-t3">–</span>
            ),
        }),
      ),
      {
        id: 'by',
        header: t('imports.by'),
        width: 160,
        narrow: 'hide',
        cell: row => row.createdBy ?? t(`imports.source.${row.source}`),
      },
      {
        id: 'when',
        header: t('imports.when'),
        align: 'end',
        width: 112,
        cell: row => <span title={format.dateTime(row.createdAt)}>{format.relative(row.createdAt)}</span>,
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      id="imports"
      label={t('imports.title')}
      columns={columns}
      rows={imports.rows}
      rowId={row => row.id}
      rowName={row => row.fileName}
      more={imports.more}
      problem={imports.problem ? { text: wordsOf(imports.problem, t), retry: imports.retry } : undefined}
      tools={
        <span className="s-tool">
          <Select
            aria-label={t('imports.kind')}
            placeholder={t('imports.allKinds')}
            value={kind ?? ''}
            options={importKinds.map(value => ({ value, label: t(`imports.kind.${value}`) }))}
            onChange={event => setKind(importKinds.find(each => each === event.currentTarget.value))}
          />
        </span>
      }
      empty={
        kind ? (
          <EmptyState
            title={t('imports.none')}
            text={t('imports.noneText')}
            actions={<Button onClick={() => setKind(undefined)}>{t('imports.clear')}</Button>}
          />
        ) : (
          <EmptyState
            title={t('imports.empty')}
            text={t('imports.emptyText')}
            actions={
              <Link to="/imports/new" className="k-button" data-kind="primary">
                {t('imports.first')}
              </Link>
            }
          />
        )
      }
    />
  )
}
