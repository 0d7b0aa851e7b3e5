import { implement } from '../../platform/http/implement.ts'
import { exportList } from '../accounts/queries/export.ts'
import { contactColumns } from './catalog.ts'
import { createContact, deleteContact, updateContact } from './commands/contact.ts'
import { saveManyContacts } from './commands/save-many.ts'
import * as contract from './contract.ts'
import { getContact, listContacts } from './queries/contacts.ts'

export const routes = [
  implement(contract.listContacts, (ctx, { query }) => listContacts(ctx, query)),
  implement(contract.exportContacts, (ctx, { query: { format, columns, ...list } }) =>
    exportList(ctx, {
      record: 'contact',
      format,
      columns,
      known: contactColumns,
      page: (present, limit, cursor) => listContacts(present, { ...list, limit, cursor }, 'customers.export'),
    }),
  ),
  implement(contract.getContact, (ctx, { params }) => getContact(ctx, params.id)),
  implement(contract.createContact, async (ctx, { body }) => getContact(ctx, await createContact(ctx, body))),
  implement(contract.updateContact, async (ctx, { params, body }) => {
    await updateContact(ctx, params.id, body)
    return getContact(ctx, params.id)
  }),
  implement(contract.deleteContact, async (ctx, { params }) => {
    await deleteContact(ctx, params.id)
    return undefined
  }),
  implement(contract.bulkSaveContacts, async (ctx, { body }) => ({ rows: await saveManyContacts(ctx, body.rows) })),
]
