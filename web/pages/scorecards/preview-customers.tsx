import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { previewCustomers } from '../../../server/signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { call } from '../../api/client.ts'
import { wordsOf } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Health } from '../../kit/health.tsx'
import { Section } from '../../kit/layout.tsx'
import type { Cell, Scorecard } from './scorecard.ts'

type Change = RouteReply<typeof previewCustomers>['items'][number]

interface PreviewCustomersProps {
  card: Scorecard
  definition: ScorecardDefinition
  day: string | undefined
  cell: Cell | undefined
}

const limit = 20

/** Who a changed definition moves, the largest change first; of one move where a cell was opened. */
export function PreviewCustomers({ card, definition, day, cell }: PreviewCustomersProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [rows, setRows] = useState<readonly Change[]>()
  const [next, setNext] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  const [fault, setFault] = useState<string>()
  const text = useMemo(() => JSON.stringify({ definition, ...(day && { day }), ...cell }), [definition, day, cell])
  const ask = (cursor?: string) =>
    call(previewCustomers, {
      params: { id: card.id },
      query: { limit, ...(cursor && { cursor }) },
      body: JSON.parse(text),
    })
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again only for another question
  useEffect(() => {
    let current = true
    setRows(undefined)
    setFault(undefined)
    ask().then(
      reply => {
        if (!current) return
        setRows(reply.items)
        setNext(reply.next)
      },
      problem => current && setFault(wordsOf(problem, t)),
    )
    return () => {
      current = false
    }
  }, [text, card.id])
  const more = async () => {
    if (!next) return
    setPending(true)
    try {
      const reply = await ask(next)
      setRows([...(rows ?? []), ...reply.items])
      setNext(reply.next)
    } catch (problem) {
      setFault(wordsOf(problem, t))
    } finally {
      setPending(false)
    }
  }
  const bandName = (key: string | null) => {
    const band = [...definition.bands, ...(card.definition?.bands ?? [])].find(each => each.key === key)
    return band ? nameOf(band, locale) : undefined
  }
  const columns: Column<Change>[] = [
    {
      id: 'name',
      header: t('health.customer'),
      clip: true,
      cell: row => (
        <Link
          to="/customers/$id"
          params={{ id: row.id }}
          search={{ tab: 'health' }}
          className="s-name"
          title={row.name}
        >
          {row.name}
        </Link>
      ),
    },
    {
      id: 'from',
      header: t('scorecards.preview.before'),
      width: 176,
      cell: row => (
        <Health
          score={row.from}
          band={(card.definition ?? definition).bands.find(band => band.key === row.fromBand)?.colour ?? 'none'}
          name={bandName(row.fromBand)}
        />
      ),
    },
    {
      id: 'to',
      header: t('scorecards.preview.after'),
      width: 176,
      cell: row => (
        <Health
          score={row.to}
          band={definition.bands.find(band => band.key === row.toBand)?.colour ?? 'none'}
          name={bandName(row.toBand)}
        />
      ),
    },
    {
      id: 'change',
      header: t('health.change'),
      align: 'end',
      width: 96,
      cell: row => (row.from === null || row.to === null ? '–' : format.change(row.to - row.from, 1)),
    },
  ]
  return (
    <Section title={t(cell ? 'scorecards.preview.inCell' : 'scorecards.preview.changed')} flush>
      <DataTable
        key={text}
        id="scorecard-preview"
        fixed
        label={t('scorecards.preview.changed')}
        columns={columns}
        rows={rows}
        rowId={row => row.id}
        rowName={row => row.name}
        more={next ? { load: () => void more(), pending } : undefined}
        problem={fault ? { text: fault, retry: () => void more() } : undefined}
        empty={<EmptyState title={t('scorecards.preview.none')} text={t('scorecards.preview.noneText')} />}
      />
    </Section>
  )
}
