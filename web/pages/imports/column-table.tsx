import { useMemo } from 'react'
import type { previewImport } from '../../../server/collect/imports/contract/imports.ts'
import type { Assignment, ImportKind, Inspection, Mapping } from '../../../server/collect/imports/contract/shapes.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useAttributes } from '../../features/record/attributes.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { IconButton } from '../../kit/button.tsx'
import { Field } from '../../kit/field.tsx'
import { Icon } from '../../kit/icon.tsx'
import { type Option, SearchSelect } from '../../kit/search-select.tsx'
import { ColumnDetails } from './column-details.tsx'
import { folded } from './draft.ts'
import { assigned, assignmentsOf, type InspectedColumn, newAttribute, recordOf, targetOptions } from './targets.ts'

export type Preview = RouteReply<typeof previewImport>

/** Below this share of cells that can be read, the column is most likely another one. */
const fits = 0.7

interface ColumnTableProps {
  kind: ImportKind
  inspection: Inspection
  mapping: Mapping
  preview: Preview | undefined
  /** Faults by index of the assignment. */
  faults: ReadonlyMap<number, string>
  onChange: (mapping: Mapping) => void
}

/** Every column of the file with what stands in it, and where it goes. */
export function ColumnTable(props: ColumnTableProps) {
  const { kind, inspection } = props
  const t = useText()
  const { locale } = useLocale()
  const attributes = useAttributes(recordOf(kind) ?? 'customer')
  const options = useMemo(
    () => targetOptions(kind, inspection.targets, recordOf(kind) ? attributes : [], locale, t),
    [kind, inspection, attributes, locale, t],
  )
  return (
    <ul className="im-columns">
      {inspection.columns.map(column => (
        <ColumnLine key={column.name} {...props} column={column} options={options} />
      ))}
    </ul>
  )
}

interface ColumnLineProps extends ColumnTableProps {
  column: InspectedColumn
  options: readonly Option[]
}

function ColumnLine({ column, options, ...props }: ColumnLineProps) {
  const t = useText()
  const { mapping, onChange } = props
  const assignments = assignmentsOf(mapping, column.name)
  const samples = column.samples.slice(0, 3)
  return (
    <li data-left-out={assignments.length === 0 || undefined}>
      <div className="im-column">
        <strong className="truncate" title={column.name}>
          {column.name}
        </strong>
        <span className="truncate" title={samples.join(t('imports.comma'))}>
          {samples.length > 0 ? samples.join(t('imports.dot')) : t('imports.noValues')}
        </span>
      </div>
      <Icon name="right" />
      <div className="im-targets">
        {assignments.length === 0 ? (
          <TargetLine {...props} column={column} options={options} assignment={undefined} />
        ) : (
          assignments.map(assignment => (
            <TargetLine key={assignment.target} {...props} column={column} options={options} assignment={assignment} />
          ))
        )}
      </div>
      {assignments.length === 1 ? (
        <IconButton
          icon="plus"
          label={t('imports.alsoTo', { column: column.name })}
          onClick={() => {
            const free = options.find(
              ({ value }) => value !== '' && !mapping.assignments.some(each => each.target === value),
            )
            if (free) onChange(assigned(mapping, column, undefined, recordOf(props.kind) ? newAttribute : free.value))
          }}
        />
      ) : (
        <span />
      )}
    </li>
  )
}

interface TargetLineProps extends ColumnLineProps {
  assignment: Assignment | undefined
}

function TargetLine({
  kind,
  inspection,
  mapping,
  preview,
  faults,
  onChange,
  column,
  options,
  assignment,
}: TargetLineProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const target = assignment && inspection.targets.find(({ name }) => name === assignment.target)
  // A new attribute is no entry of the list yet, and stands there under its own name while it is chosen.
  const shown = assignment?.attribute
    ? [...options, { value: assignment.target, label: assignment.attribute.label, hint: t('imports.newAttribute') }]
    : options
  const fault = assignment && faults.get(mapping.assignments.indexOf(assignment))
  const check =
    assignment &&
    preview?.columns.find(
      each => each.target === assignment.target && each.column !== null && folded(each.column) === folded(column.name),
    )
  const near = column.nearly && inspection.targets.find(({ name }) => name === column.nearly?.target)
  const isAside = !mapping.assignments.some(each => each.target === column.nearly?.target)
  const replace = (next: Assignment) =>
    onChange({ ...mapping, assignments: mapping.assignments.map(each => (each === assignment ? next : each)) })
  return (
    <div className="im-target">
      <Field
        labelHidden
        label={t('imports.targetOf', {
          column: column.name,
          target: shown.find(({ value }) => value === (assignment?.target ?? ''))?.label ?? '',
        })}
      >
        <SearchSelect
          label={t('imports.fields')}
          options={shown}
          value={assignment?.target ?? ''}
          placeholder={t('imports.findTarget')}
          none={t('imports.noTarget')}
          onChange={value => {
            if (value !== (assignment?.target ?? '')) onChange(assigned(mapping, column, assignment, value))
          }}
        />
      </Field>
      <div className="im-details">
        {assignment && (
          <ColumnDetails kind={kind} column={column} assignment={assignment} target={target} onChange={replace} />
        )}
      </div>
      {column.nearly && isAside && (
        <p className="im-remark" data-tone="orange">
          <Icon name="alert" size="small" />
          <span>
            {t('imports.nearly', {
              field: near?.label[locale] ?? column.nearly.target,
              count: column.nearly.unfit,
              share: format.percent(1 - column.nearly.unfit / column.filled),
            })}{' '}
            <button
              type="button"
              className="k-link"
              onClick={() => onChange(assigned(mapping, column, assignment, column.nearly?.target ?? ''))}
            >
              {t('imports.nearlyTake', { field: near?.label[locale] ?? column.nearly.target })}
            </button>
          </span>
        </p>
      )}
      {fault && <Remark tone="red">{fault}</Remark>}
      {check && check.refused > 0 && (
        <Remark tone={check.filled - check.refused < check.filled * fits ? 'red' : 'orange'}>
          {check.filled - check.refused < check.filled * fits
            ? t('imports.unfit', {
                share: format.percent((check.filled - check.refused) / check.filled),
                count: check.refused,
                policy: mapping.problems,
              })
            : t('imports.refused', { count: check.refused, policy: mapping.problems })}
        </Remark>
      )}
    </div>
  )
}

function Remark({ tone, children }: { tone: 'red' | 'orange'; children: string }) {
  return (
    <p className="im-remark" data-tone={tone}>
      <Icon name="alert" size="small" />
      <span>{children}</span>
    </p>
  )
}
