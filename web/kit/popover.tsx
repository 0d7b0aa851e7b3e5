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
  /** Called when it has closed; prevent the event where something else takes the focus than its button. */
  onCloseAutoFocus?: (event: Event) => void
  children: ReactNode
}

/** Something small beside the button that opened it: an explanation, a choice of columns, a calendar. */
export function Popover({ trigger, label, open, onOpenChange, align = 'start', flush, ...rest }: PopoverProps) {
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
          onCloseAutoFocus={rest.onCloseAutoFocus}
        >
          {rest.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

interface AnchoredPopoverProps {
  /** The button it was opened from, which gets the focus back. */
  anchor: HTMLElement
  label: string
  onClose: () => void
  flush?: boolean
  children: ReactNode
}

/** The same beside a button among hundreds, such as a cell of a table: one for them all, instead of one in each. */
export function AnchoredPopover({ anchor, label, onClose, flush, children }: AnchoredPopoverProps) {
  return (
    <Radix.Root open onOpenChange={next => !next && onClose()}>
      <Radix.Anchor virtualRef={{ current: anchor }} />
      <Radix.Portal>
        <Radix.Content
          className="k-float k-popover"
          data-flush={flush || undefined}
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          onCloseAutoFocus={event => {
            event.preventDefault()
            anchor.focus()
          }}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
