import { Tooltip as Radix } from 'radix-ui'
import type { FocusEvent, ReactElement, ReactNode } from 'react'
import { Keys } from './kbd.tsx'
import { useLandmark } from './landmark.ts'

/** Once around the application: tooltips after the first appear without delay. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={400} skipDelayDuration={300}>
      {children}
    </Radix.Provider>
  )
}

interface TooltipProps {
  text: string
  keys?: string
  /** One element that takes focus. */
  children: ReactElement
}

/** Focus that comes back from a closed menu or dialog after a click is no question for words. */
function onlyByKeyboard(event: FocusEvent<HTMLButtonElement>) {
  if (!event.currentTarget.matches(':focus-visible')) event.preventDefault()
}

/** Words for something that shows none, on hover and on keyboard focus. Never the only place of a fact. */
export function Tooltip({ text, keys, children }: TooltipProps) {
  const landmark = useLandmark()
  return (
    <Radix.Root onOpenChange={landmark.find}>
      <Radix.Trigger asChild ref={landmark.trigger} onFocus={onlyByKeyboard}>
        {children}
      </Radix.Trigger>
      <Radix.Portal container={landmark.container}>
        <Radix.Content className="k-tip" sideOffset={6} collisionPadding={8}>
          {text}
          {keys && <Keys keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
