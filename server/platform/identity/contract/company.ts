import { z } from 'zod'
import { emailAddress, idParams, line, moment, pageOf, pageQuery, route } from '../../http/contract.ts'
import { permissions, roles, scopes } from '../../permissions/contract.ts'
import { localeShape, slugShape, timeZone } from './account.ts'

const role = z.enum(roles)

const companyShape = z.object({
  id: z.uuid(),
  name: z.string(),
  slug: z.string(),
  locale: localeShape,
  timeZone: z.string(),
  currency: z.enum(['JPY', 'USD']),
  fiscalYearStart: z.number().int(),
  createdAt: moment,
})

export const getCompany = route({
  method: 'GET',
  path: '/api/v1/company',
  operation: 'getCompany',
  summary: 'The company one works in',
  access: 'company.read',
  reply: companyShape,
})

export const updateCompany = route({
  method: 'PATCH',
  path: '/api/v1/company',
  operation: 'updateCompany',
  summary: 'Change name, address, language, time zone, currency or fiscal year of the company',
  access: 'company.manage',
  body: z
    .object({
      name: line(120),
      slug: slugShape,
      locale: localeShape,
      timeZone,
      currency: z.enum(['JPY', 'USD']),
      fiscalYearStart: z.number().int().min(1).max(12),
    })
    .partial(),
  reply: companyShape,
})

const memberShape = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  role,
  secondFactor: z.boolean(),
  teams: z.array(z.object({ id: z.uuid(), name: z.string() })),
  joinedAt: moment,
})

export const listMembers = route({
  method: 'GET',
  path: '/api/v1/members',
  operation: 'listMembers',
  summary: 'Colleagues of the company, in the order in which they joined',
  access: 'members.read',
  query: pageQuery.extend({ role: role.optional(), search: z.string().trim().max(100).optional() }),
  reply: pageOf(memberShape),
})

export const getMember = route({
  method: 'GET',
  path: '/api/v1/members/:id',
  operation: 'getMember',
  summary: 'One colleague',
  access: 'members.read',
  params: idParams,
  reply: memberShape,
})

export const updateMember = route({
  method: 'PATCH',
  path: '/api/v1/members/:id',
  operation: 'updateMember',
  summary: 'Give a colleague another role; the last administrator stays one',
  access: 'members.manage',
  params: idParams,
  body: z.object({ role }),
  reply: memberShape,
})

export const removeMember = route({
  method: 'DELETE',
  path: '/api/v1/members/:id',
  operation: 'removeMember',
  summary: 'Take a colleague out of the company; their account stays',
  access: 'members.manage',
  params: idParams,
  reply: null,
})

const invitationShape = z.object({
  id: z.uuid(),
  email: z.string(),
  role,
  state: z.enum(['open', 'accepted', 'revoked', 'expired']),
  invitedBy: z.string().nullable(),
  createdAt: moment,
  expiresAt: moment,
})

export const listInvitations = route({
  method: 'GET',
  path: '/api/v1/invitations',
  operation: 'listInvitations',
  summary: 'Invitations, newest first',
  access: 'members.manage',
  query: pageQuery,
  reply: pageOf(invitationShape),
})

export const inviteMember = route({
  method: 'POST',
  path: '/api/v1/invitations',
  operation: 'inviteMember',
  summary: 'Invite somebody by e-mail; an open invitation to the same address is replaced',
  access: 'members.manage',
  body: z.object({ email: emailAddress, role, locale: localeShape.optional() }),
  reply: invitationShape,
  status: 201,
})

export const revokeInvitation = route({
  method: 'DELETE',
  path: '/api/v1/invitations/:id',
  operation: 'revokeInvitation',
  summary: 'Take an invitation back',
  access: 'members.manage',
  params: idParams,
  reply: null,
})

export const resendInvitation = route({
  method: 'POST',
  path: '/api/v1/invitations/:id/mails',
  operation: 'resendInvitation',
  summary: 'Send the invitation again with a new link; the old link stops working',
  access: 'members.manage',
  params: idParams,
  reply: invitationShape,
})

export const listRoles = route({
  method: 'GET',
  path: '/api/v1/roles',
  operation: 'listRoles',
  summary: 'The permission matrix: every role with its permissions and record scope',
  access: 'company.read',
  reply: z.object({
    items: z.array(
      z.object({ role, grants: z.partialRecord(z.enum(permissions), z.enum(scopes)), members: z.number().int() }),
    ),
  }),
})

const teamShape = z.object({
  id: z.uuid(),
  name: z.string(),
  members: z.array(z.object({ id: z.uuid(), name: z.string() })),
})

export const listTeams = route({
  method: 'GET',
  path: '/api/v1/teams',
  operation: 'listTeams',
  summary: 'Teams with their members, by name',
  access: 'teams.read',
  query: pageQuery,
  reply: pageOf(teamShape),
})

const teamBody = z.object({ name: line(80), memberIds: z.array(z.uuid()).max(500) })

export const createTeam = route({
  method: 'POST',
  path: '/api/v1/teams',
  operation: 'createTeam',
  summary: 'Make a team',
  access: 'teams.manage',
  body: teamBody,
  reply: teamShape,
  status: 201,
})

export const updateTeam = route({
  method: 'PATCH',
  path: '/api/v1/teams/:id',
  operation: 'updateTeam',
  summary: 'Rename a team or set its members',
  access: 'teams.manage',
  params: idParams,
  body: teamBody.partial(),
  reply: teamShape,
})

export const deleteTeam = route({
  method: 'DELETE',
  path: '/api/v1/teams/:id',
  operation: 'deleteTeam',
  summary: 'Dissolve a team; its members stay in the company',
  access: 'teams.manage',
  params: idParams,
  reply: null,
})

const apiKeyShape = z.object({
  id: z.uuid(),
  name: z.string(),
  role,
  scopes: z.array(z.enum(permissions)),
  hint: z.string().meta({ description: 'The last characters of the key.' }),
  createdBy: z.string().nullable(),
  createdAt: moment,
  expiresAt: moment.nullable(),
  lastUsedAt: moment.nullable(),
  state: z.enum(['active', 'revoked', 'expired']),
})

export const listApiKeys = route({
  method: 'GET',
  path: '/api/v1/api-keys',
  operation: 'listApiKeys',
  summary: 'API keys of the company, newest first',
  access: 'api_keys.manage',
  query: pageQuery,
  reply: pageOf(apiKeyShape),
})

export const createApiKey = route({
  method: 'POST',
  path: '/api/v1/api-keys',
  operation: 'createApiKey',
  summary: 'Make an API key; the key itself is in this reply only',
  access: 'api_keys.manage',
  body: z.object({
    name: line(80),
    role,
    scopes: z
      .array(z.enum(permissions))
      .default([])
      .meta({ description: 'Permissions to narrow the key to; none means all of its role.' }),
    expiresAt: moment.nullable().default(null),
  }),
  reply: apiKeyShape.extend({ key: z.string() }),
  status: 201,
})

export const revokeApiKey = route({
  method: 'DELETE',
  path: '/api/v1/api-keys/:id',
  operation: 'revokeApiKey',
  summary: 'Make an API key useless at once',
  access: 'api_keys.manage',
  params: idParams,
  reply: null,
})
