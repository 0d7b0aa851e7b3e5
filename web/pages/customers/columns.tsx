import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Customer, customerSorts } from '../../../server/customers/accounts/contract/customers.ts'
import type { FilterField } from '../../features/conditions/fields.ts'
import { attributeText, useAttributes } from '../../features/record/attributes.ts'
import { CustomerHealth } from '../../features/record/health.tsx'
import { Owner } from '../../features/record/owner.tsx'
import { DaysLeft, LastContact } from '../../features/record/renewal.tsx'
import { StatusBadge } from '../../features/record/status-badge.tsx'
import { TagLine } from '../../features/record/tag-editor.tsx'
import { useTiers } from '../../features/record/tiers.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import type { Column } from '../../kit/data-table.tsx'

export type EditedField = 'owner' | 'tier' | 'tags'

interface ColumnActions {
  /** Opens the editor of a cell beside its button; undefined where the person may not change the customer. */
  edit: (field: EditedField, customer: Customer, anchor: HTMLElement) => void
  mayEdit: (field: EditedField, customer: Customer) => boolean
  /** Fields of the condition language that can be shown beside the record. */
  further: readonly FilterField[]
}

const besides = ['openAlerts', 'signalsHigh', 'healthChange30', 'healthBand']

/** Whether a column is no part of the record: a metric, alerts, what scorecards say. */
export function isFurther(id: string): boolean {
  return id.startsWith('metrics.') || besides.includes(id)
}

type Plain = Pick<Column<Customer>, 'id' | 'header' | 'width' | 'optional' | 'align' | 'narrow'>

