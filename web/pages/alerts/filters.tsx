import { countAlerts } from '../../../server/engage/alerts/contract/counts.ts'
import { useRoute } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Segments } from '../../kit/button.tsx'
import { Select } from '../../kit/field.tsx'
import type { AlertsSearch } from './search.ts'

const views = ['active', 'snoozed', 'closed', 'all'] as const
const severities = ['critical', 'high', 'medium', 'low'] as const

interface FiltersProps {
  search: AlertsSearch
  mine: 'own' | 'team' | 'all'
  onChange: (search: AlertsSearch) => void
}

/** Whose alerts, in which state, how grave, of which rule. */
export function Filters({ search, mine, onChange }: FiltersProps) {
  const t = useText()
  const { locale } = useLocale()
  const counts = useRoute(countAlerts).data
  const rules = counts?.byRule ?? []
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of filters, each with its own name
    <div className="a-filters" role="group" aria-label={t('alerts.view')}>
      <Segments
        label={t('alerts.mine')}
        size="small"
        value={mine}
        onChange={next => onChange({ ...search, mine: next })}
        options={(['own', 'team', 'all'] as const).map(value => ({
          value,
          label: t(`alerts.mine.${value}`, { count: counts?.[value] ?? 0 }),
        }))}
      />
      <span className="a-filter">
        <Select
          aria-label={t('alerts.view')}
          value={search.view ?? 'active'}
          options={views.map(value => ({ value, label: t(`alerts.view.${value}`) }))}
          onChange={event => {
            const view = views.find(each => each === event.currentTarget.value)
            onChange({ ...search, view: view === 'active' ? undefined : view })
          }}
        />
      </span>
      <span className="a-filter">
        <Select
          aria-label={t('alerts.severity')}
          placeholder={t('alerts.severity.any')}
          value={search.severity ?? ''}
          options={severities.map(value => ({ value, label: t(`alerts.severity.${value}`) }))}
          onChange={event =>
            onChange({ ...search, severity: severities.find(each => each === event.currentTarget.value) })
          }
        />
      </span>
      {(rules.length > 1 || search.rule) && (
        <span className="a-filter" data-wide>
          <Select
            aria-label={t('alerts.rule')}
            placeholder={t('alerts.rule.any')}
            value={search.rule ?? ''}
            options={rules.map(({ ruleId, name, open }) => ({ value: ruleId, label: `${name[locale]} (${open})` }))}
            onChange={event => onChange({ ...search, rule: event.currentTarget.value || undefined })}
          />
        </span>
      )}
      {counts && <span className="text-t3">{t('alerts.summary', { overdue: counts.overdue })}</span>}
    </div>
  )
}
