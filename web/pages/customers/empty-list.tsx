import { Link } from '@tanstack/react-router'
import { useMay } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'

interface EmptyListProps {
  isNarrowed: boolean
  onClear: () => void
  onAdd: (() => void) | undefined
}

/** No customer matches; or there are none yet, and here is how they come in. */
export function EmptyList({ isNarrowed, onClear, onAdd }: EmptyListProps) {
  const t = useText()
  const mayImport = useMay('imports.manage')
  const maySource = useMay('sources.manage')
  const mayKey = useMay('api_keys.manage')
  return (
    <div className="c-empty">
      {isNarrowed ? (
        <EmptyState
          title={t('customers.none')}
          text={t('customers.noneText')}
          actions={<Button onClick={onClear}>{t('customers.clear')}</Button>}
        />
      ) : (
        <EmptyState
          title={t('customers.empty')}
          text={t('customers.emptyText')}
          actions={
            <>
              {mayImport && (
                <Link to="/imports/new" className="k-button" data-kind="primary">
                  {t('customers.empty.import')}
                </Link>
              )}
              {maySource && (
                <Link to="/sources" className="k-button">
                  {t('customers.empty.source')}
                </Link>
              )}
              {onAdd && <Button onClick={onAdd}>{t('customers.add')}</Button>}
              {mayKey && (
                <Link to="/docs" className="k-button" data-kind="quiet">
                  {t('customers.empty.api')}
                </Link>
              )}
            </>
          }
        />
      )}
    </div>
  )
}
