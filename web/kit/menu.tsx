import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { Keys } from './kbd.tsx'
import { useLandmark } from './landmark.ts'

interface MenuProps {
  trigger: ReactElement
  align?: 'start' | 'end'
  side?: 'bottom' | 'top'
  children: ReactNode
}

/** A list of actions under a button. */
export function Menu({ trigger, align = 'end', side = 'bottom', children }: MenuProps) {
  const landmark = useLandmark()
  return (
    <Radix.Root modal={false} onOpenChange={landmark.find}>
      <Radix.Trigger asChild ref={landmark.trigger}>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal container={landmark.container}>
        <Radix.Content className="k-float k-menu" align={align} side={side} sideOffset={4} collisionPadding={12} loop>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

interface MenuItemProps {
  icon?: IconName
  keys?: string
  tone?: 'danger'
  disabled?: boolean
  onSelect: () => void
  children: ReactNode
}

/** One action. Words end in an ellipsis where a dialog follows. */
export function MenuItem({ icon, keys, tone, disabled, onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item className="k-menu-item" data-tone={tone} disabled={disabled} onSelect={onSelect}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
      {keys && <Keys keys={keys} />}
    </Radix.Item>
  )
}

interface MenuChoiceProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}

/** A choice of one inside a menu, the current one ticked. */
export function MenuChoice<Value extends string>({ label, value, options, onChange }: MenuChoiceProps<Value>) {
  return (
    <>
      <Radix.Label className="k-menu-label">{label}</Radix.Label>
      <Radix.RadioGroup value={value} aria-label={label}>
        {options.map(option => (
          <Radix.RadioItem
            key={option.value}
            className="k-menu-item"
            value={option.value}
            onSelect={() => onChange(option.value)}
          >
            <span>{option.label}</span>
            <i className="k-menu-mark" aria-hidden="true">
              {option.value === value && <Icon name="check" />}
            </i>
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </>
  )
}

/** A hairline between groups of actions. */
export function MenuRule() {
  return <Radix.Separator className="k-menu-rule" />
}
