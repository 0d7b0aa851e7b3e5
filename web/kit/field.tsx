import { type ComponentProps, createContext, type ReactNode, use, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../i18n/provider.tsx'
import { IconButton } from './button.tsx'
import { FieldErrors } from './field-errors.ts'
import { Icon, type IconName } from './icon.tsx'

interface FieldWiring {
  id: string
  name: string | undefined
  invalid: boolean
  describedBy: string | undefined
  required: boolean
}

const FieldContext = createContext<FieldWiring | null>(null)

interface FieldProps {
  label: string
  /** Path of the value in the request body, such as `email` or `owner.id`; where a form's errors come to. */
  name?: string
  hint?: ReactNode
  /** A fault found by the page; what the server refused arrives by the form. */
  error?: string
  required?: boolean
  /** The label is read out but not shown, where the place says what the field is. */
  labelHidden?: boolean
  children: ReactNode
}

/** Label, hint and error of one input: `<Field label="…" name="email" required><TextInput type="email" /></Field>`. */
export function Field({ label, name, hint, error, required = false, labelHidden, children }: FieldProps) {
  const id = useId()
  const t = useText()
  const refused = use(FieldErrors)
  const fault = error ?? (name === undefined ? undefined : refused[name])
  const describedBy = [hint && `${id}-hint`, fault && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div className="k-field">
      <label className={labelHidden ? 'k-hidden' : 'k-label'} htmlFor={id}>
        {label}
        {!required && !labelHidden && name !== undefined && <small>{t('kit.optional')}</small>}
      </label>
      <FieldContext value={{ id, name, invalid: fault !== undefined, describedBy, required }}>{children}</FieldContext>
      {hint && (
        <p className="k-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault && <FieldError id={`${id}-error`} text={fault} />}
    </div>
  )
}

/** The line under a field that says what is wrong. */
function FieldError({ id, text }: { id: string; text: string }) {
  return (
    <p className="k-error" id={id}>
      <Icon name="alert" size="small" />
      <span>{text}</span>
    </p>
  )
}

/** What an input inside a Field takes from it: id, name, error. */
export function useWiring() {
  const field = use(FieldContext)
  if (!field) return {}
  return {
    id: field.id,
    name: field.name,
    required: field.required,
    'aria-invalid': field.invalid || undefined,
    'aria-describedby': field.describedBy,
  }
}

interface TextInputProps extends ComponentProps<'input'> {
  icon?: IconName
}

/** A line of text. Inside a Field it takes its id, name and error from there. */
export function TextInput({ icon, ...rest }: TextInputProps) {
  const input = <input type="text" {...useWiring()} {...rest} className="k-input" />
  if (!icon) return input
  return (
    <span className="k-affix" data-side="start">
      <Icon name={icon} />
      {input}
    </span>
  )
}

/** A password that can be looked at while it is typed. */
export function PasswordInput(props: ComponentProps<'input'>) {
  const [shown, setShown] = useState(false)
  const t = useText()
  return (
    <span className="k-affix" data-side="end">
      <input {...useWiring()} {...props} type={shown ? 'text' : 'password'} className="k-input" spellCheck={false} />
      <IconButton
        icon={shown ? 'eye-off' : 'eye'}
        label={t(shown ? 'kit.password.hide' : 'kit.password.show')}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      />
    </span>
  )
}

export function Textarea(props: ComponentProps<'textarea'>) {
  return <textarea rows={3} {...useWiring()} {...props} className="k-input" />
}

interface SelectProps extends Omit<ComponentProps<'select'>, 'children'> {
  options: readonly { value: string; label: string; disabled?: boolean }[]
  /** First entry, for "nothing chosen yet". */
  placeholder?: string
}

/** A choice of one among many: the system's own list, which phones and screen readers know best. */
export function Select({ options, placeholder, ...rest }: SelectProps) {
  return (
    <span className="k-affix" data-side="end">
      <select {...useWiring()} {...rest} className="k-input">
        {placeholder !== undefined && <option value="">{placeholder}</option>}
        {options.map(option => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" />
    </span>
  )
}

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type'> {
  label: ReactNode
  hint?: string
  /** Some, but not all, of what it stands for. */
  mixed?: boolean
}

export function Checkbox({ label, hint, mixed = false, ...rest }: CheckboxProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the Tick inside is the control
    <label className="k-check">
      <Tick mixed={mixed} {...rest} />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  )
}

/** A checkbox without words beside it; give it `aria-label`. */
export function Tick({ mixed = false, ...rest }: Omit<ComponentProps<'input'>, 'type'> & { mixed?: boolean }) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed
  }, [mixed])
  return <input {...rest} ref={box} type="checkbox" className="k-tick" />
}

interface RadioGroupProps {
  label: string
  name: string
  options: readonly { value: string; label: string; hint?: string }[]
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
}

/** A choice of one among a few, each with room for an explanation. */
export function RadioGroup({ label, name, options, value, defaultValue, onChange }: RadioGroupProps) {
  const id = useId()
  const fault = use(FieldErrors)[name]
  return (
    <fieldset aria-describedby={fault ? `${id}-error` : undefined}>
      <legend className="k-label">{label}</legend>
      <div className="k-options">
        {options.map(option => (
          <label key={option.value} className="k-check">
            <input
              type="radio"
              className="k-radio"
              name={name}
              value={option.value}
              checked={value === undefined ? undefined : option.value === value}
              defaultChecked={value === undefined ? option.value === defaultValue : undefined}
              onChange={() => onChange?.(option.value)}
            />
            <span>
              {option.label}
              {option.hint && <small>{option.hint}</small>}
            </span>
          </label>
        ))}
      </div>
      {fault && <FieldError id={`${id}-error`} text={fault} />}
    </fieldset>
  )
}

interface SwitchProps {
  label: string
  hint?: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
}

/** Takes effect at once; inside a form that is sent later, use a Checkbox. */
export function Switch({ label, hint, checked, onChange, disabled }: SwitchProps) {
  const id = useId()
  return (
    <div className="k-check">
      <button
        type="button"
        role="switch"
        className="k-switch"
        id={id}
        aria-checked={checked}
        disabled={disabled}
        onClick={() => onChange(!checked)}
      />
      <label htmlFor={id}>
        {label}
        {hint && <small>{hint}</small>}
      </label>
    </div>
  )
}
