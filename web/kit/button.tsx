import type { ComponentProps, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { Tooltip } from './tooltip.tsx'

export type ButtonKind = 'normal' | 'primary' | 'quiet' | 'dashed' | 'danger' | 'destroy'

interface ButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  kind?: ButtonKind
  size?: 'normal' | 'small'
  icon?: IconName
  /** Work is under way: the button stays in its place, says so to screen readers and takes no second click. */
  pending?: boolean
  wide?: boolean
  children: ReactNode
}

/**
 * One primary button a screen; the label is verb + object + count. `destroy` is the last step of a deletion,
 * `dashed` a place for one more.
 */
export function Button({ kind = 'normal', size = 'normal', icon, pending, wide, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className="k-button"
      data-kind={kind}
      data-size={size}
      data-wide={wide || undefined}
      aria-busy={pending || undefined}
      aria-disabled={pending || rest['aria-disabled']}
      onClick={pending ? event => event.preventDefault() : rest.onClick}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: IconName
  label: string
  kind?: ButtonKind
  size?: 'normal' | 'small'
  /** Keys that do the same, shown in the tooltip. */
  keys?: string
}

/** A button of a sign alone; its label is read out and shown as a tooltip. */
export function IconButton({ icon, label, kind = 'quiet', size = 'small', keys, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys}>
      <button
        type="button"
        {...rest}
        className="k-button"
        data-kind={kind}
        data-size={size}
        data-shape="icon"
        aria-label={label}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  )
}

interface SegmentsProps<Value extends string> {
  label: string
  options: readonly { value: Value; label: string }[]
  value: Value
  onChange: (value: Value) => void
  size?: 'normal' | 'small'
}

/** A choice of one among a few, all in sight. Arrow keys move as in a group of radio buttons. */
export function Segments<Value extends string>({
  label,
  options,
  value,
  onChange,
  size = 'normal',
}: SegmentsProps<Value>) {
  const move = (event: React.KeyboardEvent<HTMLDivElement>) => {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
          ? -1
          : 0
    if (step === 0) return
    event.preventDefault()
    const at = options.findIndex(option => option.value === value)
    const next = options[(at + step + options.length) % options.length]
    if (!next) return
    onChange(next.value)
    event.currentTarget.querySelector<HTMLElement>(`[data-value="${CSS.escape(next.value)}"]`)?.focus()
  }
  return (
    <div className="k-segments" role="radiogroup" aria-label={label} data-size={size} onKeyDown={move}>
      {options.map(option => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot hold the look of a button
        <button
          key={option.value}
          type="button"
          role="radio"
          className="k-button"
          data-value={option.value}
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}
