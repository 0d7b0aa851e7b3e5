import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { type Contact, listContacts } from '../../../server/customers/contacts/contract.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useContactColumns } from '../../features/record/contact-columns.tsx'
import { ContactDialog } from '../../features/record/contact-dialog.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'

/** The people at a customer: what they are to us, how they feel, whether they are still there. */
export function PeopleTab({ customer }: { customer: Customer }) {
  const t = useText()
  const mayWrite = useMay('customers.write')
  const [edited, setEdited] = useState<Contact | 'new' | null>(null)
  const contacts = useRoutePages(listContacts, { query: { customerId: customer.id, limit: 100 } })
  const columns = useContactColumns({ within: 'customer', onEdit: mayWrite ? setEdited : undefined })
  const add = mayWrite && (
    <Button size="small" icon="plus" onClick={() => setEdited('new')}>
      {t('record.contact.add')}
    </Button>
  )
  return (
    <>
      <DataTable
        id="customer-people"
        label={t('customer.tab.people')}
        columns={columns}
        rows={contacts.rows}
        rowId={row => row.id}
        rowName={row => row.name}
        more={contacts.more}
        tools={add}
        problem={contacts.problem ? { text: wordsOf(contacts.problem, t), retry: contacts.retry } : undefined}
        empty={<EmptyState title={t('customer.noPeople')} text={t('customer.noPeopleText')} />}
      />
      {edited && (
        <ContactDialog
          contact={edited === 'new' ? undefined : edited}
          customer={{ id: customer.id, name: customer.name }}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  )
}
