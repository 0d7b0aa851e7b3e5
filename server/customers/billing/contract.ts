import { z } from 'zod'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'
import { currency, day } from '../accounts/contract/customers.ts'

const invoiceStatuses = ['OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE'] as const
const paymentOutcomes = ['SUCCEEDED', 'FAILED', 'REFUNDED'] as const

const amount = z.number().min(-9_999_999_999_999).max(9_999_999_999_999)
const invoiceFields = {
  customerId: z.uuid(),
  contractId: z.uuid().nullable(),
  externalId: line(200).nullable(),
  number: line(100).nullable(),
  amount,
  currency,
  issuedOn: day,
  dueOn: day,
  paidOn: day.nullable(),
  status: z.enum(invoiceStatuses),
  failedAttempts: z.number().int().min(0).max(1_000),
}
const invoice = z.object({
  id: z.uuid(),
  ...invoiceFields,
  daysLate: z.number().int().meta({ description: 'Days from the due date to payment, or to today while it is open.' }),
  createdAt: moment,
})
export type Invoice = z.output<typeof invoice>

export const listInvoices = route({
  method: 'GET',
  path: '/api/v1/invoices',
  operation: 'listInvoices',
  summary: 'Invoices, latest first',
  access: 'customers.read',
  query: pageQuery.extend({ customerId: z.uuid().optional(), status: z.enum(invoiceStatuses).optional() }),
  reply: pageOf(invoice),
})

export const createInvoice = route({
  method: 'POST',
  path: '/api/v1/invoices',
  operation: 'createInvoice',
  summary: 'Enter an invoice',
  access: 'customers.write',
  body: z
    .object(invoiceFields)
    .partial()
    .required({ customerId: true, amount: true, currency: true, issuedOn: true, dueOn: true }),
  status: 201,
  reply: invoice,
})

export const updateInvoice = route({
  method: 'PATCH',
  path: '/api/v1/invoices/:id',
  operation: 'updateInvoice',
  summary: 'Change an invoice',
  access: 'customers.write',
  params: idParams,
  body: z.object(invoiceFields).omit({ customerId: true }).partial(),
  reply: invoice,
})

export const deleteInvoice = route({
  method: 'DELETE',
  path: '/api/v1/invoices/:id',
  operation: 'deleteInvoice',
  summary: 'Delete an invoice',
  access: 'customers.write',
  params: idParams,
  reply: null,
})

const paymentFields = {
  customerId: z.uuid(),
  invoiceId: z.uuid().nullable(),
  externalId: line(200).nullable(),
  amount,
  currency,
  attemptedAt: moment,
  outcome: z.enum(paymentOutcomes),
  method: line(60).nullable(),
  failureReason: line(500).nullable(),
}
const payment = z.object({ id: z.uuid(), ...paymentFields, createdAt: moment })
export type Payment = z.output<typeof payment>

export const listPayments = route({
  method: 'GET',
  path: '/api/v1/payments',
  operation: 'listPayments',
  summary: 'Payments and failed attempts, latest first',
  access: 'customers.read',
  query: pageQuery.extend({ customerId: z.uuid().optional(), outcome: z.enum(paymentOutcomes).optional() }),
  reply: pageOf(payment),
})

export const createPayment = route({
  method: 'POST',
  path: '/api/v1/payments',
  operation: 'createPayment',
  summary: 'Enter a payment or a failed attempt; what is paid in full closes its invoice',
  access: 'customers.write',
  body: z
    .object(paymentFields)
    .partial()
    .required({ customerId: true, amount: true, currency: true, attemptedAt: true }),
  status: 201,
  reply: payment,
})

export const deletePayment = route({
  method: 'DELETE',
  path: '/api/v1/payments/:id',
  operation: 'deletePayment',
  summary: 'Delete a payment',
  access: 'customers.write',
  params: idParams,
  reply: null,
})
