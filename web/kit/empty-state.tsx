import type { ReactNode } from 'react'

interface EmptyStateProps {
  title: string
  text: string
  /** What to do now: the first button is the primary one. */
  actions?: ReactNode
}

/** Nothing here yet: says why, and offers the next step. */
export function EmptyState({ title, text, actions }: EmptyStateProps) {
  return (
    <div className="k-empty">
      <h2>{title}</h2>
      <p>{text}</p>
      {actions && <div className="k-empty-actions">{actions}</div>}
    </div>
  )
}
