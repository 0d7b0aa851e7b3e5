import {
  type Customer,
  handOver,
  undoHandOver,
  updateCustomer,
} from '../../../server/customers/accounts/contract/customers.ts'
import { pinTier } from '../../../server/customers/accounts/contract/tiers.ts'
import { useCommand } from '../../api/hooks.ts'
import { patchCustomer, refreshCustomers, staleFigures } from '../../features/record/cache.ts'
import { useOwnerOptions } from '../../features/record/owners.ts'
import { TagEditor } from '../../features/record/tag-editor.tsx'
import { useTiers } from '../../features/record/tiers.ts'
import { useText } from '../../i18n/provider.tsx'
import { AnchoredPopover } from '../../kit/popover.tsx'
import { SearchList } from '../../kit/search-select.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { EditedField } from './columns.tsx'

export interface Editing {
  field: EditedField
  customer: Customer
  anchor: HTMLElement
}

interface EditorProps {
  customer: Customer
  onClose: () => void
}

const editors = { owner: OwnerEditor, tier: TierEditor, tags: TagsEditor }

/** Changes one value of one customer beside its cell; it shows at once, and is taken back when the server refuses. */
export function CellEditor({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const t = useText()
  const { field, customer, anchor } = editing
  const Editor = editors[field]
  return (
    <AnchoredPopover
      anchor={anchor}
      label={t(`customers.editing.${field}`, { name: customer.name })}
      onClose={onClose}
      flush={field !== 'tags'}
    >
      <Editor customer={customer} onClose={onClose} />
    </AnchoredPopover>
  )
}

function OwnerEditor({ customer, onClose }: EditorProps) {
  const t = useText()
  const options = useOwnerOptions()
  const hand = useCommand(handOver, { stale: staleFigures })
  const undo = useCommand(undoHandOver, { stale: staleFigures })
  const choose = async (id: string) => {
    onClose()
    const before = { ownerId: customer.ownerId, ownerName: customer.ownerName }
    if (id === (before.ownerId ?? '')) return
    const ownerName = options.find(option => option.value === id && id !== '')?.label ?? null
    patchCustomer(customer.id, { ownerId: id || null, ownerName })
    try {
      const { batchId } = await hand.run({ body: { ids: [customer.id], toId: id || null } })
      toastDone(
        t('customers.ownerChanged', { name: customer.name, owner: ownerName ?? t('customers.nobody') }),
        batchId
          ? {
              undo: () => {
                patchCustomer(customer.id, before)
                undo.run({ params: { id: batchId } }).catch(refreshCustomers)
              },
            }
          : {},
      )
    } catch {
      patchCustomer(customer.id, before)
    }
  }
  return (
    <SearchList
      label={t('record.field.ownerId')}
      options={options}
      value={customer.ownerId ?? ''}
      placeholder={t('customers.findOwner')}
      none={t('customers.noOwner')}
      onChange={id => void choose(id)}
    />
  )
}

/** Stands for "by the rule" in the list of tiers. */
const byRule = ''

function TierEditor({ customer, onClose }: EditorProps) {
  const t = useText()
  const tiers = useTiers()
  const pin = useCommand(pinTier, { stale: ['/api/v1/tiers'] })
  const set = async (tierKey: string | null, before: string | null) => {
    await pin.run({ params: { id: customer.id }, body: { tierKey } })
    // Only the server knows which tier the rule says, and which category it belongs to.
    if (tierKey === null || before === null) await refreshCustomers()
  }
  const choose = async (key: string) => {
    onClose()
    const { tierKey, tierPinned } = customer
    const before = tierPinned ? tierKey : null
    const next = key === byRule ? null : key
    if (next === before) return
    if (next) patchCustomer(customer.id, { tierKey: next, tierPinned: true })
    try {
      await set(next, before)
      const name = tiers.find(tier => tier.key === next)?.name
      toastDone(
        name
          ? t('customers.tierPinned', { name: customer.name, tier: name })
          : t('customers.tierUnpinned', { name: customer.name }),
        {
          undo: () => {
            patchCustomer(customer.id, { tierKey, tierPinned })
            set(before, next).catch(refreshCustomers)
          },
        },
      )
    } catch {
      patchCustomer(customer.id, { tierKey, tierPinned })
    }
  }
  return (
    <SearchList
      label={t('record.field.tierKey')}
      options={[
        { value: byRule, label: t('customers.tierByRule') },
        ...tiers.map(tier => ({ value: tier.key, label: tier.name })),
      ]}
      value={customer.tierPinned ? (customer.tierKey ?? byRule) : byRule}
      placeholder={t('customers.findTier')}
      none={t('customers.noTier')}
      onChange={key => void choose(key)}
    />
  )
}

function TagsEditor({ customer, onClose }: EditorProps) {
  const t = useText()
  const update = useCommand(updateCustomer, { stale: staleFigures })
  const set = async (tags: string[]) => {
    patchCustomer(customer.id, { tags })
    await update.run({ params: { id: customer.id }, body: { tags } })
  }
  const save = async (tags: string[]) => {
    onClose()
    const before = customer.tags
    if (tags.join('\n') === before.join('\n')) return
    try {
      await set(tags)
      toastDone(t('customers.tagsChanged', { name: customer.name }), {
        undo: () => void set(before).catch(refreshCustomers),
      })
    } catch {
      patchCustomer(customer.id, { tags: before })
    }
  }
  return <TagEditor tags={customer.tags} onSave={tags => void save(tags)} />
}
