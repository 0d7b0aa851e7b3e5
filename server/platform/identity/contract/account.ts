import { z } from 'zod'
import { emailAddress, idParams, line, moment, route } from '../../http/contract.ts'
import { permissions, roles, scopes } from '../../permissions/contract.ts'

export const localeShape = z.enum(['ja', 'en'])

/** 8 characters or more of any kind (ASVS 6.2); the upper bound only keeps hashing cheap. */
export const newPassword = z.string().min(8).max(256)

export const timeZone = z.string().max(64).refine(isTimeZone, { error: 'Asia/Tokyo' })

/** Whether a text is the name of a time zone. Offsets such as `+09:00` are none: the database counts them the other way round. */
export function isTimeZone(name: string): boolean {
  if (name.length > 64 || !/^[a-z]/i.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Part of the address of a company: letters, digits and hyphens, as in a host name. */
export const slugShape = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$/)

const token = z.string().min(20).max(120)

/** Always answered alike, whether the address is known or not. */
const checkYourMail = z.object({ state: z.literal('check_your_mail') })

export const signUp = route({
  method: 'POST',
  path: '/api/v1/sign-up',
  operation: 'signUp',
  summary: 'Sign up a company with its administrator; a mail with a link confirms the address',
  access: 'public',
  body: z.object({
    company: line(120),
    slug: slugShape.meta({
      description: 'Wished address of the company; a free one close to it is taken when it is in use.',
    }),
    name: line(120),
    email: emailAddress,
    password: newPassword,
    locale: localeShape,
    timeZone: timeZone.default('Asia/Tokyo'),
  }),
  reply: checkYourMail,
  status: 202,
  limitPerMinute: 10,
})

export const verifyEmail = route({
  method: 'POST',
  path: '/api/v1/email-verifications',
  operation: 'verifyEmail',
  summary: 'Confirm an e-mail address with the token of the mail',
  access: 'public',
  body: z.object({ token }),
  reply: z.object({ email: z.string() }),
  limitPerMinute: 20,
})

export const resendVerification = route({
  method: 'POST',
  path: '/api/v1/email-verification-requests',
  operation: 'resendVerification',
  summary: 'Send the confirmation mail again',
  access: 'public',
  body: z.object({ email: emailAddress }),
  reply: checkYourMail,
  status: 202,
  limitPerMinute: 5,
})

const signInState = z.object({ state: z.enum(['signed_in', 'second_factor']) })

export const signIn = route({
  method: 'POST',
  path: '/api/v1/session',
  operation: 'signIn',
  summary: 'Sign in with e-mail address and password; sets the session cookie',
  access: 'public',
  body: z.object({ email: emailAddress, password: z.string().min(1).max(256) }),
  reply: signInState,
})

export const confirmSecondFactor = route({
  method: 'POST',
  path: '/api/v1/session/second-factor',
  operation: 'confirmSecondFactor',
  summary: 'Finish sign-in with a code of the authenticator app or a recovery code',
  access: 'half_session',
  body: z.object({ code: z.string().trim().min(6).max(24) }),
  reply: signInState,
})

const tenantSummary = z.object({ id: z.uuid(), name: z.string(), slug: z.string(), demo: z.boolean() })

const sessionShape = z.object({
  state: z.enum(['signed_in', 'second_factor']),
  user: z.object({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    locale: localeShape,
    timeZone: z.string(),
    secondFactor: z.boolean(),
  }),
  tenant: tenantSummary
    .extend({
      locale: localeShape,
      timeZone: z.string(),
      currency: z.enum(['JPY', 'USD']),
      fiscalYearStart: z.number().int(),
    })
    .nullable(),
  tenants: z.array(tenantSummary),
  member: z
    .object({
      id: z.uuid(),
      role: z.enum(roles),
      grants: z.partialRecord(z.enum(permissions), z.enum(scopes)),
    })
    .nullable(),
})

export const getSession = route({
  method: 'GET',
  path: '/api/v1/session',
  operation: 'getSession',
  summary: 'Who is signed in, in which company, with which rights',
  access: 'half_session',
  reply: sessionShape,
})

export const signOut = route({
  method: 'DELETE',
  path: '/api/v1/session',
  operation: 'signOut',
  summary: 'End this session',
  access: 'half_session',
  reply: null,
})

export const switchTenant = route({
  method: 'PUT',
  path: '/api/v1/session/tenant',
  operation: 'switchTenant',
  summary: 'Work in another company that one is a member of',
  access: 'session',
  body: z.object({ tenantId: z.uuid() }),
  reply: null,
})

export const requestPasswordReset = route({
  method: 'POST',
  path: '/api/v1/password-reset-requests',
  operation: 'requestPasswordReset',
  summary: 'Ask for a mail with a link to set a new password',
  access: 'public',
  body: z.object({ email: emailAddress }),
  reply: checkYourMail,
  status: 202,
  limitPerMinute: 5,
})

export const resetPassword = route({
  method: 'POST',
  path: '/api/v1/password-resets',
  operation: 'resetPassword',
  summary: 'Set a new password with the token of the mail; ends all sessions',
  access: 'public',
  body: z.object({ token, password: newPassword }),
  reply: null,
  limitPerMinute: 20,
})

export const updateMe = route({
  method: 'PATCH',
  path: '/api/v1/me',
  operation: 'updateMe',
  summary: 'Change one’s own name, language and time zone',
  access: 'session',
  body: z.object({ name: line(120), locale: localeShape, timeZone }).partial(),
  reply: null,
})

export const changePassword = route({
  method: 'PUT',
  path: '/api/v1/me/password',
  operation: 'changePassword',
  summary: 'Change one’s own password; ends all other sessions and renews this one',
  access: 'session',
  body: z.object({ current: z.string().min(1).max(256), password: newPassword }),
  reply: null,
})

export const listMySessions = route({
  method: 'GET',
  path: '/api/v1/me/sessions',
  operation: 'listMySessions',
  summary: 'Where one is signed in',
  access: 'session',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        current: z.boolean(),
        userAgent: z.string(),
        network: z.string(),
        createdAt: moment,
        lastSeenAt: moment,
      }),
    ),
  }),
})

