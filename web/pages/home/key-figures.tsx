import { Link } from '@tanstack/react-router'
import { listKpis } from '../../../server/insights/kpis/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { AboutKpi } from '../../features/kpis/about.tsx'
import { TargetState } from '../../features/kpis/target-state.tsx'
import { headline, kpiValue } from '../../features/kpis/value.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import '../../features/kpis/kpis.css'

const shown = ['arr', 'nrr', 'monthly_churn_rate', 'mean_health', 'nps']

/** Five numbers of one's customers; each says what it is and opens. */
export function KeyFigures({ mine }: { mine: 'own' | undefined }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data } = useRoute(listKpis, { query: { keys: shown.join(','), mine } })
  if (!data) return null
  return (
    <Section
      title={t('kpis.title')}
      note={t(mine ? 'kpis.about.own' : 'kpis.about.all')}
      flush
      end={
        <Link to="/kpis" search={mine ? { mine } : {}} className="k-link">
          {t('home.customers.all')}
        </Link>
      }
    >
      <div className="p-strip">
        {data.items.map(kpi => (
          <div key={kpi.key}>
            <div className="p-strip-name">
              {kpi.words[locale]}
              <AboutKpi kpi={kpi.key} name={kpi.words[locale]} />
            </div>
            <div className="p-strip-value">
              <Link
                to="/kpis/$key"
                params={{ key: kpi.key }}
                search={mine ? { mine } : {}}
                aria-label={t('kpis.openValue', {
                  name: kpi.words[locale],
                  value: kpiValue(kpi, headline(kpi).value, format, t),
                })}
              >
                {kpiValue(kpi, headline(kpi).value, format, t)}
              </Link>
              <TargetState kpi={kpi} />
            </div>
          </div>
        ))}
      </div>
    </Section>
  )
}
