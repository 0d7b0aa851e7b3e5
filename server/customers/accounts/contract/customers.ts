import { z } from 'zod'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { timeZone } from '../../../platform/identity/contract/account.ts'

export const customerTiers = ['ENTERPRISE', 'MID_MARKET', 'SMALL_BUSINESS', 'TRIAL'] as const
export const customerStatuses = ['ACTIVE', 'ONBOARDING', 'AT_RISK', 'CHURNED', 'PAUSED'] as const
export const churnRiskLevels = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const
export const healthLevels = ['POOR', 'FAIR', 'GOOD', 'EXCELLENT'] as const
export const healthTrends = ['IMPROVING', 'STABLE', 'DECLINING', 'UNKNOWN'] as const

/** A day of the calendar, from 1900 to 2200: others are slips, and years below 1 fit no database. */
export const day = z.iso.date().regex(/^(19|20|21|2200)/)
/** Twelve months of it still fit the database's numeric(16, 2). */
export const money = z.number().min(0).max(99_999_999_999)
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ description: 'ISO 4217, such as JPY.' })
/** Values of the company's own attributes, by key. */
export const attributeValues = z.record(
  z.string().max(63),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
)
const tags = z.array(line(60)).max(50)
/** A website with http(s) or a bare host. Other schemes, such as `javascript:`, would run when it is opened. */
export const webAddress = /^(https?:\/\/)?[^\s/$.?#:@]+(\.[^\s/$.?#:@]+)+(:\d{1,5})?([/?#]\S*)?$/i
const web = z.string().trim().max(500).regex(webAddress)

/** A customer as every route answers it. */
export const customerShape = z.object({
  id: z.uuid(),
  externalId: z.string().nullable(),
  name: z.string(),
  website: z.string().nullable(),
  domains: z.array(z.string()),
  industry: z.string().nullable(),
  employeeCount: z.number().int().nullable(),
  region: z.string().nullable(),
  language: z.string().nullable(),
  timeZone: z.string().nullable(),
  currency: z.string(),
  plan: z.string().nullable(),
  segment: z.string().nullable(),
  status: z.enum(customerStatuses),
  churnedOn: z.string().nullable(),
  churnReason: z.string().nullable(),
  tier: z.enum(customerTiers).nullable(),
  tierKey: z.string().nullable(),
  tierPinned: z.boolean(),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  executiveSponsor: z.string().nullable(),
  contractStart: z.string().nullable(),
  contractEnd: z.string().nullable(),
  renewalOn: z.string().nullable(),
  mrr: z.number(),
  arr: z.number(),
  lifetimeValue: z.number().nullable(),
  licenceCount: z.number().int().nullable(),
  healthScore: z.number().nullable(),
  healthLevel: z.enum(healthLevels).nullable(),
  healthTrend: z.enum(healthTrends),
  healthScoredAt: moment.nullable(),
  churnRisk: z.enum(churnRiskLevels).nullable(),
  churnScore: z.number().nullable(),
  lastContactAt: moment.nullable(),
  lastSeenAt: moment.nullable(),
  parentId: z.uuid().nullable(),
  parentName: z.string().nullable(),
  tags: z.array(z.string()),
  attributes: z.record(z.string(), z.unknown()),
  createdAt: moment,
  updatedAt: moment,
  fields: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'What the list was asked to show beside the record, by id.' }),
})
export type Customer = z.output<typeof customerShape>

