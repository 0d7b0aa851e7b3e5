import { type ReactNode, use, useId, useState } from 'react'
import { useText } from '../../i18n/provider.tsx'
import { IconButton } from '../../kit/button.tsx'
import { FieldErrors } from '../../kit/field-errors.ts'

interface FoldProps {
  title: string
  /** What the line says beside its title while it is closed. */
  marks?: ReactNode
  /** Beginning of the names of its fields: it opens where one of them is refused. */
  path: string
  startsOpen: boolean
  /** Its place among its neighbours, from 0, and how many these are. */
  place: number
  count: number
  onMove?: (by: -1 | 1) => void
  onRemove?: () => void
  children: ReactNode
}

/** One entry of a list that is changed: its line opens its fields; buttons move it and take it away. */
export function Fold({ title, marks, path, startsOpen, place, count, onMove, onRemove, children }: FoldProps) {
  const t = useText()
  const id = useId()
  const [isOpen, setIsOpen] = useState(startsOpen)
  const isRefused = Object.keys(use(FieldErrors)).some(name => name === path || name.startsWith(`${path}.`))
  const move = (by: -1 | 1) => {
    onMove?.(by)
    // The line goes elsewhere in the page and takes the focus along.
    requestAnimationFrame(() => document.getElementById(`${id}${by}`)?.focus())
  }
  return (
    <li className="ob-fold">
      <details open={isOpen || isRefused} onToggle={event => setIsOpen(event.currentTarget.open)}>
        <summary>
          <span className="ob-fold-title">{title}</span>
          {marks && <span className="ob-fold-marks">{marks}</span>}
        </summary>
        <div className="ob-fields">{children}</div>
      </details>
      <div className="ob-fold-buttons">
        {onMove && (
          <>
            <IconButton
              id={`${id}-1`}
              icon="chevron-up"
              label={t('onboarding.edit.up', { title })}
              aria-disabled={place === 0}
              onClick={() => move(-1)}
            />
            <IconButton
              id={`${id}1`}
              icon="chevron-down"
              label={t('onboarding.edit.down', { title })}
              aria-disabled={place === count - 1}
              onClick={() => move(1)}
            />
          </>
        )}
        {onRemove && <IconButton icon="trash" label={t('onboarding.removeTask', { title })} onClick={onRemove} />}
      </div>
    </li>
  )
}
