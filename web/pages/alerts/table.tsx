import type { RefObject } from 'react'
import type { Alert } from '../../../server/engage/alerts/contract/alerts.ts'
import { Owner } from '../../features/record/owner.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Tick } from '../../kit/field.tsx'
import { AlertState, Due, SeverityBadge } from './look.tsx'

interface AlertTableProps {
  rows: readonly Alert[]
  /** Where the keyboard is. */
  active: string | undefined
  chosen: ReadonlySet<string>
  onChoose: (chosen: ReadonlySet<string>) => void
  onActive: (id: string) => void
  onOpen: (id: string) => void
  table: RefObject<HTMLTableElement | null>
}

/** Causes that are named in the list; the others stand in the details. */
const shownFacts = 2

/** What an alert is called: its rule and its customer. */
function useAlertName(): (alert: Pick<Alert, 'ruleName' | 'customerName'>) => string {
  const t = useText()
  const { locale } = useLocale()
  return ({ ruleName, customerName }) => `${customerName ?? t('alerts.company')}: ${ruleName[locale]}`
}

/** The alerts, one below the other: how grave, whose, why, until when. */
export function AlertTable({ rows, active, chosen, onChoose, onActive, onOpen, table }: AlertTableProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const nameOf = useAlertName()
  const handled = rows.filter(row => row.mayHandle)
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChoose(next)
  }
  const all = handled.length > 0 && handled.every(({ id }) => chosen.has(id))
  return (
    <table className="k-table a-table" aria-label={t('alerts.title')} ref={table}>
      <thead>
        <tr>
          <th className="k-cell-tick" scope="col" data-narrow="hide">
            <Tick
              aria-label={t('alerts.selectAll')}
              checked={all}
              mixed={!all && chosen.size > 0}
              onChange={() => onChoose(all ? new Set() : new Set(handled.map(({ id }) => id)))}
            />
          </th>
          <th scope="col">{t('alerts.severity')}</th>
          <th scope="col">{t('alerts.subject')}</th>
          <th scope="col" data-narrow="hide">
            {t('alerts.state')}
          </th>
          <th scope="col" data-narrow="hide">
            {t('alerts.owner')}
          </th>
          <th scope="col" data-align="end">
            {t('alerts.due')}
          </th>
          <th scope="col" data-align="end" data-narrow="hide">
            {t('alerts.opened')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(alert => (
          <tr
            key={alert.id}
            data-row
            data-active={alert.id === active || undefined}
            aria-selected={chosen.has(alert.id) || undefined}
          >
            <td className="k-cell-tick" data-narrow="hide">
              {alert.mayHandle && (
                <Tick
                  aria-label={t('alerts.select', { name: nameOf(alert) })}
                  checked={chosen.has(alert.id)}
                  onChange={() => toggle(alert.id)}
                />
              )}
            </td>
            <td className="a-severity">
              <SeverityBadge severity={alert.severity} />
            </td>
            <td className="a-subject">
              <button
                type="button"
                className="a-open"
                data-alert={alert.id}
                onFocus={() => onActive(alert.id)}
                onClick={() => onOpen(alert.id)}
              >
                <strong>{alert.customerName ?? t('alerts.company')}</strong>
                <span>{alert.ruleName[locale]}</span>
              </button>
              <p className="text-t3">
                {alert.facts
                  .slice(0, shownFacts)
                  .map(fact => fact[locale])
                  .join(' · ')}
                {alert.repeats > 0 && ` · ${t('alerts.repeats', { count: alert.repeats })}`}
              </p>
            </td>
            <td data-narrow="hide">
              <AlertState alert={alert} />
            </td>
            <td data-narrow="hide">
              <Owner name={alert.ownerName} />
            </td>
            <td data-align="end">
              <Due alert={alert} />
            </td>
            <td data-align="end" data-narrow="hide">
              <time className="text-t3" title={format.dateTime(alert.openedAt)}>
                {format.relative(alert.openedAt)}
              </time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
