import type { ReactNode } from 'react'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Section } from '../../kit/layout.tsx'

interface MomentListProps<Row> {
  title: string
  note?: string
  flush?: boolean
  rows: readonly Row[] | undefined
  more: { load: () => void; pending: boolean } | undefined
  at: (row: Row) => string
  children: (row: Row) => ReactNode
}

/** What happened, the latest first, with when it was; nothing where there is nothing. */
export function MomentList<Row extends { id: string }>(props: MomentListProps<Row>) {
  const { title, note, flush, rows, more, at, children } = props
  const t = useText()
  const format = useFormat()
  if (!rows || rows.length === 0) return null
  return (
    <Section title={title} {...(note && { note })} {...(flush && { flush })}>
      <ul className="fl-requests">
        {rows.map(row => (
          <li key={row.id}>
            {children(row)}
            <time className="text-t3" title={format.dateTime(at(row))}>
              {format.relative(at(row))}
            </time>
          </li>
        ))}
      </ul>
      {more && (
        <Button size="small" kind="quiet" pending={more.pending} onClick={more.load}>
          {t('tasks.loadMore')}
        </Button>
      )}
    </Section>
  )
}