export const revokeMySession = route({
  method: 'DELETE',
  path: '/api/v1/me/sessions/:id',
  operation: 'revokeMySession',
  summary: 'End one of one’s own sessions',
  access: 'session',
  params: idParams,
  reply: null,
})

export const revokeMyOtherSessions = route({
  method: 'DELETE',
  path: '/api/v1/me/sessions',
  operation: 'revokeMyOtherSessions',
  summary: 'End all of one’s own sessions but this one',
  access: 'session',
  reply: null,
})

export const startSecondFactor = route({
  method: 'POST',
  path: '/api/v1/me/second-factor',
  operation: 'startSecondFactor',
  summary: 'Begin to set up an authenticator app: a secret that counts once it is confirmed',
  access: 'session',
  body: z.object({ password: z.string().min(1).max(256) }),
  reply: z.object({ secret: z.string(), uri: z.string() }),
})

const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })

export const enableSecondFactor = route({
  method: 'PUT',
  path: '/api/v1/me/second-factor',
  operation: 'enableSecondFactor',
  summary: 'Confirm the authenticator app with a code; answers the recovery codes, shown once',
  access: 'session',
  body: z.object({ code: z.string().trim().length(6) }),
  reply: recoveryCodes,
})

export const renewRecoveryCodes = route({
  method: 'POST',
  path: '/api/v1/me/recovery-codes',
  operation: 'renewRecoveryCodes',
  summary: 'Replace the recovery codes; the old ones stop working',
  access: 'session',
  body: z.object({ password: z.string().min(1).max(256) }),
  reply: recoveryCodes,
})

export const disableSecondFactor = route({
  method: 'POST',
  path: '/api/v1/me/second-factor-removals',
  operation: 'disableSecondFactor',
  summary: 'Stop using a second factor; needs the password and a code',
  access: 'session',
  body: z.object({ password: z.string().min(1).max(256), code: z.string().trim().min(6).max(24) }),
  reply: null,
})

export const readInvitation = route({
  method: 'POST',
  path: '/api/v1/invitation-lookups',
  operation: 'readInvitation',
  summary: 'What an invitation is for, by the token of its mail',
  access: 'public',
  body: z.object({ token }),
  reply: z.object({
    company: z.string(),
    email: z.string(),
    role: z.enum(roles),
    account: z
      .enum(['new', 'existing'])
      .meta({ description: 'Whether the address already belongs to somebody who can sign in.' }),
  }),
  limitPerMinute: 30,
})

export const acceptInvitation = route({
  method: 'POST',
  path: '/api/v1/invitation-acceptances',
  operation: 'acceptInvitation',
  summary: 'Join a company: new people choose name and password, known ones confirm with their password',
  access: 'public',
  body: z.object({
    token,
    name: line(120).optional(),
    password: z.string().min(1).max(256),
    locale: localeShape.default('ja'),
    timeZone: timeZone.default('Asia/Tokyo'),
  }),
  reply: signInState,
  limitPerMinute: 20,
})
