import { createHash } from 'node:crypto'
import type { Field } from '../../../customers/accounts/catalog.ts'
import { customerFields } from '../../../customers/accounts/catalog.ts'
import { createCustomers, updateCustomers } from '../../../customers/accounts/commands/save.ts'
import type { By, CustomerValues } from '../../../customers/accounts/commands/values.ts'
import { findCustomers } from '../../../customers/accounts/queries/match.ts'
import { invoiceShape, paymentShape } from '../../../customers/billing/catalog.ts'
import {
  createInvoices,
  createPayments,
  updateInvoices,
  updatePayments,
} from '../../../customers/billing/commands/save.ts'
import { contactFields } from '../../../customers/contacts/catalog.ts'
import { type ContactValues, createContacts, updateContacts } from '../../../customers/contacts/commands/save.ts'
import { findContacts } from '../../../customers/contacts/queries/match.ts'
import { contractFields } from '../../../customers/contracts/catalog.ts'
import { type ContractValues, createContracts, updateContracts } from '../../../customers/contracts/commands/save.ts'
import { answerShape } from '../../../customers/feedback/catalog.ts'
import { createAnswers, updateAnswers } from '../../../customers/feedback/commands/save.ts'
import { ticketShape } from '../../../customers/support/catalog.ts'
import { createTickets, updateTickets } from '../../../customers/support/commands/save.ts'
import type { Context, JsonValue } from '../../../platform/context/context.ts'
import type { ImportKind } from '../contract/shapes.ts'
import type { Interpreted, Plan } from '../interpretation.ts'
import { externalIds } from '../queries/stored.ts'
import type { Values, Write } from '../write.ts'
import {
  fillCurrencies,
  resolveContacts,
  resolveCustomers,
  resolveInvoices,
  resolveOwners,
  resolveParents,
} from './references.ts'
import { followRevenue } from './revenue.ts'

/** How records of a kind are found, made and changed. */
export interface RecordKind {
  table: 'customer' | 'contact' | 'contract' | 'ticket' | 'invoice' | 'payment' | 'survey_answer'
  fields: Readonly<Record<string, Field>>
  /** Looks up what rows refer to, and completes them. */
  resolve(ctx: Context, plan: Plan, entries: Interpreted[]): Promise<void>
  /** By what the rows of a file are told apart; undefined for a row that nothing tells apart. */
  identity(entry: Interpreted): string | undefined
  /** Whether a second record with the same values could not be stored. */
  isUnique(entry: Interpreted): boolean
  match(ctx: Context, entries: Interpreted[]): Promise<(string | undefined)[]>
  create(ctx: Context, rows: Write[], by: By): Promise<void>
  /** @param before what the records held, by id */
  update(ctx: Context, rows: Write[], by: By, before: Map<string, Values>): Promise<void>
}

const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : undefined)

/** The values in the form that the record's own commands take. */
function patchOf({ id, values }: Write): {
  id: string
  values: Record<string, JsonValue> & { attributes?: Record<string, JsonValue> }
} {
  const attributes: Record<string, JsonValue> = {}
  const rest: Record<string, JsonValue> = {}
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith('attribute:')) attributes[name.slice('attribute:'.length)] = value
    else if (name !== 'mrr') rest[name] = value
  }
  return { id, values: Object.keys(attributes).length > 0 ? { ...rest, attributes } : rest }
}

/** An id for a record that has none in the file, made of what tells it apart: the same row again finds it. */
function keyFrom(entry: Interpreted, names: string[]): string {
  const said = names.map(name => entry.values[name] ?? null)
  return `import:${createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 32)}`
}

const customers: RecordKind = {
  table: 'customer',
  fields: customerFields,
  async resolve(ctx, plan, entries) {
    await resolveOwners(ctx, plan, entries)
    await resolveParents(ctx, plan, entries)
    for (const { values } of entries) {
      if (values.domain !== undefined) values.domains = values.domain
      delete values.domain
    }
  },
  identity({ values }) {
    const key = text(values.externalId) ?? firstDomain(values) ?? text(values.name)
    return key === undefined ? undefined : `${values.externalId === undefined ? 'other' : 'id'} ${key}`
  },
  isUnique: ({ values }) => values.externalId !== undefined,
  match: (ctx, entries) =>
    findCustomers(
      ctx,
      entries.map(({ values }) => ({
        externalId: text(values.externalId),
        domain: firstDomain(values),
        name: text(values.name),
      })),
    ),
  async create(ctx, rows, by) {
    await createCustomers(ctx, rows.map(patchOf) as { id: string; values: CustomerValues }[], by)
    await followRevenue(ctx, rows, by, new Map())
  },
  async update(ctx, rows, by, before) {
    await updateCustomers(ctx, rows.map(patchOf) as { id: string; values: CustomerValues }[], by)
    await followRevenue(ctx, rows, by, before)
  },
}