/** What may be written; `tier` pins the customer to a tier of that kind, null gives it back to the rule. */
export const customerInput = z.object({
  externalId: line(200).nullable(),
  name: line(200),
  website: web.nullable(),
  domains: z.array(line(253)).max(50),
  industry: line(100).nullable(),
  employeeCount: z.number().int().min(0).max(10_000_000).nullable(),
  region: line(100).nullable(),
  language: line(35).nullable(),
  timeZone: timeZone.nullable().meta({ description: 'IANA name, such as Asia/Tokyo. Empty: that of the company.' }),
  currency,
  plan: line(100).nullable(),
  segment: line(100).nullable(),
  status: z.enum(customerStatuses),
  churnedOn: day.nullable(),
  churnReason: line(500).nullable(),
  tier: z.enum(customerTiers).nullable(),
  ownerId: z.uuid().nullable(),
  executiveSponsor: line(200).nullable(),
  contractStart: day.nullable(),
  contractEnd: day.nullable(),
  renewalOn: day.nullable(),
  mrr: money.meta({
    description: 'For a customer without contracts: kept as a standing contract, so that the ledger knows it.',
  }),
  lifetimeValue: money.nullable(),
  licenceCount: z.number().int().min(0).max(10_000_000).nullable(),
  churnRisk: z.enum(churnRiskLevels).nullable(),
  parentId: z.uuid().nullable(),
  tags: tags.meta({ description: 'All tags of the customer: those that are not named are taken away.' }),
  attributes: attributeValues,
})

const base = '/api/v1/customer-success'

/** Fields that the list can be sorted by; empty values come last. */
export const customerSorts = [
  'name',
  'arr',
  'healthScore',
  'churnScore',
  'renewalOn',
  'lastContactAt',
  'lastSeenAt',
  'status',
  'tierKey',
  'plan',
  'licenceCount',
  'createdAt',
  'updatedAt',
] as const

/** What narrows a list of customers; also of the summary, the export and bulk changes. */
export const customerFilter = z.object({
  search: line(200).optional().meta({ description: 'Part of a name, an external id or a domain.' }),
  status: z.enum(customerStatuses).optional(),
  tier: z.enum(customerTiers).optional(),
  ownerId: z.uuid().optional(),
  churnRisk: z.enum(churnRiskLevels).optional(),
  healthLevel: z.enum(healthLevels).optional(),
  parentId: z.uuid().optional(),
  tag: line(60).optional(),
  mine: z
    .enum(['own', 'team'])
    .optional()
    .meta({ description: 'Only those that the caller, or their team, looks after.' }),
  filter: z
    .string()
    .max(8_000)
    .optional()
    .meta({ description: 'Conditions as JSON: `{"all":[{"field":"arr","op":"at_least","value":1000000}]}`.' }),
})

export const listCustomers = route({
  method: 'GET',
  path: `${base}/customers`,
  operation: 'listCustomers',
  summary: 'Customers, filtered, sorted and paged',
  access: 'customers.read',
  query: pageQuery.extend(customerFilter.shape).extend({
    sort: z.enum(customerSorts).default('name'),
    order: z.enum(['asc', 'desc']).default('asc'),
    fields: z.string().max(2_000).optional().meta({
      description:
        'Fields of the condition language to show beside the record, metrics included, with commas: `metrics.usage.active_share_30,openAlerts`.',
    }),
  }),
  reply: pageOf(customerShape),
})

export const getCustomer = route({
  method: 'GET',
  path: `${base}/customers/:id`,
  operation: 'getCustomer',
  summary: 'One customer; the id of a merged one answers the record that took it over',
  access: 'customers.read',
  params: idParams,
  reply: customerShape,
})

export const createCustomer = route({
  method: 'POST',
  path: `${base}/customers`,
  operation: 'createCustomer',
  summary: 'Create a customer with its success profile',
  access: 'customers.write',
  body: customerInput.partial().required({ name: true }),
  status: 201,
  reply: customerShape,
})

export const updateCustomer = route({
  method: 'PUT',
  path: `${base}/customers/:id`,
  operation: 'updateCustomer',
  summary: 'Change a customer; fields that are not named stay as they are',
  access: 'customers.write',
  params: idParams,
  body: customerInput.partial(),
  reply: customerShape,
})

