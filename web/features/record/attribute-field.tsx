import { useState } from 'react'
import { useText } from '../../i18n/provider.tsx'
import { Checkbox, Field, Select, TextInput } from '../../kit/field.tsx'
import type { Attribute } from './attributes.ts'

type Value = string | number | boolean | string[] | null

interface Values {
  text: (name: string) => string
  list: (name: string) => string[]
}

const nameOf = (attribute: Attribute) => `attributes.${attribute.key}`

/** The input of a company's own field, by its type. */
export function AttributeField({ attribute, value }: { attribute: Attribute; value: unknown }) {
  const t = useText()
  const name = nameOf(attribute)
  if (attribute.type === 'many_of') return <ManyOf attribute={attribute} value={value} />
  const text = value === null || value === undefined ? '' : String(value)
  return (
    <Field label={attribute.label} name={name} hint={attribute.description ?? undefined}>
      {attribute.type === 'one_of' ? (
        <Select
          defaultValue={text}
          placeholder={t('kit.select.none')}
          options={attribute.options.map(option => ({ value: option, label: option }))}
        />
      ) : attribute.type === 'boolean' ? (
        <Select
          defaultValue={text}
          placeholder={t('kit.select.none')}
          options={[
            { value: 'true', label: t('record.yes') },
            { value: 'false', label: t('record.no') },
          ]}
        />
      ) : (
        <TextInput
          type={attribute.type === 'number' ? 'number' : attribute.type === 'date' ? 'date' : 'text'}
          step="any"
          defaultValue={text}
          autoComplete="off"
        />
      )}
    </Field>
  )
}

function ManyOf({ attribute, value }: { attribute: Attribute; value: unknown }) {
  const given = Array.isArray(value) ? value.map(String) : []
  const [chosen] = useState(() => new Set(given))
  return (
    <fieldset>
      <legend className="k-label">{attribute.label}</legend>
      <div className="flex flex-wrap gap-4">
        {attribute.options.map(option => (
          <Checkbox
            key={option}
            label={option}
            name={nameOf(attribute)}
            value={option}
            defaultChecked={chosen.has(option)}
          />
        ))}
      </div>
    </fieldset>
  )
}

/** What was entered in the fields above, as the API takes it; an emptied field is null. */
export function attributeValuesOf(attributes: readonly Attribute[], values: Values): Record<string, Value> {
  const found: Record<string, Value> = {}
  for (const attribute of attributes) {
    const name = nameOf(attribute)
    const text = values.text(name)
    if (attribute.type === 'many_of') {
      const list = values.list(name)
      found[attribute.key] = list.length > 0 ? list : null
    } else if (text === '') found[attribute.key] = null
    else if (attribute.type === 'number') found[attribute.key] = Number(text)
    else if (attribute.type === 'boolean') found[attribute.key] = text === 'true'
    else found[attribute.key] = text
  }
  return found
}
