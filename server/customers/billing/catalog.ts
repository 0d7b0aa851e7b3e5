import type { RecordShape } from '../accounts/catalog.ts'

export const invoiceShape: RecordShape = {
  table: 'invoice',
  imported: true,
  missing: { status: 'OPEN', failedAttempts: 0 },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    contractId: { column: 'contract_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
    number: { column: 'number', type: 'text' },
    amount: { column: 'amount', type: 'number' },
    currency: { column: 'currency', type: 'text' },
    issuedOn: { column: 'issued_on', type: 'date' },
    dueOn: { column: 'due_on', type: 'date' },
    paidOn: { column: 'paid_on', type: 'date' },
    status: { column: 'status', type: 'one_of' },
    failedAttempts: { column: 'failed_attempts', type: 'integer' },
  },
}

export const paymentShape: RecordShape = {
  table: 'payment',
  imported: true,
  missing: { outcome: 'SUCCEEDED' },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    invoiceId: { column: 'invoice_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
    amount: { column: 'amount', type: 'number' },
    currency: { column: 'currency', type: 'text' },
    attemptedAt: { column: 'attempted_at', type: 'moment' },
    outcome: { column: 'outcome', type: 'one_of' },
    method: { column: 'method', type: 'text' },
    failureReason: { column: 'failure_reason', type: 'text' },
  },
}
