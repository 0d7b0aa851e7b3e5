import { Link } from '@tanstack/react-router'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { listCustomerSignals } from '../../../server/signals/risks/contract.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { LevelBadge } from '../../features/risks/level.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

interface SignalsProps {
  customer: Customer
  /** With the advice and those that ended; else only what calls for attention. */
  full?: boolean
}

/** Which signals of risk a customer shows, since when and why. */
export function RiskSignals({ customer, full }: SignalsProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data, error } = useRoute(listCustomerSignals, { params: { id: customer.id } })
  const items = data?.items.filter(each => full || each.level !== 'low')
  if (!full && (!items || items.length === 0)) return null
  return (
    <Section title={t('risks.customer.title')} note={items?.length || undefined} flush>
      {error && <p className="text-red pt-4">{wordsOf(error, t)}</p>}
      {!data && !error && <SkeletonRows rows={3} />}
      {items?.length === 0 && <p className="text-t3 pt-4">{t('risks.customer.none')}</p>}
      <ul className="u-signals">
        {items?.map(signal => {
          const advice = locale === 'ja' ? signal.adviceJa : signal.adviceEn
          return (
            <li key={signal.id}>
              <LevelBadge level={signal.level} />
              <div>
                <Link to="/signals/$id" params={{ id: signal.id }} className="r-name">
                  {nameOf(signal, locale)}
                </Link>
                {signal.facts.map(fact => (
                  <p key={fact.en} className="text-12 text-t2">
                    {fact[locale]}
                  </p>
                ))}
                {full && advice && (
                  <p className="text-12 text-t3">
                    {t('risks.advice')}: {advice}
                  </p>
                )}
              </div>
              <time className="text-12 text-t3" dateTime={signal.since} title={format.dateTime(signal.since)}>
                {t('risks.customer.since', { day: format.day(signal.since), age: format.relative(signal.since) })}
              </time>
            </li>
          )
        })}
      </ul>
      {full && data && data.ended.length > 0 && (
        <details className="u-ended">
          <summary>
            {t('risks.customer.ended')} {format.number(data.ended.length)}
          </summary>
          <ul className="u-signals">
            {data.ended.map(signal => (
              <li key={`${signal.id} ${signal.since}`}>
                <LevelBadge level={signal.level} />
                <span>{nameOf(signal, locale)}</span>
                <span className="text-12 text-t3">
                  {t('risks.customer.span', { from: format.day(signal.since), to: format.day(signal.ended) })}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  )
}
