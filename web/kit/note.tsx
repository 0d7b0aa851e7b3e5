import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

interface NoteProps {
  tone?: 'info' | 'green' | 'orange' | 'red'
  /** Read out at once: something went wrong just now. */
  alert?: boolean
  children: ReactNode
}

const icons = { info: 'info', green: 'check', orange: 'alert', red: 'alert' } as const

/** A remark that stays in the page: what is the matter, and what to do about it. */
export function Note({ tone = 'info', alert, children }: NoteProps) {
  return (
    <div className="k-note" data-tone={tone} role={alert ? 'alert' : undefined} tabIndex={alert ? -1 : undefined}>
      <Icon name={icons[tone]} />
      <div>{children}</div>
    </div>
  )
}
