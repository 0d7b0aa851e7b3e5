import { implement } from '../../http/implement.ts'
import { makeApiKey, revokeKey } from '../commands/api-keys.ts'
import { changeCompany } from '../commands/company.ts'
import { invite, resend, revoke } from '../commands/invitations.ts'
import { changeRole, removeFromCompany } from '../commands/members.ts'
import { changeTeam, dissolveTeam, makeTeam } from '../commands/teams.ts'
import * as contract from '../contract/company.ts'
import {
  readApiKey,
  readApiKeys,
  readCompany,
  readInvitation,
  readInvitations,
  readRoles,
  readTeam,
  readTeams,
} from '../queries/company.ts'
import { readMember, readMembers } from '../queries/members.ts'

export const companyRoutes = [
  implement(contract.getCompany, ctx => readCompany(ctx)),
  implement(contract.updateCompany, async (ctx, { body }) => {
    await changeCompany(ctx, body)
    return readCompany(ctx)
  }),
  implement(contract.listMembers, (ctx, { query }) => readMembers(ctx, query)),
  implement(contract.getMember, (ctx, { params }) => readMember(ctx, params.id)),
  implement(contract.updateMember, async (ctx, { params, body }) => {
    await changeRole(ctx, params.id, body.role)
    return readMember(ctx, params.id)
  }),
  implement(contract.removeMember, async (ctx, { params }) => {
    await removeFromCompany(ctx, params.id)
    return undefined
  }),
  implement(contract.listInvitations, (ctx, { query }) => readInvitations(ctx, query)),
  implement(contract.inviteMember, async (ctx, { body }) => readInvitation(ctx, await invite(ctx, body))),
  implement(contract.revokeInvitation, async (ctx, { params }) => {
    await revoke(ctx, params.id)
    return undefined
  }),
  implement(contract.resendInvitation, async (ctx, { params }) => {
    await resend(ctx, params.id)
    return readInvitation(ctx, params.id)
  }),
  implement(contract.listRoles, ctx => readRoles(ctx)),
  implement(contract.listTeams, (ctx, { query }) => readTeams(ctx, query)),
  implement(contract.createTeam, async (ctx, { body }) => readTeam(ctx, await makeTeam(ctx, body))),
  implement(contract.updateTeam, async (ctx, { params, body }) => {
    await changeTeam(ctx, params.id, body)
    return readTeam(ctx, params.id)
  }),
  implement(contract.deleteTeam, async (ctx, { params }) => {
    await dissolveTeam(ctx, params.id)
    return undefined
  }),
  implement(contract.listApiKeys, (ctx, { query }) => readApiKeys(ctx, query)),
  implement(contract.createApiKey, async (ctx, { body }) => {
    const { id, key } = await makeApiKey(ctx, body)
    return { ...(await readApiKey(ctx, id)), key }
  }),
  implement(contract.revokeApiKey, async (ctx, { params }) => {
    await revokeKey(ctx, params.id)
    return undefined
  }),
]
