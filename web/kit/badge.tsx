import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'plain' | 'line' | 'accent' | 'green' | 'yellow' | 'orange' | 'red'

/** A short state or tag. Coloured ones carry a sign or a word that says the same. */
export function Badge({ tone = 'plain', icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className="k-badge" data-tone={tone}>
      {icon && <Icon name={icon} size="small" />}
      {children}
    </span>
  )
}

/** The first letter of a name, always with the name beside it. */
export function Avatar({ name, size = 'normal' }: { name: string; size?: 'normal' | 'large' }) {
  const [letter] = new Intl.Segmenter().segment(name.trim())
  return (
    // Drawn, not written: it is no part of what a button around it says.
    <span className="k-avatar" data-size={size} data-letter={letter?.segment.toUpperCase() ?? '–'} aria-hidden="true" />
  )
}
