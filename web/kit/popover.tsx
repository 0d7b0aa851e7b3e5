import { Popover as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

interface PopoverProps {
  trigger: ReactElement
  /** Name of what opens, for screen readers. */
  label: string
  open?: boolean
  onOpenChange?: (open: boolean) => void
  align?: 'start' | 'center' | 'end'
  /** The content brings its own padding. */
  flush?: boolean
  children: ReactNode
}

/** Something small beside the button that opened it: an explanation, a choice of columns, a calendar. */
export function Popover({ trigger, label, open, onOpenChange, align = 'start', flush, children }: PopoverProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className="k-float k-popover"
          data-flush={flush || undefined}
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={12}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
