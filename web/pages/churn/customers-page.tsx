import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { listChurnPredictions } from '../../../server/signals/churn/contract/predictions.ts'
import type { ChurnBand } from '../../../server/signals/churn/contract/settings.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { ChurnScore, useChurnBands } from '../../features/churn/band.tsx'
import { FactorList } from '../../features/churn/factors.tsx'
import { useTiers } from '../../features/record/tiers.ts'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { useDebounced } from '../../kit/debounced.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select, TextInput } from '../../kit/field.tsx'
import { Page, PageHead } from '../../kit/layout.tsx'
import { ActionsForChosen } from './actions-for-chosen.tsx'
import { type ChurnSearch, churnSearchOf } from './search.ts'
import '../../features/churn/churn.css'

/** Reasons that stand in a row; the rest is in its detail. */
const inRow = 2

type Line = RouteReply<typeof listChurnPredictions>['items'][number]

/** Customers by their chance of leaving, with the reasons, and what is to be started for them. */
export function ChurnCustomersPage() {
  const t = useText()
  const search = churnSearchOf({ ...useSearch({ from: '/workspace/churn/customers' }) })
  const navigate = useNavigate({ from: '/churn/customers' })
  const change = (next: ChurnSearch) =>
    void navigate({ search: churnSearchOf({ ...next }), replace: true, resetScroll: false })
  const query = {
    band: search.band,
    mine: search.mine,
    tierKey: search.tierKey,
    segmentId: search.segmentId,
    basis: search.basis,
    q: search.search,
    sort: search.sort ?? ('score' as const),
    ...(search.renewal && { renewalWithin: Number(search.renewal) }),
    ...(search.risen && { risen: Number(search.risen) }),
  }
  const pages = useRoutePages(listChurnPredictions, { query: { ...query, limit: 50 } })
  const bands = useChurnBands()
  const columns = useColumns(bands)
  const { sort: _, ...narrowing } = search
  const isNarrowed = Object.keys(narrowing).length > 0
  return (
    <Screen title={t('churn.listTitle')} crumbs={[{ to: '/churn', label: t('churn.title') }]}>
      <Page>
        <PageHead text={t('churn.listAbout')} />
        <DataTable
          id="churn-customers"
          label={t('churn.listTitle')}
          columns={columns}
          rows={pages.rows}
          rowId={row => row.id}
          rowName={row => row.name}
          total={pages.first?.total}
          more={pages.more}
          detail={row => <Detail line={row} />}
          bulk={(ids, clear) => (
            <ActionsForChosen
              rows={(pages.rows ?? []).filter(({ id }) => ids.includes(id))}
              bands={bands}
              onDone={clear}
            />
          )}
          problem={pages.problem ? { text: wordsOf(pages.problem, t), retry: pages.retry } : undefined}
          tools={<Tools search={search} bands={bands} onChange={change} />}
          empty={
            isNarrowed ? (
              <EmptyState
                title={t('churn.none')}
                text={t('churn.noneText')}
                actions={<Button onClick={() => change({})}>{t('churn.clear')}</Button>}
              />
            ) : (
              <EmptyState
                title={t('churn.empty')}
                text={t('churn.emptyText')}
                actions={
                  <Link to="/churn" className="k-button" data-kind="primary">
                    {t('churn.title')}
                  </Link>
                }
              />
            )
          }
        />
      </Page>
    </Screen>
  )
}

function Detail({ line }: { line: Line }) {
  const t = useText()
  const format = useFormat()
  return (
    <div className="ch-form">
      {line.factors.length > 0 ? (
        <FactorList factors={line.factors} label={t('churn.raising')} />
      ) : (
        <p className="text-t3">{t('churn.noFactors')}</p>
      )}
      <p className="text-t3">
        {line.basis === 'model' && line.low !== null && line.high !== null
          ? t('churn.interval80', { low: format.number(line.low, 0), high: format.number(line.high, 0) })
          : t(`churn.heldText.${line.held ?? 'no_model'}`)}{' '}
        <Link to="/customers/$id" params={{ id: line.id }} search={{ tab: 'churn' }} className="k-link">
          {t('churn.openReasons')}
        </Link>
      </p>
    </div>
  )
}

interface ToolsProps {
  search: ChurnSearch
  bands: readonly ChurnBand[]
  onChange: (search: ChurnSearch) => void
}

