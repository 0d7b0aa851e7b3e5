import { z } from 'zod'
import { emailAddress, idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'
import { timeZone } from '../../platform/identity/contract/account.ts'
import { attributeValues, day } from '../accounts/contract/customers.ts'

export const stakeholderRoles = ['SPONSOR', 'CHAMPION', 'DECISION_MAKER', 'TECHNICAL', 'DAY_TO_DAY', 'USER'] as const
export const sentiments = ['POSITIVE', 'NEUTRAL', 'NEGATIVE'] as const
export const consents = ['UNKNOWN', 'GRANTED', 'DENIED'] as const
export const emailStates = ['SUBSCRIBED', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'] as const

const count = z.number().int().min(0).max(1_000_000_000)

const fields = {
  customerId: z.uuid().nullable(),
  externalId: line(200).nullable(),
  email: emailAddress.nullable(),
  name: line(200),
  role: line(100).nullable(),
  title: line(200).nullable(),
  phone: line(50).nullable(),
  company: line(200).nullable(),
  language: line(35).nullable(),
  timeZone: timeZone
    .nullable()
    .meta({ description: 'IANA name, such as Asia/Tokyo. Empty: that of the customer, else of the company.' }),
  lifecycleStage: line(100).nullable(),
  plan: line(100).nullable(),
  stakeholderRole: z.enum(stakeholderRoles).nullable(),
  sentiment: z.enum(sentiments).nullable(),
  leftOn: day.nullable().meta({ description: 'The day on which the person left the company.' }),
  emailConsent: z.enum(consents),
  emailState: z.enum(emailStates),
  leadScore: z.number().min(-1e6).max(1e6).nullable(),
  signedUpAt: moment.nullable(),
  upgradedAt: moment.nullable(),
  lastLoginAt: moment.nullable(),
  webinarsAttended: count,
  communityPosts: count,
  loyaltyPoints: count,
  nextFollowUp: day.nullable(),
  notes: z.string().max(20_000).nullable(),
}

const contact = z.object({
  id: z.uuid(),
  customerName: z.string().nullable(),
  ...fields,
  email: z.string().nullable(),
  lastSeenAt: moment.nullable(),
  dauMau: z.number().nullable(),
  featuresUsed: z.number().int().nullable(),
  nps: z.number().int().nullable(),
  csat: z.number().nullable(),
  ticketCount: z.number().int(),
  lastCsmContactAt: moment.nullable(),
  lastEmailAt: moment.nullable(),
  tags: z.array(z.string()),
  attributes: z.record(z.string(), z.unknown()),
  createdAt: moment,
  updatedAt: moment,
})
export type Contact = z.output<typeof contact>

const input = z.object({ ...fields, tags: z.array(line(60)).max(50), attributes: attributeValues }).partial()

export const contactFilter = z.object({
  search: line(200).optional().meta({ description: 'Part of a name, an address or an external id.' }),
  customerId: z.uuid().optional(),
  stakeholderRole: z.enum(stakeholderRoles).optional(),
  lifecycleStage: line(100).optional(),
  tag: line(60).optional(),
  filter: z.string().max(8_000).optional().meta({ description: 'Conditions as JSON, see the list of customers.' }),
})

export const contactSorts = ['name', 'lastSeenAt', 'createdAt', 'lastLoginAt', 'nps', 'leadScore'] as const

export const listContacts = route({
  method: 'GET',
  path: '/api/v1/contacts',
  operation: 'listContacts',
  summary: 'Contacts, filtered, sorted and paged',
  access: 'customers.read',
  query: pageQuery.extend(contactFilter.shape).extend({
    sort: z.enum(contactSorts).default('name'),
    order: z.enum(['asc', 'desc']).default('asc'),
  }),
  reply: pageOf(contact),
})

export const getContact = route({
  method: 'GET',
  path: '/api/v1/contacts/:id',
  operation: 'getContact',
  summary: 'One contact; the id of a merged one answers the record that took it over',
  access: 'customers.read',
  params: idParams,
  reply: contact,
})

export const createContact = route({
  method: 'POST',
  path: '/api/v1/contacts',
  operation: 'createContact',
  summary: 'Create a contact, at a customer or as a lead',
  access: 'customers.write',
  body: input,
  status: 201,
  reply: contact,
})

export const updateContact = route({
  method: 'PATCH',
  path: '/api/v1/contacts/:id',
  operation: 'updateContact',
  summary: 'Change a contact; fields that are not named stay as they are',
  access: 'customers.write',
  params: idParams,
  body: input,
  reply: contact,
})

export const deleteContact = route({
  method: 'DELETE',
  path: '/api/v1/contacts/:id',
  operation: 'deleteContact',
  summary: 'Delete a contact; its tickets and answers stay with the customer',
  access: 'customers.write',
  params: idParams,
  reply: null,
})

export const bulkSaveContacts = route({
  method: 'POST',
  path: '/api/v1/contacts/bulk',
  operation: 'bulkSaveContacts',
  summary: 'Create or update up to 1,000 contacts by external id or e-mail address; each row answers what became of it',
  access: 'customers.write',
  body: z.object({ rows: z.array(input).min(1).max(1_000) }),
  reply: z.object({
    rows: z.array(
      z.object({
        id: z.uuid().nullable(),
        outcome: z.enum(['created', 'updated', 'refused']),
        reason: z.string().nullable(),
      }),
    ),
  }),
})

export const exportContacts = route({
  method: 'GET',
  path: '/api/v1/contacts/export',
  operation: 'exportContacts',
  summary: 'Contacts that match as CSV (UTF-8 with BOM) or Excel',
  access: 'customers.export',
  query: contactFilter.extend({
    format: z.enum(['csv', 'xlsx']).default('csv'),
    columns: z.string().max(4_000).optional(),
    sort: z.enum(contactSorts).default('name'),
    order: z.enum(['asc', 'desc']).default('asc'),
  }),
  reply: z.string(),
  contentType: 'application/octet-stream',
})
