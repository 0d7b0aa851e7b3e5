import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useText } from '../i18n/provider.tsx'
import type { Text } from '../i18n/text.ts'
import { Button } from './button.tsx'
import { FieldErrors } from './field-errors.ts'
import { Note } from './note.tsx'

/** What a form reads from a failed request; the API client's ApiProblem is one. */
export interface Refusal {
  title: string
  detail: string
  /** Faults by path in the request, such as `body.email`. */
  errors: readonly { path: string; message: string }[]
}

function isRefusal(fault: unknown): fault is Refusal {
  return fault instanceof Error && 'errors' in fault && Array.isArray(fault.errors) && 'detail' in fault
}

/** What was typed, by the name of the field. */
class FormValues {
  readonly #data: FormData
  constructor(data: FormData) {
    this.#data = data
  }
  /** The text without spaces around it; '' where nothing was typed. */
  text(name: string): string {
    const value = this.#data.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  /** As typed, spaces included: for passwords. */
  secret(name: string): string {
    const value = this.#data.get(name)
    return typeof value === 'string' ? value : ''
  }
  /** The text, or undefined where nothing was typed. */
  optional(name: string): string | undefined {
    return this.text(name) || undefined
  }
  /** The number, or undefined where nothing was typed. */
  number(name: string): number | undefined {
    const text = this.text(name)
    return text === '' ? undefined : Number(text)
  }
  flag(name: string): boolean {
    return this.#data.has(name)
  }
  list(name: string): string[] {
    return this.#data.getAll(name).filter(value => typeof value === 'string')
  }
}

interface FormProps {
  /** Sends the values; the form waits for it, and shows what it throws beside the fields. */
  onSubmit: (values: FormValues) => Promise<unknown>
  submit: string
  submitKind?: 'primary' | 'normal' | 'destroy'
  onCancel?: () => void
  /** Beside the buttons: a link, a remark. */
  aside?: ReactNode
  children: ReactNode
}

/**
 * A form whose inputs keep what was typed whatever happens. Checks in the browser what HTML knows (required, type,
 * limits) in the product's words; the rest is refused by the server and shown at the field it names.
 */
export function Form({ onSubmit, submit, submitKind = 'primary', onCancel, aside, children }: FormProps) {
  const t = useText()
  const form = useRef<HTMLFormElement>(null)
  const [pending, setPending] = useState(false)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<{ text: string; others: string[] } | null>(null)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the first fault is focused once after each attempt
  useEffect(() => {
    if (attempt === 0) return
    const first = [...(form.current?.elements ?? [])].find(
      each => 'name' in each && errors[String(each.name)] !== undefined,
    )
    const target = first ?? form.current?.querySelector('[role=alert]')
    if (target instanceof HTMLElement) target.focus()
  }, [attempt])

  const refuse = (fault: unknown) => {
    if (!isRefusal(fault)) {
      setProblem({ text: fault instanceof Error && fault.message ? fault.message : t('kit.form.failed'), others: [] })
      return
    }
    const names = new Set([...(form.current?.elements ?? [])].map(each => ('name' in each ? String(each.name) : '')))
    const atFields: Record<string, string> = {}
    const others: string[] = []
    for (const { path, message } of fault.errors) {
      const name = path.replace(/^body\./, '')
      if (names.has(name)) atFields[name] ??= message
      else others.push(message)
    }
    setErrors(atFields)
    if (others.length > 0 || Object.keys(atFields).length === 0)
      setProblem({ text: fault.detail || fault.title || t('kit.form.failed'), others })
  }

  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    event.stopPropagation()
    if (pending) return
    const missing = faultsOf(event.currentTarget, t)
    setErrors(missing)
    setProblem(null)
    if (Object.keys(missing).length > 0) {
      setAttempt(attempt + 1)
      return
    }
    setPending(true)
    try {
      await onSubmit(new FormValues(new FormData(event.currentTarget)))
    } catch (fault) {
      refuse(fault)
      setAttempt(attempt + 1)
    } finally {
      setPending(false)
    }
  }

  return (
    <form className="k-form" ref={form} noValidate onSubmit={send}>
      {problem && (
        <Note tone="red" alert>
          {problem.text}
          {problem.others.length > 0 && (
            <ul>
              {problem.others.map(other => (
                <li key={other}>{other}</li>
              ))}
            </ul>
          )}
        </Note>
      )}
      <FieldErrors value={errors}>{children}</FieldErrors>
      <div className="k-form-actions">
        <Button type="submit" kind={submitKind} pending={pending}>
          {submit}
        </Button>
        {onCancel && (
          <Button kind="quiet" onClick={onCancel}>
            {t('kit.cancel')}
          </Button>
        )}
        {aside}
        <span className="k-hidden" role="status">
          {pending ? t('kit.form.pending') : ''}
        </span>
      </div>
    </form>
  )
}

type Checked = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

function faultsOf(form: HTMLFormElement, t: Text): Record<string, string> {
  const faults: Record<string, string> = {}
  for (const each of form.elements) {
    if (!(each instanceof HTMLInputElement || each instanceof HTMLSelectElement || each instanceof HTMLTextAreaElement))
      continue
    if (!each.name || !each.willValidate || each.validity.valid) continue
    faults[each.name] ??= wordsOf(each, t)
  }
  return faults
}

function wordsOf(input: Checked, t: Text): string {
  const { validity, type } = input
  if (validity.valueMissing)
    return t(type === 'radio' || type.startsWith('select') ? 'kit.form.choose' : 'kit.form.required')
  if (validity.badInput) return t('kit.form.number')
  if (validity.typeMismatch) return t(type === 'url' ? 'kit.form.url' : 'kit.form.email')
  if (validity.tooShort && 'minLength' in input) return t('kit.form.tooShort', { count: input.minLength })
  if (validity.rangeUnderflow && 'min' in input) return t('kit.form.tooLow', { limit: input.min })
  if (validity.rangeOverflow && 'max' in input) return t('kit.form.tooHigh', { limit: input.max })
  return t('kit.form.pattern')
}
