import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { listViews } from '../../../server/customers/views/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { CustomerDialog } from '../../features/record/customer-dialog.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Icon } from '../../kit/icon.tsx'
import { useShortcut } from '../../kit/shortcuts.tsx'
import { CustomerTable } from './customer-table.tsx'
import './customers.css'
import { definitionOf } from './definition.ts'
import type { CustomersSearch } from './search.ts'
import { ViewTabs } from './view-tabs.tsx'

const noViews: never[] = []

/** Every customer, in views that are saved and shared. */
export function CustomersPage() {
  const t = useText()
  const mayWrite = useMay('customers.write')
  const mayImport = useMay('imports.manage')
  const mayMerge = useMay('customers.merge')
  const search = useSearch({ from: '/workspace/customers' })
  const navigate = useNavigate({ from: '/customers' })
  const views = useRoute(listViews, { query: { screen: 'customers' } })
  const saved = views.data?.items ?? noViews
  const definition = definitionOf(search, saved)
  const [adding, setAdding] = useState(false)
  useShortcut('c', t('customers.add'), 'general', () => mayWrite && setAdding(true))
  const show = (next: CustomersSearch) => void navigate({ search: next, replace: true, resetScroll: false })
  // The rows of a saved view are asked for once its conditions are known.
  const isKnown = views.data !== undefined || views.error !== null
  return (
    <Screen
      title={t('customers.title')}
      actions={
        <>
          <Link to="/upsell" className="k-button c-wide" data-size="small">
            {t('customers.upsell')}
          </Link>
          {mayMerge && (
            <Link to="/customers/duplicates" className="k-button c-wide" data-size="small">
              {t('customers.duplicates')}
            </Link>
          )}
          {mayImport && (
            <Link to="/imports/new" className="k-button c-wide" data-size="small">
              <Icon name="upload" />
              <span>{t('customers.import')}</span>
            </Link>
          )}
          {mayWrite && (
            <Button kind="primary" size="small" icon="plus" onClick={() => setAdding(true)}>
              {t('customers.add')}
            </Button>
          )}
        </>
      }
    >
      <div className="c-screen">
        <ViewTabs search={search} saved={saved} definition={definition} onShow={show} />
        <CustomerTable
          key={search.view ?? 'all'}
          ready={isKnown}
          definition={definition}
          onChange={changes => show({ ...search, ...changes })}
          onAdd={mayWrite ? () => setAdding(true) : undefined}
        />
      </div>
      {adding && <CustomerDialog onClose={() => setAdding(false)} />}
    </Screen>
  )
}
