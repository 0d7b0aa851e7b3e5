import { useEffect, useState } from 'react'
import { TextInput } from '../../kit/field.tsx'

interface NumberInputProps {
  value: number | undefined
  onChange: (value: number) => void
  /** Where no Field around names it. */
  label?: string
  min?: number
  max?: number
}

/** A number that takes effect as it is typed; half-typed ones ("-", "") wait. */
export function NumberInput({ value, onChange, label, min, max }: NumberInputProps) {
  const [text, setText] = useState(value === undefined ? '' : String(value))
  useEffect(() => {
    setText(before => (Number(before) === value && before !== '' ? before : value === undefined ? '' : String(value)))
  }, [value])
  return (
    <TextInput
      type="number"
      step="any"
      min={min}
      max={max}
      aria-label={label}
      value={text}
      onChange={event => {
        const typed = event.currentTarget.value
        setText(typed)
        const next = Number(typed)
        if (typed === '' || !Number.isFinite(next)) return
        if ((min !== undefined && next < min) || (max !== undefined && next > max)) return
        onChange(next)
      }}
    />
  )
}