/** Every column of the table: the standard ones, those to pick, and the company's own fields. */
export function useCustomerColumns({ edit, mayEdit, further }: ColumnActions): readonly Column<Customer>[] {
  const t = useText()
  const format = useFormat()
  const tiers = useTiers()
  const attributes = useAttributes('customer')
  return useMemo(() => {
    const isSortable = (id: string) => customerSorts.some(sort => sort === id)
    const column = (
      id: keyof Customer | 'daysLeft',
      width: number | undefined,
      cell: Column<Customer>['cell'],
      more: Partial<Plain> & { clip?: boolean } = {},
    ): Column<Customer> => ({
      id,
      header: t(`customers.column.${id as 'name'}`),
      width,
      cell,
      narrow: 'hide',
      ...(isSortable(id) && { sort: 'server' }),
      ...more,
    })
    const editable = (field: EditedField, row: Customer, label: string, content: React.ReactNode) =>
      mayEdit(field, row) ? (
        <button
          type="button"
          className="c-cell-button"
          aria-label={t(`customers.edit.${field}`, { name: row.name, value: label })}
          aria-haspopup="dialog"
          onClick={event => edit(field, row, event.currentTarget)}
        >
          {content}
        </button>
      ) : (
        content
      )
    const dash = <span className="text-t3">–</span>
    const text = (id: keyof Customer, width: number) =>
      column(id, width, row => (row[id] ? <span title={String(row[id])}>{String(row[id])}</span> : dash), {
        optional: true,
      })
    const day = (id: 'contractStart' | 'contractEnd' | 'churnedOn' | 'createdAt' | 'updatedAt' | 'lastSeenAt') =>
      column(id, 112, row => (row[id] ? format.day(row[id]) : dash), { optional: true, align: 'end' })
    const number = (id: 'employeeCount' | 'licenceCount') =>
      column(id, 104, row => (row[id] === null ? dash : format.number(row[id])), { optional: true, align: 'end' })
    const tierName = (row: Customer) => tiers.find(tier => tier.key === row.tierKey)?.name ?? row.tierKey ?? ''

    const own: Column<Customer>[] = [
      column(
        'name',
        undefined,
        row => (
          <span className="c-name-cell">
            <Link to="/customers/$id" params={{ id: row.id }} className="c-name" title={row.name} preload={false}>
              {row.name}
            </Link>
            {row.status !== 'ACTIVE' && <StatusBadge status={row.status} />}
          </span>
        ),
        { narrow: undefined, clip: true },
      ),
      column('healthScore', 128, row => <CustomerHealth customer={row} aligned />, { narrow: undefined }),
      column('status', 104, row => <StatusBadge status={row.status} />, { optional: true }),
      column('tierKey', 148, row =>
        editable('tier', row, tierName(row), tierName(row) ? <Badge tone="line">{tierName(row)}</Badge> : dash),
      ),
      column('arr', 124, row => (row.arr > 0 ? format.money(row.arr, row.currency) : dash), { align: 'end' }),
      column('renewalOn', 104, row => (row.renewalOn ? format.day(row.renewalOn) : dash), { align: 'end' }),
      column('daysLeft', 76, row => (row.renewalOn ? <DaysLeft day={row.renewalOn} /> : dash), {
        align: 'end',
        narrow: undefined,
      }),
      column('ownerName', 148, row =>
        editable('owner', row, row.ownerName ?? t('customers.nobody'), <Owner name={row.ownerName} />),
      ),
      column('lastContactAt', 112, row => <LastContact at={row.lastContactAt} />, { align: 'end' }),
      column('tags', 132, row =>
        editable(
          'tags',
          row,
          row.tags.join(t('record.comma')),
          row.tags.length > 0 ? <TagLine tags={row.tags} /> : dash,
        ),
      ),
      column('churnScore', 96, row => (row.churnScore === null ? dash : format.number(row.churnScore, 0)), {
        align: 'end',
        optional: true,
      }),
      column('churnRisk', 96, row => (row.churnRisk ? t(`record.risk.${row.churnRisk}`) : dash), { optional: true }),
      text('plan', 120),
      text('segment', 120),
      text('industry', 120),
      text('region', 104),
      text('language', 80),
      text('currency', 80),
      text('externalId', 136),
      column('domains', 176, row => (row.domains.length > 0 ? row.domains.join(', ') : dash), { optional: true }),
      text('website', 176),
      text('parentName', 168),
      text('executiveSponsor', 136),
      number('employeeCount'),
      number('licenceCount'),
      column('mrr', 120, row => (row.mrr > 0 ? format.money(row.mrr, row.currency) : dash), {
        align: 'end',
        optional: true,
      }),
      column(
        'lifetimeValue',
        136,
        row => (row.lifetimeValue === null ? dash : format.money(row.lifetimeValue, row.currency)),
        { align: 'end', optional: true },
      ),
      day('contractStart'),
      day('contractEnd'),
      day('churnedOn'),
      day('lastSeenAt'),
      day('createdAt'),
      day('updatedAt'),
    ]
    const theirs = attributes.map(
      (attribute): Column<Customer> => ({
        id: `attributes.${attribute.key}`,
        header: attribute.label,
        width: 136,
        optional: true,
        narrow: 'hide',
        align: attribute.type === 'number' ? 'end' : undefined,
        cell: row => {
          const value = attributeText(attribute, row.attributes[attribute.key], t, format)
          return value ? <span title={value}>{value}</span> : dash
        },
      }),
    )
    const beside = further.map(
      ({ id, label, kind, unit, choices }): Column<Customer> => ({
        id,
        header: label,
        width: 168,
        optional: true,
        narrow: 'hide',
        align: kind === 'number' || kind === 'date' ? 'end' : undefined,
        cell: row => {
          const value = row.fields?.[id]
          if (value === null || value === undefined) return dash
          if (id === 'healthChange30') return <span className="k-number">{format.change(Number(value), 0)}</span>
          if (unit === 'percent') return format.percent(Number(value) / 100).replace('-', '−')
          if (unit === 'money') return format.money(Number(value), row.currency)
          if (kind === 'number') return format.number(Number(value), Number(value) % 1 === 0 ? 0 : 1)
          if (kind === 'date') return format.day(String(value))
          return choices?.find(choice => choice.value === value)?.label ?? String(value)
        },
      }),
    )
    return [...own, ...theirs, ...beside]
  }, [t, format, tiers, attributes, further, edit, mayEdit])
}