function firstDomain({ domains, website }: Values): string | undefined {
  if (Array.isArray(domains)) return text(domains[0])
  const host = text(website)
    ?.toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]{0,20}:\/\//, '')
    .split(/[/?#:]/, 1)[0]
    ?.replace(/^www\./, '')
  return host?.includes('.') ? host : undefined
}

const contacts: RecordKind = {
  table: 'contact',
  fields: contactFields,
  resolve: resolveCustomers,
  identity: ({ values }) => text(values.externalId) ?? text(values.email),
  isUnique: () => true,
  match: (ctx, entries) =>
    findContacts(
      ctx,
      entries.map(({ values }) => ({ externalId: text(values.externalId), email: text(values.email) })),
    ),
  create: (ctx, rows, by) => createContacts(ctx, rows.map(patchOf) as { id: string; values: ContactValues }[], by),
  update: (ctx, rows) => updateContacts(ctx, rows.map(patchOf) as { id: string; values: ContactValues }[]),
}

/** Records that hang on a customer and are known by an external id, given or made of what tells them apart. */
function hanging(
  table: RecordKind['table'],
  fields: RecordKind['fields'],
  resolve: RecordKind['resolve'],
  key: string[],
  commands: Pick<RecordKind, 'create' | 'update'>,
): RecordKind {
  return {
    table,
    fields,
    async resolve(ctx, plan, entries) {
      await resolve(ctx, plan, entries)
      for (const entry of entries) entry.values.externalId ??= keyFrom(entry, key)
    },
    identity: ({ values }) => text(values.externalId),
    isUnique: () => true,
    match: (ctx, entries) =>
      externalIds(
        ctx,
        table,
        entries.map(({ values }) => values.externalId as string),
      ),
    ...commands,
  }
}

const contracts = hanging('contract', contractFields, resolveCustomers, ['customerId', 'startsOn', 'plan'], {
  create: (ctx, rows, by) => createContracts(ctx, rows as { id: string; values: ContractValues }[], by),
  update: (ctx, rows, by) => updateContracts(ctx, rows as { id: string; values: ContractValues }[], by),
})

const tickets = hanging(
  'ticket',
  ticketShape.fields,
  async (ctx, plan, entries) => {
    await resolvePeople(ctx, plan, entries)
    for (const { values } of entries) values.source ??= 'import'
  },
  ['customerId', 'contactId', 'subject', 'openedAt'],
  {
    create: createTickets,
    update: (ctx, rows) => updateTickets(ctx, rows),
  },
)

const invoices = hanging(
  'invoice',
  invoiceShape.fields,
  async (ctx, plan, entries) => {
    await resolveCustomers(ctx, plan, entries)
    await fillCurrencies(ctx, entries)
    for (const { values } of entries) values.dueOn ??= values.issuedOn ?? null
  },
  ['customerId', 'number', 'issuedOn'],
  {
    create: createInvoices,
    update: (ctx, rows) => updateInvoices(ctx, rows),
  },
)

const payments = hanging(
  'payment',
  paymentShape.fields,
  async (ctx, plan, entries) => {
    await resolveCustomers(ctx, plan, entries)
    await resolveInvoices(ctx, plan, entries)
    await fillCurrencies(ctx, entries)
  },
  ['customerId', 'invoiceId', 'amount', 'attemptedAt', 'method', 'outcome'],
  {
    create: createPayments,
    update: (ctx, rows) => updatePayments(ctx, rows),
  },
)

const answers = hanging(
  'survey_answer',
  answerShape.fields,
  resolvePeople,
  ['customerId', 'contactId', 'survey', 'kind', 'answeredAt'],
  {
    create: createAnswers,
    update: (ctx, rows) => updateAnswers(ctx, rows),
  },
)

async function resolvePeople(ctx: Context, plan: Plan, entries: Interpreted[]): Promise<void> {
  await resolveCustomers(ctx, plan, entries)
  await resolveContacts(ctx, plan, entries)
}

/** How each kind is written; usage goes its own way. */
export const recordKinds: Readonly<Record<Exclude<ImportKind, 'usage'>, RecordKind>> = {
  customers,
  contacts,
  contracts,
  tickets,
  invoices,
  payments,
  survey_answers: answers,
}
