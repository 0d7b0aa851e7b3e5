import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useWiring } from './field.tsx'
import { Icon } from './icon.tsx'
import { Popover } from './popover.tsx'

export interface Option {
  value: string
  label: string
  hint?: string
  /** Further words it is found by. */
  keywords?: string[]
}

interface SearchSelectProps {
  label: string
  options: readonly Option[]
  value: string
  onChange: (value: string) => void
  placeholder: string
  /** Said when nothing is found. */
  none: string
}

/** More would be no list to read; typing on narrows it down. */
const most = 60

/** A choice of one among hundreds, found by typing. Inside a Field it takes its id and name from there. */
export function SearchSelect({ label, options, value, onChange, placeholder, none }: SearchSelectProps) {
  const [open, setOpen] = useState(false)
  const { name, required: _, ...wiring } = useWiring()
  const chosen = options.find(option => option.value === value)
  return (
    <>
      {name !== undefined && <input type="hidden" name={name} value={value} />}
      <Popover
        label={label}
        open={open}
        onOpenChange={setOpen}
        flush
        trigger={
          <button type="button" className="k-input k-search-select" {...wiring}>
            <span className="truncate">{chosen?.label ?? value}</span>
            {chosen?.hint && <small>{chosen.hint}</small>}
            <Icon name="chevron-down" />
          </button>
        }
      >
        <SearchList
          label={label}
          options={options}
          value={value}
          placeholder={placeholder}
          none={none}
          onChange={next => {
            onChange(next)
            setOpen(false)
          }}
        />
      </Popover>
    </>
  )
}

function has(option: Option, words: readonly string[]): boolean {
  const text = [option.value, option.label, option.hint, ...(option.keywords ?? [])].join(' ').toLowerCase()
  return words.every(word => text.includes(word))
}

/** The list itself, for a place that opens by another button. */
export function SearchList({ label, options, value, onChange, placeholder, none }: SearchSelectProps) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const [search, setSearch] = useState('')
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const chosenAt = options.findIndex(option => option.value === value)
  // Without a search the list stands around what is chosen.
  const start = words.length > 0 ? 0 : Math.max(0, Math.min(chosenAt - most / 2, options.length - most))
  const found = (words.length > 0 ? options.filter(option => has(option, words)) : options).slice(start, start + most)
  const [activeValue, setActiveValue] = useState(value)
  const active = found.find(option => option.value === activeValue) ?? found[0]

  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls whenever another line is the active one
  useEffect(() => {
    list.current?.querySelector('[data-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [active?.value])

  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && active) {
      event.preventDefault()
      const next = found[(found.indexOf(active) + step + found.length) % found.length]
      if (next) setActiveValue(next.value)
    }
    if (event.key === 'Enter' && active) {
      event.preventDefault()
      onChange(active.value)
    }
  }
  const lineId = (option: Option) => `${id}-${options.indexOf(option)}`
  return (
    <div className="k-search-list">
      <div className="k-palette-input">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={active && lineId(active)}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={search}
          onChange={event => setSearch(event.target.value)}
          onKeyDown={onKey}
        />
      </div>
      <div className="k-palette-list" role="listbox" id={`${id}-list`} aria-label={label} ref={list}>
        {found.map(option => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above holds the keyboard for the list
          // biome-ignore lint/a11y/useFocusableInteractive: as above, by aria-activedescendant
          <div
            key={option.value}
            id={lineId(option)}
            role="option"
            className="k-menu-item"
            aria-selected={option.value === value}
            data-selected={option === active}
            onClick={() => onChange(option.value)}
            onPointerMove={() => setActiveValue(option.value)}
          >
            <span>{option.label}</span>
            {option.hint && <small>{option.hint}</small>}
            {option.value === value && <Icon name="check" />}
          </div>
        ))}
        {found.length === 0 && (
          <p className="k-search-none" role="status">
            {none}
          </p>
        )}
      </div>
    </div>
  )
}
