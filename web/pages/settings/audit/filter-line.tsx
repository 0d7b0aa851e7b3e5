import { useSession } from '../../../api/session.tsx'
import { useAllMembers } from '../../../features/identity/all-members.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { presetRange } from '../../../kit/calendar.ts'
import { DateRange } from '../../../kit/date-range.tsx'
import { Select } from '../../../kit/field.tsx'
import { SearchSelect } from '../../../kit/search-select.tsx'
import { type AuditFilters, actionGroups, outcomes } from './filters.ts'

interface FilterLineProps {
  filters: AuditFilters
  onFilter: (filters: AuditFilters) => void
}

/** Who, what, how it ended, when. */
export function FilterLine({ filters, onFilter }: FilterLineProps) {
  const t = useText()
  const format = useFormat()
  const { tenant } = useSession()
  const members = useAllMembers() ?? []
  const isFiltered = Object.keys(filters).length > 0
  const range = filters.from && filters.to ? { start: filters.from, end: filters.to } : undefined
  const { from: _from, to: _to, ...withoutPeriod } = filters
  const setPeriod = (start: string, end: string) => onFilter({ ...filters, from: start, to: end })
  return (
    <>
      <span className="s-tool">
        <SearchSelect
          label={t('audit.actor')}
          value={filters.actor ?? ''}
          onChange={actor => onFilter({ ...filters, actor: actor || undefined })}
          placeholder={t('members.search')}
          none={t('members.none')}
          options={[
            { value: '', label: t('audit.anybody') },
            ...members.map(member => ({
              value: member.id,
              label: member.name,
              hint: t(`roles.${member.role}`),
              keywords: [member.email],
            })),
            ...(filters.actor && !members.some(member => member.id === filters.actor)
              ? [{ value: filters.actor, label: t('audit.chosenActor') }]
              : []),
          ]}
        />
      </span>
      <span className="s-tool">
        <Select
          aria-label={t('audit.action')}
          placeholder={t('audit.anyAction')}
          value={filters.group ?? ''}
          options={actionGroups.map(group => ({ value: group, label: t(`audit.group.${group}`) }))}
          onChange={event => {
            const chosen = event.currentTarget.value
            onFilter({ ...filters, group: actionGroups.find(group => group === chosen) })
          }}
        />
      </span>
      <span className="s-tool" data-short>
        <Select
          aria-label={t('audit.outcome')}
          placeholder={t('audit.anyOutcome')}
          value={filters.outcome ?? ''}
          options={outcomes.map(outcome => ({ value: outcome, label: t(`audit.outcome.${outcome}`) }))}
          onChange={event => {
            const chosen = event.currentTarget.value
            onFilter({ ...filters, outcome: outcomes.find(outcome => outcome === chosen) })
          }}
        />
      </span>
      {range ? (
        <DateRange
          label={t('audit.period')}
          value={range}
          fiscalStart={tenant.fiscalYearStart}
          onChange={({ start, end }) => setPeriod(start, end)}
        />
      ) : (
        <Button
          icon="calendar"
          onClick={() => {
            const { start, end } = presetRange('days30', format.today())
            setPeriod(start, end)
          }}
        >
          {t('audit.lastDays')}
        </Button>
      )}
      {range && (
        <Button kind="quiet" onClick={() => onFilter(withoutPeriod)}>
          {t('audit.anyTime')}
        </Button>
      )}
      {filters.subject && (
        <Button
          icon="close"
          aria-label={t('audit.clearSubject')}
          onClick={() => onFilter({ ...filters, subject: undefined })}
        >
          {t('audit.oneSubject')}
        </Button>
      )}
      {isFiltered && (
        <Button kind="quiet" onClick={() => onFilter({})}>
          {t('audit.clear')}
        </Button>
      )}
    </>
  )
}
