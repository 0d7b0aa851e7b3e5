import type { Assignment, ImportKind, Mapping } from '../../../server/collect/imports/contract/shapes.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Popover } from '../../kit/popover.tsx'
import { choiceText } from './choice-words.ts'
import { type InspectedColumn, optionsOf, type Target } from './targets.ts'

interface DetailsProps {
  kind: ImportKind
  column: InspectedColumn
  assignment: Assignment
  target: Target | undefined
  onChange: (next: Assignment) => void
}

/** How a column is read, where there is something to choose: a new attribute, a count of months, words for choices. */
export function ColumnDetails(props: DetailsProps) {
  const { assignment, target, column } = props
  if (assignment.attribute) return <AttributeDetails {...props} attribute={assignment.attribute} />
  if (target?.choices && column.values && column.values.length > 0)
    return <WordDetails {...props} choices={target.choices} values={column.values} />
  if (target && (target.type === 'date' || target.type === 'moment') && column.type === 'number')
    return <MonthDetails {...props} />
  return null
}

const types = ['text', 'number', 'boolean', 'date', 'one_of', 'many_of'] as const

function AttributeDetails({
  column,
  assignment,
  attribute,
  onChange,
}: DetailsProps & { attribute: NonNullable<Mapping['assignments'][number]['attribute']> }) {
  const t = useText()
  const change = (part: Partial<typeof attribute>) => onChange({ ...assignment, attribute: { ...attribute, ...part } })
  const known = types.filter(
    type => column.values || (type !== 'one_of' && type !== 'many_of') || type === attribute.type,
  )
  return (
    <Popover
      label={t('imports.attribute', { column: column.name })}
      trigger={
        <Button size="small" kind="quiet" icon="tag">
          {t(`imports.type.${attribute.type}`)}
          {attribute.options.length > 0 && t('imports.options', { count: attribute.options.length })}
        </Button>
      }
    >
      <div className="im-popover">
        <Field label={t('imports.attributeLabel')} name="label" required>
          <TextInput
            defaultValue={attribute.label}
            maxLength={80}
            onBlur={event => {
              const label = event.currentTarget.value.trim()
              if (label !== '' && label !== attribute.label) change({ label })
            }}
          />
        </Field>
        <Field label={t('imports.attributeType')} name="type" required>
          <Select
            value={attribute.type}
            options={known.map(type => ({ value: type, label: t(`imports.type.${type}`) }))}
            onChange={event => {
              const type = types.find(each => each === event.currentTarget.value) ?? 'text'
              change({ type, options: optionsOf(column, type) })
            }}
          />
        </Field>
        {attribute.options.length > 0 && (
          <p className="k-hint">{attribute.options.slice(0, 20).join(t('imports.comma'))}</p>
        )}
      </div>
    </Popover>
  )
}

function WordDetails({
  kind,
  column,
  assignment,
  onChange,
  choices,
  values,
}: DetailsProps & { choices: readonly string[]; values: readonly string[] }) {
  const t = useText()
  const words = assignment.words ?? {}
  const said = values.flatMap(value => {
    const code = words[value]
    return code ? [t('imports.means', { value, meaning: choiceText(kind, assignment.target, code, t) })] : []
  })
  const choose = (value: string, code: string) => {
    const { [value]: _, ...rest } = words
    onChange({ ...assignment, words: code === '' ? rest : { ...rest, [value]: code } })
  }
  return (
    <Popover
      label={t('imports.words', { column: column.name })}
      trigger={
        <Button size="small" kind="quiet" icon="right">
          {said.length > 0 ? said.slice(0, 2).join(t('imports.comma')) : t('imports.wordsAutomatic')}
        </Button>
      }
    >
      <div className="im-popover">
        {values.map(value => (
          <Field key={value} label={t('imports.wordsOf', { value })}>
            <Select
              placeholder={t('imports.automatic')}
              value={words[value] ?? ''}
              options={choices.map(code => ({ value: code, label: choiceText(kind, assignment.target, code, t) }))}
              onChange={event => choose(value, event.currentTarget.value)}
            />
          </Field>
        ))}
      </div>
    </Popover>
  )
}

function MonthDetails({ column, assignment, onChange }: DetailsProps) {
  const t = useText()
  return (
    <Select
      aria-label={t('imports.readingOf', { column: column.name })}
      value={assignment.reading}
      options={[
        { value: 'value', label: t('imports.reading.value') },
        { value: 'months_ago', label: t('imports.reading.months_ago') },
      ]}
      onChange={event =>
        onChange({ ...assignment, reading: event.currentTarget.value === 'months_ago' ? 'months_ago' : 'value' })
      }
    />
  )
}
