import { matrix, type Permission, type Role } from '../../../../server/platform/permissions/contract.ts'

/** A list that whoever holds the permission may read. */
const readable: readonly [Permission, string][] = [
  ['company.read', '/api/v1/company'],
  ['members.read', '/api/v1/members'],
  ['teams.read', '/api/v1/teams'],
  ['audit.read', '/api/v1/audit-entries'],
  ['api_keys.manage', '/api/v1/api-keys'],
  ['members.manage', '/api/v1/invitations'],
  ['jobs.manage', '/api/v1/jobs'],
]

/**
 * A first call to try a key with, for the shell.
 * @param origin of this installation, such as `https://kizuna.example`
 * @param limit permissions that the key is narrowed to; none means all of its role
 */
export function exampleCall(origin: string, role: Role, limit: readonly Permission[]): string {
  const held = (permission: Permission) =>
    matrix[role][permission] !== undefined && (limit.length === 0 || limit.includes(permission))
  const path = readable.find(([permission]) => held(permission))?.[1] ?? '/api/v1/company'
  return `curl -H "Authorization: Bearer $KIZUNA_API_KEY" ${origin}${path}`
}
