import type { ReactNode } from 'react'
import { useText } from '../i18n/provider.tsx'
import { IconButton } from './button.tsx'

interface BulkBarProps {
  /** How many rows are chosen, in words. */
  text: string
  /** Beside it: the way to choose every row that matches. */
  aside?: ReactNode
  onClear: () => void
  /** Over the lower edge of the window, for a table that fills it. */
  floating?: boolean
  children: ReactNode
}

/** Actions for the chosen rows of a table. */
export function BulkBar({ text, aside, onClear, floating, children }: BulkBarProps) {
  const t = useText()
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons, not fields
    <div className="k-bulk" role="group" aria-label={t('kit.table.bulk')} data-floating={floating || undefined}>
      <strong role="status">{text}</strong>
      {aside}
      <span className="k-bulk-rule" />
      {children}
      <IconButton icon="close" label={t('kit.table.clearSelection')} onClick={onClear} />
    </div>
  )
}