function Tools({ search, bands, onChange }: ToolsProps) {
  const t = useText()
  const { locale } = useLocale()
  const tiers = useTiers()
  const [text, setText] = useState(search.search ?? '')
  const typed = useDebounced(text).trim()
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed leads on; the address leads back itself
  useEffect(() => {
    if (typed !== (search.search ?? '')) onChange({ ...search, search: typed || undefined })
  }, [typed])
  const select = (
    label: string,
    value: string | undefined,
    options: { value: string; label: string }[],
    key: keyof ChurnSearch,
  ) => (
    <span>
      <Select
        aria-label={label}
        value={value ?? ''}
        options={options}
        onChange={event => onChange({ ...search, [key]: event.currentTarget.value || undefined })}
      />
    </span>
  )
  return (
    <div className="ch-tools">
      <Segments
        label={t('churn.whose')}
        size="small"
        value={search.mine ?? 'all'}
        options={[
          { value: 'all', label: t('churn.whose.all') },
          { value: 'team', label: t('churn.whose.team') },
          { value: 'own', label: t('churn.whose.own') },
        ]}
        onChange={next => onChange({ ...search, mine: next === 'all' ? undefined : next })}
      />
      <TextInput
        icon="search"
        type="search"
        aria-label={t('churn.find')}
        placeholder={t('churn.find')}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      {select(
        t('churn.band'),
        search.band,
        [
          { value: '', label: t('churn.anyBand') },
          ...bands.map(band => ({ value: band.key, label: nameOf(band, locale) })),
        ],
        'band',
      )}
      {select(
        t('churn.tier'),
        search.tierKey,
        [{ value: '', label: t('churn.anyTier') }, ...tiers.map(({ key, name }) => ({ value: key, label: name }))],
        'tierKey',
      )}
      {select(
        t('churn.renewal'),
        search.renewal,
        [
          { value: '', label: t('churn.anyRenewal') },
          { value: '90', label: t('churn.renewal90') },
        ],
        'renewal',
      )}
      {select(
        t('churn.risen'),
        search.risen,
        [
          { value: '', label: t('churn.anyMove') },
          { value: '10', label: t('churn.risen10') },
        ],
        'risen',
      )}
      {select(
        t('churn.basis'),
        search.basis,
        [
          { value: '', label: t('churn.anyBasis') },
          { value: 'model', label: t('churn.basis.model') },
          { value: 'rules', label: t('churn.basis.rules') },
        ],
        'basis',
      )}
      {select(
        t('churn.sort'),
        search.sort,
        [
          { value: '', label: t('churn.sort.score') },
          { value: 'at_stake', label: t('churn.sort.at_stake') },
          { value: 'risen', label: t('churn.sort.risen') },
          { value: 'renewal', label: t('churn.sort.renewal') },
        ],
        'sort',
      )}
    </div>
  )
}

function useColumns(bands: readonly ChurnBand[]): readonly Column<Line>[] {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  return useMemo<Column<Line>[]>(() => {
    const none = <span className="text-t3">–</span>
    const reasons = ({ factors }: Line) =>
      factors.length === 0
        ? t('churn.noFactors')
        : factors.slice(0, inRow).map(({ feature, words }) => (
            <span key={feature} title={words[locale]}>
              {words[locale]}
            </span>
          ))
    const sure = ({ basis, low, high }: Line) =>
      basis === 'rules' || low === null || high === null
        ? t('churn.basis.rules')
        : `${format.number(low, 0)}–${format.number(high, 0)}`
    return [
      {
        id: 'name',
        header: t('churn.customer'),
        width: 184,
        clip: true,
        cell: row => (
          <Link to="/customers/$id" params={{ id: row.id }} search={{ tab: 'churn' }} title={row.name}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'score',
        header: t('churn.scoreAndRange'),
        width: 184,
        cell: row => (
          <span className="ch-sure">
            <ChurnScore score={row.score} band={bands.find(({ key }) => key === row.band)} />
            <small>{sure(row)}</small>
          </span>
        ),
      },
      {
        id: 'before',
        header: t('churn.change7'),
        align: 'end',
        width: 72,
        narrow: 'hide',
        cell: row => (row.before7 === null ? none : format.change(row.score - row.before7, 0)),
      },
      {
        id: 'reasons',
        header: t('churn.reasonsHead'),
        clip: true,
        narrow: 'hide',
        cell: row => <span className="ch-reasons">{reasons(row)}</span>,
      },
      {
        id: 'arr',
        header: t('churn.arr'),
        align: 'end',
        width: 96,
        narrow: 'hide',
        cell: row => (row.arr > 0 ? format.shortMoney(row.arr, row.currency) : none),
      },
      {
        id: 'renewal',
        header: t('churn.renewal'),
        align: 'end',
        width: 100,
        narrow: 'hide',
        cell: row => (row.renewalOn ? format.day(row.renewalOn) : none),
      },
      {
        id: 'confidence',
        header: t('churn.confidence'),
        width: 96,
        optional: true,
        narrow: 'hide',
        cell: row => (row.basis === 'rules' ? t('churn.basis.rules') : t(`churn.confidence.${row.confidence}`)),
      },
      {
        id: 'owner',
        header: t('churn.owner'),
        width: 100,
        clip: true,
        narrow: 'hide',
        cell: row => (row.ownerName ? <span title={row.ownerName}>{row.ownerName}</span> : none),
      },
    ]
  }, [t, format, locale, bands])
}
