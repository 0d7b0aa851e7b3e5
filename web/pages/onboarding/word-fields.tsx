import { useLocale, useText } from '../../i18n/provider.tsx'
import { Field, Textarea, TextInput } from '../../kit/field.tsx'

interface PairProps<Base extends string> {
  /** Names of the two fields without their language: `title` of `titleJa` and `titleEn`. */
  base: Base
  label: string
  /** Beginning of their names in the request, with its dot. */
  path: string
  value: Record<`${Base}Ja` | `${Base}En`, string>
  onChange: (fields: Partial<Record<`${Base}Ja` | `${Base}En`, string>>) => void
  most: number
  /** Several lines, which may be left out. */
  long?: boolean
}

/** The same words in Japanese and English; one language suffices, and the reader's own comes first. */
export function WordFields<Base extends string>({ base, label, path, value, onChange, most, long }: PairProps<Base>) {
  const t = useText()
  const { locale } = useLocale()
  const languages = locale === 'ja' ? (['Ja', 'En'] as const) : (['En', 'Ja'] as const)
  const Input = long ? Textarea : TextInput
  return languages.map((language, place) => {
    const name = `${base}${language}` as const
    return (
      <Field
        key={language}
        name={`${path}${name}`}
        label={t(language === 'Ja' ? 'onboarding.edit.inJa' : 'onboarding.edit.inEn', { label })}
        required={!long && place === 0}
        {...(!long && place === 1 && { hint: t('onboarding.edit.otherLanguage') })}
      >
        <Input
          value={value[name]}
          maxLength={most}
          autoComplete="off"
          {...(long && { rows: 2 })}
          onChange={(event: { target: { value: string } }) =>
            onChange({ [name]: event.target.value } as Partial<Record<`${Base}Ja` | `${Base}En`, string>>)
          }
        />
      </Field>
    )
  })
}

interface NumberFieldProps {
  label: string
  name: string
  value: number
  minimum: number
  maximum: number
  hint?: string
  onChange: (value: number) => void
}

/** A number within limits; while nothing is typed it is none, which saving refuses. */
export function NumberField({ label, name, value, minimum, maximum, hint, onChange }: NumberFieldProps) {
  return (
    <Field label={label} name={name} required {...(hint && { hint })}>
      <TextInput
        type="number"
        inputMode="numeric"
        min={minimum}
        max={maximum}
        value={Number.isNaN(value) ? '' : value}
        onChange={event => onChange(event.target.value === '' ? Number.NaN : Number(event.target.value))}
      />
    </Field>
  )
}
