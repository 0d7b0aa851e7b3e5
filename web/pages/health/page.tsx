import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { healthMovers, healthOverview } from '../../../server/signals/scorecards/contract/health.ts'
import { useRoute, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select } from '../../kit/field.tsx'
import { Facts, Page, PageHead, Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import './health.css'

type Overview = RouteReply<typeof healthOverview>
const colours = ['green', 'yellow', 'orange', 'red'] as const
const whose = ['all', 'own', 'team'] as const

/** Health of the portfolio: how it is spread, how it went, who moved and why. */
export function HealthPage() {
  const t = useText()
  const format = useFormat()
  const [mine, setMine] = useState<(typeof whose)[number]>('all')
  const query = mine === 'all' ? {} : { mine }
  const { data, error } = useRoute(healthOverview, { query })
  return (
    <Screen
      title={t('health.title')}
      actions={
        <Link to="/health/scorecards" className="k-button" data-size="small">
          {t('health.scorecards')}
        </Link>
      }
    >
      <Page>
        <PageHead
          text={
            <span className="e-whose">
              <Select
                aria-label={t('health.whose')}
                value={mine}
                options={whose.map(value => ({ value, label: t(`health.whose.${value}`) }))}
                onChange={event => setMine(whose.find(each => each === event.currentTarget.value) ?? 'all')}
              />
            </span>
          }
        >
          {data && (
            <Facts
              facts={[
                { label: t('health.mean'), value: data.mean === null ? '–' : format.number(data.mean, 0) },
                {
                  label: t('health.scored'),
                  value: format.number(data.scored),
                  small: t('health.ofAll', { count: data.customers }),
                },
                { label: t('health.coverage'), value: data.coverage === null ? '–' : format.percent(data.coverage) },
                { label: t('health.computed'), value: data.computedAt ? format.relative(data.computedAt) : '–' },
              ]}
            />
          )}
        </PageHead>
        {error && <EmptyState title={t('health.title')} text={wordsOf(error, t)} />}
        {!data && !error && <SkeletonRows rows={8} />}
        {data && data.scored === 0 && (
          <EmptyState
            title={t('health.none')}
            text={t('health.noneText')}
            actions={
              <Link to="/health/scorecards" className="k-button" data-kind="primary">
                {t('health.scorecards')}
              </Link>
            }
          />
        )}
        {data && data.scored > 0 && (
          <>
            <div className="e-charts">
              <Distribution overview={data} />
              <Trend overview={data} />
            </div>
            <div className="e-charts">
              <Groups title={t('health.byTier')} groups={data.byTier.map(each => ({ ...each, name: each.key }))} />
              <Groups title={t('health.byOwner')} groups={data.byOwner} />
            </div>
            <Movers mine={mine === 'all' ? undefined : mine} />
          </>
        )}
      </Page>
    </Screen>
  )
}

function Distribution({ overview }: { overview: Overview }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const { bands, scored } = overview
  const total = Math.max(1, scored)
  const best = bands.find(each => each.colour === 'green')
  return (
    <Section title={t('health.distribution', { share: format.percent((best?.customers ?? 0) / total) })} flush>
      <table className="k-table" aria-label={t('health.bands')}>
        <thead>
          <tr>
            <th scope="col">{t('health.band')}</th>
            <th scope="col" data-align="end">
              {t('health.customers')}
            </th>
            <th scope="col" data-align="end">
              {t('health.share')}
            </th>
            <th scope="col" aria-label={t('health.share')} data-narrow="hide" />
          </tr>
        </thead>
        <tbody>
          {bands.map(({ band, nameJa, nameEn, colour, customers }) => (
            <tr key={band} data-row>
              <td>
                <button
                  type="button"
                  className="k-link e-band"
                  data-colour={colour}
                  onClick={() => void navigate({ to: '/customers', search: { sort: 'healthScore', order: 'asc' } })}
                >
                  <i aria-hidden="true" />
                  {locale === 'ja' ? nameJa : nameEn}
                </button>
              </td>
              <td data-align="end">{format.number(customers)}</td>
              <td data-align="end">{format.percent(customers / total)}</td>
              <td data-narrow="hide" className="e-bar-cell">
                <span className="e-bar" data-colour={colour} style={{ width: `${(100 * customers) / total}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Trend({ overview }: { overview: Overview }) {
  const t = useText()
  const format = useFormat()
  const { trend, markers, mean } = overview
  const first = trend[0]
  const option = useCallback(
    (palette: ChartColours) => ({
      grid: { left: 8, right: 40, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.number(value, 1) },
      xAxis: {
        type: 'time',
        splitNumber: 5,
        axisLabel: { formatter: (value: number) => format.shortDay(value), hideOverlap: true },
      },
      yAxis: { type: 'value', scale: true },
      series: [
        {
          type: 'line',
          name: t('health.mean'),
          data: trend.map(each => [Date.parse(each.day), each.mean]),
          endLabel: {
            show: true,
            formatter: () => format.number(trend.at(-1)?.mean ?? 0, 0),
            fontWeight: 600,
            color: palette.text,
          },
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: palette.mute, type: 'dashed' },
            label: { color: palette.text, formatter: ({ data }: { data: { name: string } }) => data.name },
            data: markers.map(marker => ({ xAxis: Date.parse(marker.day), name: `v${marker.version}` })),
          },
        },
      ],
    }),
    [t, format, trend, markers],
  )
  return (
    <ChartFrame
      title={t('health.trend', {
        from: format.number(first?.mean ?? mean ?? 0, 0),
        to: format.number(trend.at(-1)?.mean ?? mean ?? 0, 0),
      })}
      sub={t('health.trendSub')}
      option={option}
      definition={t('health.trendDefinition')}
      table={{
        head: [t('health.day'), t('health.mean'), t('health.customers')],
        rows: trend
          .toReversed()
          .map(each => [
            format.day(each.day),
            each.mean === null ? '–' : format.number(each.mean, 1),
            format.number(each.customers),
          ]),
      }}
    />
  )
}

function Groups({ title, groups }: { title: string; groups: Overview['byTier'] }) {
  const t = useText()
  const format = useFormat()
  return (
    <Section title={title} flush>
      <table className="k-table" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{t('health.group')}</th>
            <th scope="col" data-align="end">
              {t('health.customers')}
            </th>
            <th scope="col" data-align="end">
              {t('health.mean')}
            </th>
            <th scope="col">{t('health.bands')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ key, name, customers, mean, colours: counts }) => (
            <tr key={key ?? ''} data-row>
              <td className="truncate">{name ?? t('health.nobody')}</td>
              <td data-align="end">{format.number(customers)}</td>
              <td data-align="end">{mean === null ? '–' : format.number(mean, 0)}</td>
              <td className="e-bar-cell">
                <span
                  className="e-stack"
                  role="img"
                  aria-label={colours.map(colour => `${t(`kit.health.${colour}`)} ${counts[colour] ?? 0}`).join(' · ')}
                >
                  {colours.map(colour => (
                    <span
                      key={colour}
                      className="e-bar"
                      data-colour={colour}
                      style={{ width: `${(100 * (counts[colour] ?? 0)) / Math.max(1, customers)}%` }}
                    />
                  ))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Movers({ mine }: { mine: 'own' | 'team' | undefined }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [direction, setDirection] = useState<'down' | 'up'>('down')
  const movers = useRoutePages(healthMovers, { query: { days: 28, direction, limit: 15, ...(mine && { mine }) } })
  return (
    <Section
      title={t(`health.movers.${direction}`)}
      note={t('health.moversNote')}
      flush
      end={
        <Button size="small" onClick={() => setDirection(direction === 'down' ? 'up' : 'down')}>
          {t(direction === 'down' ? 'health.showUp' : 'health.showDown')}
        </Button>
      }
    >
      {movers.problem && <p className="text-red">{wordsOf(movers.problem, t)}</p>}
      {!movers.rows && !movers.problem && <SkeletonRows rows={5} />}
      {movers.rows?.length === 0 && <p className="text-t3 pt-4">{t('health.noMovers')}</p>}
      <ul className="e-movers">
        {movers.rows?.map(({ id, name, ownerName, arr, currency, score, before, change, causes }) => (
          <li key={id}>
            <div>
              <Link to="/customers/$id" params={{ id }} search={{ tab: 'health' }} className="truncate">
                {name}
              </Link>
              <p className="text-t3">{causes.map(cause => cause.words[locale]).join(' · ')}</p>
            </div>
            <span className="e-change" data-direction={direction}>
              {format.number(before, 0)} → <b>{format.number(score, 0)}</b> <small>{format.change(change, 0)}</small>
            </span>
            <span className="e-wide">{arr > 0 ? format.shortMoney(arr, currency) : '–'}</span>
            <span className="e-wide truncate">{ownerName ?? t('health.nobody')}</span>
          </li>
        ))}
      </ul>
      {movers.more && (
        <Button size="small" kind="quiet" pending={movers.more.pending} onClick={movers.more.load}>
          {t('health.more')}
        </Button>
      )}
    </Section>
  )
}
