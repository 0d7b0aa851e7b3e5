import { useState } from 'react'
import { summarizeCustomers } from '../../../server/customers/accounts/contract/customers.ts'
import { deleteView, type SavedView, updateView } from '../../../server/customers/views/contract.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { toastDone } from '../../kit/toast.tsx'
import {
  builtInNames,
  builtInViews,
  type Definition,
  filterQuery,
  isChanged,
  savedForm,
  viewDefinition,
} from './definition.ts'
import type { CustomersSearch } from './search.ts'
import { ViewDialog } from './view-dialog.tsx'

const staleViews = ['/api/v1/views']

interface ViewTabsProps {
  search: CustomersSearch
  saved: readonly SavedView[]
  definition: Definition
  onShow: (search: CustomersSearch) => void
}

/** The views: those that everybody has, then the saved ones; and what becomes of the one that is shown. */
export function ViewTabs({ search, saved, definition, onShow }: ViewTabsProps) {
  const t = useText()
  const [dialog, setDialog] = useState<'save' | 'rename' | 'delete' | null>(null)
  const current = search.view ?? 'all'
  const view = saved.find(each => each.id === current)
  const changed = isChanged(search, saved)
  return (
    <div className="c-views">
      <nav className="k-tabs" aria-label={t('customers.views')}>
        {builtInNames.map(name => (
          <ViewTab
            key={name}
            name={t(`customers.view.${name}`)}
            definition={builtInViews[name]}
            isCurrent={name === current}
            onShow={() => onShow(name === 'all' ? {} : { view: name })}
          />
        ))}
        {saved.map(each => (
          <ViewTab
            key={each.id}
            name={each.name}
            shared={each.shared && !each.mine ? (each.ownerName ?? '') : undefined}
            definition={viewDefinition(each.id, saved)}
            isCurrent={each.id === current}
            onShow={() => onShow({ view: each.id })}
          />
        ))}
      </nav>
      <span className="c-view-actions">
        {changed && view?.mine && <OverwriteButton view={view} definition={definition} onShow={onShow} />}
        {changed && (
          <Button size="small" kind="quiet" onClick={() => onShow(search.view ? { view: search.view } : {})}>
            {t('customers.view.reset')}
          </Button>
        )}
        {(changed || !view) && (
          <Button size="small" kind="quiet" icon="plus" onClick={() => setDialog('save')}>
            {t('customers.view.save')}
          </Button>
        )}
        {view?.mine && (
          <Menu trigger={<IconButton icon="more" label={t('customers.view.actions', { name: view.name })} />}>
            <MenuItem icon="note" onSelect={() => setDialog('rename')}>
              {t('customers.view.rename')}
            </MenuItem>
            <ShareItem view={view} />
            <MenuItem icon="trash" tone="danger" onSelect={() => setDialog('delete')}>
              {t('customers.view.delete')}
            </MenuItem>
          </Menu>
        )}
      </span>
      {dialog === 'save' && (
        <ViewDialog definition={definition} onClose={() => setDialog(null)} onSaved={id => onShow({ view: id })} />
      )}
      {dialog === 'rename' && view && (
        <ViewDialog view={view} definition={definition} onClose={() => setDialog(null)} />
      )}
      {dialog === 'delete' && view && (
        <DeleteDialog view={view} onClose={() => setDialog(null)} onDeleted={() => onShow({})} />
      )}
    </div>
  )
}

interface ViewTabProps {
  name: string
  /** Who shares it, where it is not one's own. */
  shared?: string
  definition: Definition
  isCurrent: boolean
  onShow: () => void
}

function ViewTab({ name, shared, definition, isCurrent, onShow }: ViewTabProps) {
  const t = useText()
  const format = useFormat()
  const summary = useRoute(summarizeCustomers, { query: filterQuery(definition) })
  return (
    <button
      type="button"
      className="k-tab"
      aria-current={isCurrent ? 'page' : undefined}
      title={shared === undefined ? undefined : t('customers.view.sharedBy', { name: shared })}
      onClick={onShow}
    >
      {shared !== undefined && <Icon name="users" size="small" />}
      {name}
      {summary.data && <small>{format.number(summary.data.count)}</small>}
    </button>
  )
}

interface OverwriteProps {
  view: SavedView
  definition: Definition
  onShow: (search: CustomersSearch) => void
}

function OverwriteButton({ view, definition, onShow }: OverwriteProps) {
  const t = useText()
  const update = useCommand(updateView, { stale: staleViews })
  const overwrite = async () => {
    const before = view.definition
    await update.run({ params: { id: view.id }, body: { definition: savedForm(definition) } })
    onShow({ view: view.id })
    const undo = () => void update.run({ params: { id: view.id }, body: { definition: before } }).catch(() => {})
    toastDone(t('customers.view.overwritten', { name: view.name }), { undo })
  }
  return (
    <Button size="small" kind="quiet" pending={update.pending} onClick={() => void overwrite().catch(() => {})}>
      {t('customers.view.overwrite')}
    </Button>
  )
}

function ShareItem({ view }: { view: SavedView }) {
  const t = useText()
  const update = useCommand(updateView, { stale: staleViews })
  const share = async () => {
    await update.run({ params: { id: view.id }, body: { shared: !view.shared } })
    toastDone(t(view.shared ? 'customers.view.unshared' : 'customers.view.shared', { name: view.name }))
  }
  return (
    <MenuItem icon="users" onSelect={() => void share().catch(() => {})}>
      {t(view.shared ? 'customers.view.unshare' : 'customers.view.share')}
    </MenuItem>
  )
}

function DeleteDialog({ view, onClose, onDeleted }: { view: SavedView; onClose: () => void; onDeleted: () => void }) {
  const t = useText()
  const remove = useCommand(deleteView, {
    stale: staleViews,
    onDone: () => {
      toastDone(t('customers.view.deleted', { name: view.name }))
      onDeleted()
    },
  })
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('customers.view.deleteTitle', { name: view.name })}
      text={t(view.shared ? 'customers.view.deleteShared' : 'customers.view.deleteOwn')}
      confirm={t('customers.view.deleteConfirm')}
      onConfirm={() => remove.run({ params: { id: view.id } })}
    />
  )
}
