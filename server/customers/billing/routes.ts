import { implement } from '../../platform/http/implement.ts'
import { createInvoice, createPayment, deleteInvoice, deletePayment, updateInvoice } from './commands/bill.ts'
import * as contract from './contract.ts'
import { getInvoice, getPayment, listInvoices, listPayments } from './queries.ts'

export const routes = [
  implement(contract.listInvoices, (ctx, { query }) => listInvoices(ctx, query)),
  implement(contract.createInvoice, async (ctx, { body }) => getInvoice(ctx, await createInvoice(ctx, body))),
  implement(contract.updateInvoice, async (ctx, { params, body }) => {
    await updateInvoice(ctx, params.id, body)
    return getInvoice(ctx, params.id)
  }),
  implement(contract.deleteInvoice, async (ctx, { params }) => {
    await deleteInvoice(ctx, params.id)
    return undefined
  }),
  implement(contract.listPayments, (ctx, { query }) => listPayments(ctx, query)),
  implement(contract.createPayment, async (ctx, { body }) => getPayment(ctx, await createPayment(ctx, body))),
  implement(contract.deletePayment, async (ctx, { params }) => {
    await deletePayment(ctx, params.id)
    return undefined
  }),
]
