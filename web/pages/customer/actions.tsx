import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { useSession } from '../../api/session.tsx'
import { CustomerDialog } from '../../features/record/customer-dialog.tsx'
import { withTexts } from '../../i18n/load.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Menu, MenuItem, MenuRule } from '../../kit/menu.tsx'
import { useShortcut } from '../../kit/shortcuts.tsx'
import { ChurnDialog } from './churn-dialog.tsx'
import { OwnerDialog } from './owner-dialog.tsx'
import { TierDialog } from './tier-dialog.tsx'

const MergeDialog = lazy(
  withTexts(
    async () => ({ default: (await import('../../features/record/merge-dialog.tsx')).MergeDialog }),
    'duplicates',
  ),
)

type Opened = 'edit' | 'owner' | 'tier' | 'merge' | 'churn'

/** What can be done with a customer; only what the person may do. */
export function CustomerActions({ customer, onLog }: { customer: Customer; onLog: () => void }) {
  const t = useText()
  const navigate = useNavigate()
  const { member } = useSession()
  const { grants } = member
  const [open, setOpen] = useState<Opened | null>(null)
  const writes = grants['customers.write']
  const mayWrite = writes === 'all' || writes === 'team' || (writes === 'own' && customer.ownerId === member.id)
  useShortcut('e', t('customer.edit'), 'general', () => mayWrite && setOpen('edit'))
  const close = () => setOpen(null)
  return (
    <>
      {grants['timeline.write'] && (
        <Button size="small" icon="note" onClick={onLog}>
          {t('customer.log')}
        </Button>
      )}
      {mayWrite && (
        <span className="u-wide">
          <Button size="small" onClick={() => setOpen('edit')}>
            {t('customer.edit')}
          </Button>
        </span>
      )}
      {(mayWrite || grants['customers.assign'] || grants['customers.merge']) && (
        <Menu trigger={<IconButton icon="more" label={t('customer.more', { name: customer.name })} />}>
          {mayWrite && (
            <MenuItem icon="note" keys="e" onSelect={() => setOpen('edit')}>
              {t('customer.edit')}
            </MenuItem>
          )}
          {grants['customers.assign'] && (
            <MenuItem icon="user" onSelect={() => setOpen('owner')}>
              {t('customer.handOver')}
            </MenuItem>
          )}
          {mayWrite && (
            <MenuItem icon="lock" onSelect={() => setOpen('tier')}>
              {t('customer.pinTier')}
            </MenuItem>
          )}
          {grants['customers.merge'] && (
            <MenuItem icon="branch" onSelect={() => setOpen('merge')}>
              {t('customer.merge')}
            </MenuItem>
          )}
          {mayWrite && customer.status !== 'CHURNED' && (
            <>
              <MenuRule />
              <MenuItem icon="close" tone="danger" onSelect={() => setOpen('churn')}>
                {t('customer.churn')}
              </MenuItem>
            </>
          )}
        </Menu>
      )}
      {open === 'edit' && <CustomerDialog customer={customer} onClose={close} />}
      {open === 'owner' && <OwnerDialog customer={customer} onClose={close} />}
      {open === 'tier' && <TierDialog customer={customer} onClose={close} />}
      {open === 'churn' && <ChurnDialog customer={customer} onClose={close} />}
      {open === 'merge' && (
        <Suspense>
          <MergeDialog
            record="customer"
            kept={{ id: customer.id, name: customer.name }}
            onClose={close}
            onDone={id => void navigate({ to: '/customers/$id', params: { id } })}
          />
        </Suspense>
      )}
    </>
  )
}