export const deleteCustomer = route({
  method: 'DELETE',
  path: `${base}/customers/:id`,
  operation: 'deleteCustomer',
  summary: 'Soft delete: the customer gets the status CHURNED, its record stays',
  access: 'customers.write',
  params: idParams,
  reply: null,
})

export const summarizeCustomers = route({
  method: 'GET',
  path: '/api/v1/customers/summary',
  operation: 'summarizeCustomers',
  summary: 'How many customers match, and what they are worth by currency',
  access: 'customers.read',
  query: customerFilter,
  reply: z.object({
    count: z.number().int(),
    revenue: z.array(z.object({ currency: z.string(), arr: z.number() })),
  }),
})

export const exportCustomers = route({
  method: 'GET',
  path: '/api/v1/customers/export',
  operation: 'exportCustomers',
  summary: 'Customers that match as CSV (UTF-8 with BOM) or Excel, with the columns asked for',
  access: 'customers.export',
  query: customerFilter.extend({
    format: z.enum(['csv', 'xlsx']).default('csv'),
    columns: z
      .string()
      .max(4_000)
      .optional()
      .meta({ description: 'Names of fields, `attributes.<key>` included, with commas.' }),
    sort: z.enum(customerSorts).default('name'),
    order: z.enum(['asc', 'desc']).default('asc'),
  }),
  reply: z.string(),
  contentType: 'application/octet-stream',
})

/** Which customers a bulk change is for: those named, or all that match. */
const selection = z.object({
  ids: z.array(z.uuid()).min(1).max(5_000).optional(),
  matching: customerFilter.optional().meta({ description: 'Every customer that matches, in place of ids.' }),
})

export const bulkUpdateCustomers = route({
  method: 'POST',
  path: '/api/v1/customers/bulk',
  operation: 'bulkUpdateCustomers',
  summary: 'Change tags, segment, status, plan or attributes of many customers; dryRun only counts them',
  access: 'customers.write',
  body: selection.extend({
    dryRun: z.boolean().default(false),
    addTags: tags.optional(),
    removeTags: tags.optional(),
    status: z.enum(customerStatuses).optional(),
    segment: line(100).nullable().optional(),
    plan: line(100).nullable().optional(),
    attributes: attributeValues.optional(),
  }),
  reply: z.object({ matched: z.number().int(), changed: z.number().int(), samples: z.array(z.string()) }),
})

export const bulkCreateCustomers = route({
  method: 'POST',
  path: '/api/v1/customers',
  operation: 'bulkSaveCustomers',
  summary: 'Create or update up to 1,000 customers by external id; each row answers what became of it',
  access: 'customers.write',
  body: z.object({
    rows: z
      .array(customerInput.omit({ tier: true, ownerId: true, parentId: true }).partial().required({ externalId: true }))
      .min(1)
      .max(1_000),
  }),
  reply: z.object({
    rows: z.array(
      z.object({
        externalId: z.string().nullable(),
        id: z.uuid().nullable(),
        outcome: z.enum(['created', 'updated', 'refused']),
        reason: z.string().nullable(),
      }),
    ),
  }),
})

export const handOver = route({
  method: 'POST',
  path: '/api/v1/customers/handover',
  operation: 'handOverCustomers',
  summary: 'Give one or many customers to another CSM (null: nobody); kept with who, from, to and why',
  access: 'customers.assign',
  body: selection.extend({
    dryRun: z.boolean().default(false),
    toId: z.uuid().nullable(),
    note: line(1_000).optional(),
  }),
  reply: z.object({
    batchId: z.uuid().nullable(),
    matched: z.number().int(),
    changed: z.number().int(),
    samples: z.array(z.string()),
  }),
})

export const undoHandOver = route({
  method: 'DELETE',
  path: '/api/v1/customers/handover/:id',
  operation: 'undoHandOver',
  summary: 'Take a hand-over back: customers that nobody reassigned since return to whom they were with',
  access: 'customers.assign',
  params: idParams,
  reply: z.object({ changed: z.number().int() }),
})
