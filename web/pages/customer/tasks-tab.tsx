import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { listTasks } from '../../../server/engage/tasks/contract/tasks.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { CustomerContacts, CustomerFlows } from '../flows/customer-flows.tsx'
import { TaskDialog } from '../tasks/task-dialog.tsx'
import { TaskLines } from '../tasks/task-lines.tsx'
import { TaskPanel } from '../tasks/task-panel.tsx'

/** What there is to do for the customer, and what was done. */
export function TasksTab({ customer }: { customer: Customer }) {
  const t = useText()
  const mayHandle = useMay('tasks.handle')
  const mayFlows = useMay('flows.view')
  const [open, setOpen] = useState<string>()
  const [creating, setCreating] = useState(false)
  const active = useRoutePages(listTasks, { query: { customerId: customer.id, limit: 50 } })
  const done = useRoutePages(listTasks, {
    query: { customerId: customer.id, view: 'done', sort: 'changed', limit: 10 },
  })
  const create = mayHandle && (
    <Button size="small" icon="plus" onClick={() => setCreating(true)}>
      {t('tasks.new')}
    </Button>
  )
  if (active.problem && !active.rows) return <EmptyState title={t('tasks.failed')} text={wordsOf(active.problem, t)} />
  if (!active.rows) return <SkeletonRows rows={5} />
  return (
    <>
      {active.rows.length === 0 ? (
        <EmptyState title={t('tasks.customer.empty')} text={t('tasks.customer.emptyText')} actions={create} />
      ) : (
        <Section
          title={t('tasks.customer.open')}
          note={`${active.rows.length}${active.more ? '+' : ''}`}
          end={create}
          flush
        >
          <TaskLines tasks={active.rows} onOpen={setOpen} withoutCustomer withAssignee />
          {active.more && (
            <Button size="small" kind="quiet" pending={active.more.pending} onClick={active.more.load}>
              {t('tasks.loadMore')}
            </Button>
          )}
        </Section>
      )}
      {done.rows && done.rows.length > 0 && (
        <Section title={t('tasks.customer.done')} flush>
          <TaskLines tasks={done.rows} onOpen={setOpen} withoutCustomer withAssignee />
          {done.more && (
            <Button size="small" kind="quiet" pending={done.more.pending} onClick={done.more.load}>
              {t('tasks.loadMore')}
            </Button>
          )}
        </Section>
      )}
      {mayFlows && <CustomerFlows customerId={customer.id} />}
      {mayFlows && <CustomerContacts customerId={customer.id} />}
      {open && <TaskPanel id={open} onClose={() => setOpen(undefined)} />}
      {creating && (
        <TaskDialog customer={{ id: customer.id, name: customer.name }} onClose={() => setCreating(false)} />
      )}
    </>
  )
}
