import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { importReport, listImportRows } from '../../../server/collect/imports/contract/imports.ts'
import type { Counts, ImportDetail, Outcome } from '../../../server/collect/imports/contract/shapes.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { addressOf } from '../../api/client.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select } from '../../kit/field.tsx'
import { outcomeNames, outcomeTone } from './outcome.ts'

type Row = RouteReply<typeof listImportRows>['items'][number]

/** What became of the rows: row, column, value and reason; those at fault first. */
export function RowReport({ line, counts, dry }: { line: ImportDetail; counts: Counts; dry: boolean }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [chosen, setChosen] = useState<Outcome | 'all' | null>(null)
  const outcome = chosen ?? (counts.failed > 0 ? 'failed' : 'all')
  const rows = useRoutePages(listImportRows, {
    params: { id: line.id },
    query: { limit: 50, ...(outcome !== 'all' && { outcome }) },
  })
  const to = line.kind === 'customers' ? '/customers/$id' : line.kind === 'contacts' ? '/contacts/$id' : undefined
  const columns = useMemo<Column<Row>[]>(
    () => [
      { id: 'row', header: t('imports.row'), align: 'end', width: 72, cell: row => format.number(row.row) },
      {
        id: 'outcome',
        header: t('imports.outcome'),
        width: 128,
        cell: row => (
          <Badge {...outcomeTone[row.outcome]}>
            {t(dry ? `imports.would.${row.outcome}` : `imports.outcome.${row.outcome}`)}
          </Badge>
        ),
      },
      {
        id: 'problems',
        header: t('imports.reason'),
        cell: row =>
          row.problems.length === 0 ? (
            <span className="text-t3">–</span>
          ) : (
            <ul className="im-problems">
              {row.problems.map(problem => (
                <li key={`${problem.column} ${problem.message.en}`}>
                  {problem.column !== null && <strong>{problem.column}</strong>}
                  {problem.value !== null && <q>{problem.value}</q>}
                  <span>{problem.message[locale]}</span>
                </li>
              ))}
            </ul>
          ),
      },
      ...(to
        ? [
            {
              id: 'record',
              header: t('imports.record'),
              width: 88,
              narrow: 'hide' as const,
              cell: (row: Row) =>
                row.recordId === null ? (
                  <span className="text-t3">–</span>
                ) : (
                  <Link to={to} params={{ id: row.recordId }} className="k-link">
                    {t('imports.openRecord')}
                    <span className="k-hidden"> {t('imports.rowName', { row: row.row })}</span>
                  </Link>
                ),
            },
          ]
        : []),
    ],
    [t, format, locale, dry, to],
  )
  return (
    <DataTable
      id="import-rows"
      label={t('imports.rows')}
      fixed
      columns={columns}
      rows={rows.rows}
      rowId={row => String(row.row)}
      rowName={row => t('imports.rowName', { row: row.row })}
      more={rows.more}
      problem={rows.problem ? { text: wordsOf(rows.problem, t), retry: rows.retry } : undefined}
      tools={
        <span className="s-tool">
          <Select
            aria-label={t('imports.outcome')}
            value={outcome}
            options={[
              { value: 'all', label: t('imports.allRows') },
              ...outcomeNames.map(name => ({
                value: name,
                label: t('imports.withCount', {
                  outcome: t(dry ? `imports.would.${name}` : `imports.outcome.${name}`),
                  count: counts[name],
                }),
              })),
            ]}
            onChange={event => setChosen(outcomeNames.find(each => each === event.currentTarget.value) ?? 'all')}
          />
        </span>
      }
      empty={<EmptyState title={t('imports.noRows')} text={t('imports.noRowsText')} />}
    />
  )
}

/** The report as a file: what was refused, or every row. */
export function ReportLinks({ line, failed }: { line: ImportDetail; failed: number }) {
  const t = useText()
  const address = (outcome: 'failed' | 'all') =>
    addressOf(importReport, { params: { id: line.id }, query: { outcome } })
  return (
    <>
      {failed > 0 && (
        <a className="k-button" data-size="small" href={address('failed')} download>
          {t('imports.errorFile', { count: failed })}
        </a>
      )}
      <a className="k-link" href={address('all')} download>
        {t('imports.reportFile')}
      </a>
    </>
  )
}
