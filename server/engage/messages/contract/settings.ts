import { z } from 'zod'
import { emailAddress, idParams, line, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'

const settings = z.strictObject({
  openTracking: z.boolean(),
  clickTracking: z.boolean(),
  withoutConsent: z.boolean().meta({ description: 'Marketing also to those whose consent is not known.' }),
  postalAddress: z.string().trim().max(500),
  lateHours: z
    .number()
    .int()
    .min(1)
    .max(168)
    .meta({ description: 'A schedule that is later asks instead of sending.' }),
})
export type MessageSettings = z.output<typeof settings>

export const readMessageSettings = route({
  method: 'GET',
  path: '/api/v1/message-settings',
  operation: 'readMessageSettings',
  summary: 'What is tracked, who may be written to, what stands at the end of messages',
  access: 'messages.read',
  reply: settings.extend({ canSend: z.boolean().meta({ description: 'Whether an SMTP server is set.' }) }),
})

export const changeMessageSettings = route({
  method: 'PUT',
  path: '/api/v1/message-settings',
  operation: 'changeMessageSettings',
  summary: 'Choose what is tracked, who may be written to, what stands at the end of messages',
  access: 'messages.manage',
  body: settings,
  reply: null,
})

const suppressions = '/api/v1/message-suppressions'

export const listSuppressions = route({
  method: 'GET',
  path: suppressions,
  operation: 'listMessageSuppressions',
  summary: 'Addresses that get nothing, and why; newest first',
  access: 'messages.manage',
  query: pageQuery.extend({ address: emailAddress.optional() }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      address: z.string(),
      reason: z.enum(['bounce', 'complaint', 'manual']),
      note: z.string().nullable(),
      createdByName: z.string().nullable(),
      createdAt: moment,
    }),
  ),
})

export const addSuppression = route({
  method: 'POST',
  path: suppressions,
  operation: 'addMessageSuppression',
  summary: 'Send nothing to an address any more',
  access: 'messages.manage',
  body: z.strictObject({ address: emailAddress, note: line(300) }),
  status: 201,
  reply: z.object({ id: z.uuid() }),
})

export const removeSuppression = route({
  method: 'POST',
  path: `${suppressions}/:id/remove`,
  operation: 'removeMessageSuppression',
  summary: 'Send to an address again, for a reason that the audit log keeps',
  access: 'messages.manage',
  params: idParams,
  body: z.strictObject({ note: line(300) }),
  reply: null,
})

const senders = '/api/v1/message-senders'
const checks = z.array(
  z.object({
    kind: z.enum(['spf', 'dkim', 'dmarc']),
    state: z.enum(['good', 'missing', 'wrong', 'unknown']),
    host: z.string().meta({ description: 'Where the record stands.' }),
    wanted: z.string().meta({ description: 'What to enter there.' }),
    found: z.string().nullable(),
    reason: z
      .enum(['everybody', 'too_many_lookups', 'unreadable', 'several'])
      .optional()
      .meta({ description: 'Why receivers take it for void, whoever sends.' }),
  }),
)
export type DomainChecks = z.output<typeof checks>
const senderFields = {
  name: line(100),
  localPart: z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/),
  domain: z
    .string()
    .max(200)
    .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
  replyTo: emailAddress.nullable(),
  perMinute: z.number().int().min(1).max(100_000).nullable(),
  isDefault: z.boolean(),
}

export const listSenders = route({
  method: 'GET',
  path: senders,
  operation: 'listMessageSenders',
  summary: 'Who messages come from, and whether their domains vouch for it',
  access: 'messages.read',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        ...senderFields,
        replyTo: z.string().nullable(),
        signs: z.boolean(),
        checkedAt: moment.nullable(),
        checks,
      }),
    ),
  }),
})

export const createSender = route({
  method: 'POST',
  path: senders,
  operation: 'createMessageSender',
  summary: 'Make a sender; a key to sign with is made along',
  access: 'messages.manage',
  body: z.strictObject({
    ...senderFields,
    replyTo: senderFields.replyTo.default(null),
    perMinute: senderFields.perMinute.default(null),
    isDefault: senderFields.isDefault.default(false),
  }),
  status: 201,
  reply: z.object({ id: z.uuid() }),
})

export const updateSender = route({
  method: 'PATCH',
  path: `${senders}/:id`,
  operation: 'updateMessageSender',
  summary: 'Change a sender; its domain stays',
  access: 'messages.manage',
  params: idParams,
  body: z.strictObject(senderFields).omit({ domain: true, localPart: true }).partial(),
  reply: null,
})

export const deleteSender = route({
  method: 'DELETE',
  path: `${senders}/:id`,
  operation: 'deleteMessageSender',
  summary: 'Delete a sender that no campaign names',
  access: 'messages.manage',
  params: idParams,
  reply: null,
})

export const checkSender = route({
  method: 'POST',
  path: `${senders}/:id/check`,
  operation: 'checkMessageSender',
  summary: 'Look at the records of the domain: SPF, DKIM, DMARC',
  access: 'messages.manage',
  params: idParams,
  reply: z.object({ checks }),
})

const providers = '/api/v1/mail-providers'

export const listProviders = route({
  method: 'GET',
  path: providers,
  operation: 'listMailProviders',
  summary: 'Who tells of bounces and complaints',
  access: 'messages.manage',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        kind: z.enum(['ses', 'sendgrid']),
        name: z.string(),
        path: z.string().meta({ description: 'Where the provider sends to, below the address of this installation.' }),
        confirmedAt: moment.nullable(),
        lastSeenAt: moment.nullable(),
      }),
    ),
  }),
})

export const createProvider = route({
  method: 'POST',
  path: providers,
  operation: 'createMailProvider',
  summary: 'Make an address at which Amazon SES (by SNS) or SendGrid tells of bounces and complaints',
  access: 'messages.manage',
  body: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('ses'),
      name: line(100),
      credential: z
        .string()
        .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]{1,256}$/)
        .meta({ description: 'ARN of the SNS topic.' }),
    }),
    z.strictObject({
      kind: z.literal('sendgrid'),
      name: line(100),
      credential: z
        .string()
        .regex(/^[A-Za-z0-9+/]{80,200}={0,2}$/)
        .meta({ description: 'The verification key of the signed event webhook.' }),
    }),
  ]),
  status: 201,
  reply: z.object({ id: z.uuid(), path: z.string() }),
})

export const deleteProvider = route({
  method: 'DELETE',
  path: `${providers}/:id`,
  operation: 'deleteMailProvider',
  summary: 'Take nothing from a provider any more',
  access: 'messages.manage',
  params: idParams,
  reply: null,
})
