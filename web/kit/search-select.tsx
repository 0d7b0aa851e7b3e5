import { Command as Cmdk } from 'cmdk'
import { useState } from 'react'
import { useWiring } from './field.tsx'
import { Icon } from './icon.tsx'
import { Popover } from './popover.tsx'

interface SearchSelectProps {
  label: string
  options: readonly { value: string; label: string; hint?: string; keywords?: string[] }[]
  value: string
  onChange: (value: string) => void
  placeholder: string
  /** Said when nothing is found. */
  none: string
}

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
        <Cmdk label={label} loop defaultValue={value} className="k-search-list">
          <div className="k-palette-input">
            <Icon name="search" />
            <Cmdk.Input placeholder={placeholder} />
          </div>
          <Cmdk.List className="k-palette-list" label={label}>
            <Cmdk.Empty>{none}</Cmdk.Empty>
            {options.map(option => (
              <Cmdk.Item
                key={option.value}
                className="k-menu-item"
                value={option.value}
                keywords={[option.label, option.hint ?? '', ...(option.keywords ?? [])]}
                onSelect={() => {
                  onChange(option.value)
                  setOpen(false)
                }}
              >
                <span>{option.label}</span>
                {option.hint && <small>{option.hint}</small>}
                {option.value === value && <Icon name="check" />}
              </Cmdk.Item>
            ))}
          </Cmdk.List>
        </Cmdk>
      </Popover>
    </>
  )
}
