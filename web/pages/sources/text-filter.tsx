import { useState } from 'react'
import { TextInput } from '../../kit/field.tsx'

interface TextFilterProps {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** A text to look for, taken with Enter or when it is left. */
export function TextFilter({ label, value = '', onChange }: TextFilterProps) {
  const [typed, setTyped] = useState(value)
  const [taken, setTaken] = useState(value)
  // The address changed by other means, such as going back.
  if (taken !== value) {
    setTaken(value)
    setTyped(value)
  }
  const take = () => typed.trim() !== value && onChange(typed.trim() || undefined)
  return (
    <form
      className="d-tool"
      onSubmit={event => {
        event.preventDefault()
        take()
      }}
    >
      <TextInput
        icon="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        maxLength={200}
        onChange={event => setTyped(event.currentTarget.value)}
        onBlur={take}
      />
    </form>
  )
}
