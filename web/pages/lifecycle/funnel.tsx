import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { lifecycleFunnel } from '../../../server/signals/lifecycle/contract/funnel.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useSession } from '../../api/session.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { addDays } from '../../kit/calendar.ts'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { DateRange } from '../../kit/date-range.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Facts, PageHead, Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Cohorts } from './cohorts.tsx'
import { type FunnelReply, FunnelRows, type OpenNumber } from './funnel-rows.tsx'

type Step = FunnelReply['steps'][number]

/** Who reached which stage in a period and came further; every number opens to its leads. */
export function Funnel() {
  const t = useText()
  const format = useFormat()
  const { tenant } = useSession()
  const search = useSearch({ from: '/workspace/lifecycle' })
  const navigate = useNavigate({ from: '/lifecycle' })
  const to = search.to ?? format.today()
  const from = search.from ?? addDays(to, -89)
  const { data, error } = useRoute(lifecycleFunnel, { query: { from, to } })
  const [open, setOpen] = useState<OpenNumber>()
  return (
    <>
      <PageHead text={data && <Overall funnel={data} />}>
        <DateRange
          label={t('lifecycle.period')}
          value={{ start: from, end: to }}
          fiscalStart={tenant?.fiscalYearStart}
          onChange={({ start, end }) =>
            void navigate({ search: before => ({ ...before, from: start, to: end }), resetScroll: false })
          }
        />
      </PageHead>
      {error && !data ? (
        <EmptyState title={t('lifecycle.failed')} text={wordsOf(error, t)} />
      ) : !data ? (
        <SkeletonRows rows={6} />
      ) : data.steps.every(({ entered }) => entered === 0) ? (
        <EmptyState title={t('lifecycle.funnel.empty')} text={t('lifecycle.funnel.emptyText')} />
      ) : (
        <Section title={t('lifecycle.tab.funnel')} note={t('lifecycle.funnelNote')} flush>
          <StepTable steps={data.steps} onOpen={setOpen} />
        </Section>
      )}
      {data && data.cohorts.length > 0 && <Cohorts funnel={data} onOpen={setOpen} />}
      {open && <FunnelRows {...open} from={from} to={to} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Overall({ funnel: { overall } }: { funnel: FunnelReply }) {
  const t = useText()
  const format = useFormat()
  return (
    <Facts
      facts={[
        {
          label: t('lifecycle.funnel.overall'),
          value: overall.conversion === null ? '–' : format.percent(overall.conversion / 100, 1),
          small: t('lifecycle.funnel.overallSmall', { entered: overall.entered, won: overall.won }),
        },
      ]}
    />
  )
}

function StepTable({ steps, onOpen }: { steps: readonly Step[]; onOpen: (open: OpenNumber) => void }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const most = Math.max(1, ...steps.map(({ entered }) => entered))
  const columns = useMemo<Column<Step>[]>(() => {
    const number = (step: Step, what: 'entered' | 'advanced' | 'lost') => {
      const count = step[what]
      if (count === 0) return <span className="text-t3">0</span>
      const stage = nameOf(step, locale)
      const words = t(`lifecycle.number.${what}`)
      return (
        <button
          type="button"
          className="k-link k-number"
          aria-label={t('lifecycle.funnel.open', { stage, number: words, count })}
          onClick={() => onOpen({ stageId: step.stageId, stage, number: what })}
        >
          {format.number(count)}
        </button>
      )
    }
    return [
      { id: 'stage', header: t('lifecycle.funnel.stage'), width: 150, clip: true, cell: step => nameOf(step, locale) },
      {
        id: 'bar',
        header: t('lifecycle.funnel.compared'),
        narrow: 'hide',
        cell: step => (
          <span className="y-bar" aria-hidden="true" style={{ '--share': (100 * step.entered) / most } as object} />
        ),
      },
      {
        id: 'entered',
        header: t('lifecycle.funnel.entered'),
        align: 'end',
        width: 88,
        cell: step => number(step, 'entered'),
      },
      {
        id: 'advanced',
        header: t('lifecycle.funnel.advanced'),
        align: 'end',
        width: 112,
        cell: step => (step.kind === 'open' ? number(step, 'advanced') : <span className="text-t3">–</span>),
      },
      {
        id: 'conversion',
        header: t('lifecycle.funnel.conversion'),
        align: 'end',
        width: 104,
        cell: step =>
          step.conversion === null ? (
            <span className="text-t3">–</span>
          ) : (
            <strong className="k-number">{format.percent(step.conversion / 100, 1)}</strong>
          ),
      },
      {
        id: 'lost',
        header: t('lifecycle.funnel.lost'),
        align: 'end',
        width: 88,
        narrow: 'hide',
        cell: step => (step.kind === 'open' ? number(step, 'lost') : <span className="text-t3">–</span>),
      },
      {
        id: 'median',
        header: t('lifecycle.funnel.median'),
        align: 'end',
        width: 152,
        narrow: 'hide',
        cell: step =>
          step.medianDays === null ? <span className="text-t3">–</span> : format.number(step.medianDays, 1),
      },
    ]
  }, [t, format, locale, most, onOpen])
  return (
    <DataTable
      id="lifecycle-funnel"
      fixed
      label={t('lifecycle.tab.funnel')}
      columns={columns}
      rows={steps}
      rowId={step => step.stageId}
      rowName={step => nameOf(step, locale)}
      empty={null}
    />
  )
}
