import type { ReactNode } from 'react'

interface ProgressBarProps {
  label: string
  /** From 0 to 1. */
  share: number
  /** The same in words, under the bar. */
  children: ReactNode
}

/** How far something is, as a bar and in words. */
export function ProgressBar({ label, share, children }: ProgressBarProps) {
  return (
    <div>
      <progress className="im-bar" aria-label={label} value={share} max={1} />
      <p className="text-t2 text-12">{children}</p>
    </div>
  )
}
