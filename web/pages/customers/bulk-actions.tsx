import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { useMay } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import type { Selection } from '../../kit/virtual-table.tsx'
import { BulkCreateDialog } from '../tasks/bulk-create-dialog.tsx'
import { BulkChangeDialog, type BulkField } from './bulk-change-dialog.tsx'
import type { Chosen } from './chosen.ts'
import type { filterQuery } from './definition.ts'
import { HandOverDialog } from './hand-over-dialog.tsx'

interface BulkActionsProps {
  selection: Selection
  count: number
  query: ReturnType<typeof filterQuery>
  rows: readonly Customer[]
  onDone: () => void
}

const changes = [
  { field: 'tags', icon: 'tag' },
  { field: 'status', icon: 'refresh' },
  { field: 'segment', icon: 'filter' },
] as const

/** What can be done with the chosen customers; each step shows first whom it reaches. */
export function BulkActions({ selection, count, query, rows, onDone }: BulkActionsProps) {
  const t = useText()
  const mayWrite = useMay('customers.write')
  const mayAssign = useMay('customers.assign')
  const mayTasks = useMay('tasks.handle')
  const [open, setOpen] = useState<BulkField | 'owner' | 'tasks' | null>(null)
  const chosen: Chosen = {
    body: selection.all ? { matching: query } : { ids: [...selection.ids] },
    count,
    rows: selection.all ? undefined : rows.filter(row => selection.ids.has(row.id)),
  }
  const close = () => setOpen(null)
  const finish = () => {
    setOpen(null)
    onDone()
  }
  return (
    <>
      {mayAssign && (
        <Button size="small" kind="quiet" icon="user" onClick={() => setOpen('owner')}>
          {t('customers.bulk.owner')}
        </Button>
      )}
      {mayWrite &&
        changes.map(({ field, icon }) => (
          <Button key={field} size="small" kind="quiet" icon={icon} onClick={() => setOpen(field)}>
            {t(`customers.bulk.${field}`)}
          </Button>
        ))}
      {mayTasks && (
        <Button size="small" kind="quiet" icon="task" onClick={() => setOpen('tasks')}>
          {t('customers.bulk.tasks')}
        </Button>
      )}
      {open === 'tasks' && <BulkCreateDialog chosen={chosen} onClose={close} onDone={finish} />}
      {open === 'owner' && <HandOverDialog chosen={chosen} onClose={close} onDone={finish} />}
      {open && open !== 'owner' && open !== 'tasks' && (
        <BulkChangeDialog field={open} chosen={chosen} onClose={close} onDone={finish} />
      )}
    </>
  )
}
