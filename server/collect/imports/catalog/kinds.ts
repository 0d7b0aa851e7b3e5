import type { Words } from '../../../platform/errors/words.ts'
import type { ImportKind } from '../contract/shapes.ts'
import { contactTargets } from './contacts.ts'
import { customerTargets } from './customers.ts'
import type { Target } from './fields.ts'
import {
  answerTargets,
  contractTargets,
  invoiceTargets,
  paymentTargets,
  ticketTargets,
  usageTargets,
} from './records.ts'

export interface KindOfImport {
  label: Words
  targets: readonly Target[]
  /** Columns that are no field can become attributes of this record. */
  attributesOf?: 'customer' | 'contact'
  /** One of these must be mapped, so that rows can be told apart or belong to somebody. */
  needs: readonly string[]
}

const customer = ['customerExternalId', 'customerDomain', 'customerName']

/** What can be imported, and into which fields. */
export const kinds: Readonly<Record<ImportKind, KindOfImport>> = {
  customers: {
    label: { ja: '顧客', en: 'Customers' },
    targets: customerTargets,
    attributesOf: 'customer',
    needs: ['externalId', 'name', 'domain', 'website'],
  },
  contacts: {
    label: { ja: '関係者', en: 'Contacts' },
    targets: contactTargets,
    attributesOf: 'contact',
    needs: ['email', 'externalId'],
  },
  contracts: { label: { ja: '契約', en: 'Contracts' }, targets: contractTargets, needs: customer },
  usage: {
    label: { ja: '利用状況', en: 'Usage' },
    targets: usageTargets,
    needs: [...customer, 'contactExternalId', 'contactEmail'],
  },
  tickets: {
    label: { ja: '問い合わせ', en: 'Tickets' },
    targets: ticketTargets,
    needs: [...customer, 'contactExternalId', 'contactEmail'],
  },
  invoices: { label: { ja: '請求', en: 'Invoices' }, targets: invoiceTargets, needs: customer },
  payments: { label: { ja: '入金・決済', en: 'Payments' }, targets: paymentTargets, needs: customer },
  survey_answers: {
    label: { ja: 'アンケート回答', en: 'Survey answers' },
    targets: answerTargets,
    needs: [...customer, 'contactExternalId', 'contactEmail'],
  },
}

/** The field of a kind by its name. */
export function targetOf(kind: ImportKind, name: string): Target | undefined {
  return kinds[kind].targets.find(target => target.name === name)
}
