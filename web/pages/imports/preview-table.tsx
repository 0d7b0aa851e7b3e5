import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { previewImport } from '../../../server/collect/imports/contract/imports.ts'
import type { ImportDetail, Inspection, Mapping } from '../../../server/collect/imports/contract/shapes.ts'
import { routeQuery, wordsOf } from '../../api/hooks.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { useOverflow } from '../../kit/overflow.ts'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { choiceText } from './choice-words.ts'
import type { Preview } from './column-table.tsx'
import { outcomeTone } from './outcome.ts'

type Only = 'all' | 'faulty'

/** The first rows as the mapping that was saved last would bring them in. */
export function usePreview(id: string, saved: Mapping | null, only: Only) {
  const query = routeQuery(previewImport, { params: { id }, query: { limit: 20, only } })
  return useQuery<Preview, ApiProblem>({
    queryKey: [...query.queryKey, saved],
    queryFn: query.queryFn,
    enabled: saved !== null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}

interface PreviewTableProps {
  line: ImportDetail
  inspection: Inspection
  saved: Mapping
}

/** The beginning of the file as it would arrive; cells that cannot be read are marked, with the reason under their row. */
export function PreviewSection({ line, inspection, saved }: PreviewTableProps) {
  const t = useText()
  const [wanted, setOnly] = useState<Only>('all')
  const all = usePreview(line.id, saved, 'all')
  const faulty = all.data?.faulty ?? 0
  const only = faulty === 0 ? 'all' : wanted
  const some = usePreview(line.id, only === 'faulty' ? saved : null, 'faulty')
  const shown = only === 'faulty' ? some : all
  return (
    <Section
      title={t('imports.preview')}
      note={t('imports.previewNote')}
      end={
        faulty > 0 && (
          <Segments
            size="small"
            label={t('imports.preview')}
            value={only}
            onChange={setOnly}
            options={[
              { value: 'all', label: t('imports.previewAll') },
              { value: 'faulty', label: t('imports.previewFaulty', { count: faulty }) },
            ]}
          />
        )
      }
      flush
    >
      {shown.error ? (
        <Note tone="red">
          <p>{wordsOf(shown.error, t)}</p>
          <Button size="small" onClick={() => void shown.refetch()}>
            {t('frame.problem.retry')}
          </Button>
        </Note>
      ) : shown.data ? (
        <PreviewTable line={line} inspection={inspection} preview={shown.data} />
      ) : (
        <SkeletonRows rows={6} />
      )}
    </Section>
  )
}

function PreviewTable({ line, inspection, preview }: { line: ImportDetail; inspection: Inspection; preview: Preview }) {
  const t = useText()
  const { locale } = useLocale()
  const scroll = useOverflow()
  const shownText = useShownText(line, inspection)
  const places = new Map(inspection.columns.map(({ name }, place) => [name, place]))
  const columns = [...preview.columns].sort(
    (one, other) => (places.get(one.column ?? '') ?? places.size) - (places.get(other.column ?? '') ?? places.size),
  )
  const labelOf = (target: string, column: string | null) =>
    inspection.targets.find(({ name }) => name === target)?.label[locale] ?? column ?? target
  return (
    <section
      className="k-table-scroll"
      ref={scroll.ref}
      data-overflowing={scroll.overflowing || undefined}
      aria-label={t('imports.preview')}
      tabIndex={scroll.overflowing ? 0 : undefined}
    >
      <table className="k-table im-preview">
        <thead>
          <tr>
            <th scope="col" data-align="end">
              {t('imports.row')}
            </th>
            <th scope="col">{t('imports.outcome')}</th>
            {columns.map(({ target, column }) => (
              <th scope="col" key={`${target} ${column}`}>
                {labelOf(target, column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map(row => {
            const whole = row.problems.filter(({ column }) => column === null)
            return (
              <tr key={row.row} data-faulty={row.problems.length > 0 || undefined}>
                <th scope="row" data-align="end">
                  {row.row}
                </th>
                <td>
                  <Badge {...outcomeTone[row.outcome]}>{t(`imports.would.${row.outcome}`)}</Badge>
                  {whole.map(problem => (
                    <p key={problem.message.en} className="im-reason">
                      {problem.message[locale]}
                    </p>
                  ))}
                </td>
                {columns.map(({ target, column }) => {
                  const problem = column === null ? undefined : row.problems.find(each => each.column === column)
                  return problem ? (
                    <td key={`${target} ${column}`} className="im-cell-bad">
                      <span className="im-bad-value">
                        <Icon name="alert" size="small" />
                        {problem.value ?? t('imports.emptyCell')}
                      </span>
                      <p className="im-reason">{problem.message[locale]}</p>
                    </td>
                  ) : (
                    <td key={`${target} ${column}`}>
                      <span className="im-value">{shownText(target, row.values[target])}</span>
                    </td>
                  )
                })}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

/** A value of the preview as the record would show it. */
function useShownText({ kind }: ImportDetail, { targets }: Inspection) {
  const t = useText()
  const format = useFormat()
  return (name: string, value: unknown): string => {
    if (value === null || value === undefined || value === '') return '–'
    const target = targets.find(each => each.name === name)
    if (Array.isArray(value)) return value.join(t('imports.comma'))
    if (typeof value === 'boolean') return t(value ? 'imports.yes' : 'imports.no')
    if (typeof value === 'number') return format.number(value, Number.isInteger(value) ? 0 : 2)
    const text = String(value)
    if (target?.choices?.includes(text)) return choiceText(kind, name, text, t)
    if (target?.type === 'date') return format.day(text)
    if (target?.type === 'moment') return format.dateTime(text)
    return text
  }
}
