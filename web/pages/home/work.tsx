import { Link } from '@tanstack/react-router'
import { rankedWork } from '../../../server/insights/portfolio/contract.ts'
import { healthMovers } from '../../../server/signals/scorecards/contract/health.ts'
import { useRoute, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { CustomerHealth } from '../../features/record/health.tsx'
import { DaysLeft } from '../../features/record/renewal.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

const shown = 8

/** Who needs somebody today, and why: by risk, revenue and days to renewal. */
export function Work({ mine }: { mine: 'own' | undefined }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const work = useRoutePages(rankedWork, { query: { limit: shown, ...(mine && { mine }) } })
  if (work.rows?.length === 0) return null
  return (
    <Section title={t(mine ? 'home.work.mine' : 'home.work.all')} note={t('home.work.note')} flush>
      {work.problem && <p className="text-red pt-4">{wordsOf(work.problem, t)}</p>}
      {!work.rows && !work.problem && <SkeletonRows rows={5} />}
      <ol className="h-work">
        {work.rows?.map(row => (
          <li key={row.id}>
            <div>
              <Link to="/customers/$id" params={{ id: row.id }} className="truncate" title={row.name}>
                {row.name}
              </Link>
              <p className="text-t3">{row.reasons.map(reason => reason[locale]).join(' · ') || t('home.work.large')}</p>
            </div>
            <span className="h-wide">
              <CustomerHealth customer={row} aligned />
            </span>
            <span className="h-wide h-figure">{format.shortMoney(row.arr, row.currency)}</span>
            <span className="h-figure">{row.renewalOn && <DaysLeft day={row.renewalOn} />}</span>
          </li>
        ))}
      </ol>
      {work.more && (
        <Button size="small" kind="quiet" pending={work.more.pending} onClick={work.more.load}>
          {t('home.work.more')}
        </Button>
      )}
    </Section>
  )
}

/** Whose score moved most in four weeks, with the first cause. */
export function ScoreMovers({ mine }: { mine: 'own' | undefined }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data } = useRoute(healthMovers, { query: { limit: 6, days: 28, direction: 'down', ...(mine && { mine }) } })
  if (!data || data.items.length === 0) return null
  return (
    <Section
      title={t('home.movers')}
      flush
      end={
        <Link to="/health" className="k-link">
          {t('home.movers.all')}
        </Link>
      }
    >
      <ul className="h-work">
        {data.items.map(({ id, name, before, score, causes }) => (
          <li key={id}>
            <div>
              <Link to="/customers/$id" params={{ id }} search={{ tab: 'health' }} className="truncate" title={name}>
                {name}
              </Link>
              <p className="text-t3">{causes[0]?.words[locale]}</p>
            </div>
            <span className="h-figure">
              {format.number(before, 0)} → <b>{format.number(score, 0)}</b>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
