import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { deleteKpiTarget, getKpi, listKpis } from '../../../server/insights/kpis/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { TargetState, useTargetWords } from '../../features/kpis/target-state.tsx'
import { comparison, headline, kpiValue, periodWords } from '../../features/kpis/value.ts'
import { useTiers } from '../../features/record/tiers.ts'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Columns, Page, Pairs, Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { KpiChart } from './chart.tsx'
import type { OpenKpi } from './opened.ts'
import { Parts } from './parts.tsx'
import { KpiRows } from './rows.tsx'
import { type KpiSearch, kpiSearchOf } from './search.ts'
import { TargetDialog } from './target-dialog.tsx'
import { useWhoseWords, WhoseFilter, whoseOf } from './whose.tsx'
import '../../features/kpis/kpis.css'

/** One KPI, opened: definition, filters, history with its target, by tier and CSM, and the customers behind it. */
export function KpiPage() {
  const t = useText()
  const { locale } = useLocale()
  const { key } = useParams({ from: '/workspace/kpis/$key' })
  const search = kpiSearchOf({ ...useSearch({ from: '/workspace/kpis/$key' }) })
  const navigate = useNavigate({ from: '/kpis/$key' })
  const { data, error } = useRoute(getKpi, { params: { key }, query: whoseOf(search) })
  const show = (next: KpiSearch) => void navigate({ search: kpiSearchOf({ ...next }), resetScroll: false })
  const kpi = data?.key === key ? data : undefined
  return (
    <Screen title={kpi?.words[locale] ?? t('kpis.title')} crumbs={[{ to: '/kpis', label: t('frame.nav.kpis') }]}>
      <Page>
        {error && !kpi ? (
          <EmptyState title={t('kpis.title')} text={wordsOf(error, t)} />
        ) : kpi ? (
          <Opened kpi={kpi} search={search} onChange={show} />
        ) : (
          <SkeletonRows rows={10} />
        )}
      </Page>
    </Screen>
  )
}

interface OpenedProps {
  kpi: OpenKpi
  search: KpiSearch
  onChange: (search: KpiSearch) => void
}

function Opened({ kpi, search, onChange }: OpenedProps) {
  const t = useText()
  const format = useFormat()
  const tiers = useTiers()
  const targetWords = useTargetWords()
  const shown = headline(kpi)
  return (
    <>
      <div className="p-head">
        <div>
          <div className="p-number">
            {kpiValue(kpi, shown.value, format, t)}
            <TargetState kpi={kpi} />
          </div>
          <p className="text-t3">
            {t('kpis.span', { from: format.day(shown.from), to: format.day(shown.to) })}
            {' · '}
            {t('kpis.wasBefore', { value: kpiValue(kpi, comparison(kpi).value, format, t) })}
            {kpi.headline === 'last' &&
              ` · ${t('kpis.toDate', { value: kpiValue(kpi, kpi.current.value, format, t) })}`}
          </p>
        </div>
        <WhoseFilter search={search} onChange={onChange} />
      </div>
      <Columns
        main={
          <Section title={t('kpis.history')} flush>
            <KpiChart kpi={kpi} />
          </Section>
        }
        rail={<About kpi={kpi} search={search} target={targetWords(kpi)} />}
      />
      <div className="p-two">
        <Parts
          kpi={kpi}
          title={t('kpis.byTier')}
          none={t('kpis.noTier')}
          rows={kpi.byTier.map(row => ({ ...row, name: tiers.find(tier => tier.key === row.key)?.name ?? row.key }))}
          search={key => ({ ...search, tierKey: key })}
        />
        <Parts
          kpi={kpi}
          title={t('kpis.byOwner')}
          none={t('kpis.noOwner')}
          rows={kpi.byOwner}
          search={key => ({ ...search, ownerId: key })}
        />
      </div>
      <KpiRows kpi={kpi} search={search} onChange={onChange} />
    </>
  )
}

function About({ kpi, search, target }: { kpi: OpenKpi; search: KpiSearch; target: string | null }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const about = useWhoseWords(search)
  const steps = kpi.target?.steps ?? []
  return (
    <Section title={t('kpis.definition')} end={<TargetActions kpi={kpi} />}>
      <div className="p-about">
        <p>{kpi.definition[locale]}</p>
        <Pairs
          align="start"
          pairs={[
            [
              t('kpis.formula'),
              <code key="formula" className="k-mono p-formula">
                {kpi.formula}
              </code>,
            ],
            [t('kpis.whose'), about],
            [t('kpis.period'), periodWords(kpi, format, t)],
            [t('kpis.better'), t(`kpis.direction.${kpi.direction}`)],
            [t('kpis.target'), target ?? t('kpis.noTarget')],
            ...(steps.length > 1 && kpi.target
              ? [
                  [
                    t('kpis.byYear'),
                    t('kpis.steps', {
                      steps: steps.map(step => kpiValue(kpi, step, format, t)).join(' → '),
                      day: format.day(kpi.target.startsOn),
                    }),
                  ] as const,
                ]
              : []),
            [t('kpis.responsible'), kpi.target?.responsibleName ?? t(`roles.${kpi.ownerRole as 'csm'}`)],
          ]}
        />
      </div>
    </Section>
  )
}

function TargetActions({ kpi }: { kpi: OpenKpi }) {
  const t = useText()
  const { locale } = useLocale()
  const mayManage = useMay('kpis.manage')
  const [open, setOpen] = useState<'set' | 'remove' | null>(null)
  const remove = useCommand(deleteKpiTarget, {
    stale: [listKpis.path],
    onDone: () => toastDone(t('kpis.targetRemoved')),
  })
  if (!mayManage) return null
  return (
    <>
      {kpi.target && (
        <Button size="small" kind="quiet" icon="trash" onClick={() => setOpen('remove')}>
          {t('kpis.removeTarget')}
        </Button>
      )}
      <Button size="small" onClick={() => setOpen('set')}>
        {t(kpi.target ? 'kpis.changeTarget' : 'kpis.setTarget')}
      </Button>
      {open === 'set' && <TargetDialog kpi={kpi} onClose={() => setOpen(null)} />}
      {open === 'remove' && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setOpen(null)}
          title={t('kpis.removeTitle', { name: kpi.words[locale] })}
          text={t('kpis.removeText')}
          confirm={t('kpis.removeTarget')}
          onConfirm={() => remove.run({ params: { key: kpi.key } })}
        />
      )}
    </>
  )
}
