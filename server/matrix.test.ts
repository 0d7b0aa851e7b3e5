import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../tests/support/application.ts'
import { newCompany, newKey, newMember, type TestCompany } from '../tests/support/factories.ts'
import { type MatrixTargets, matrixTargets } from '../tests/support/matrix-targets.ts'
import { implementations, rawImplementations } from './modules.ts'
import { createTeam, revokeApiKey } from './platform/identity/contract/company.ts'
import { matrix, type Permission, permissions, type Role, roles } from './platform/permissions/contract.ts'

/**
 * Every route of the OpenAPI document against everybody who must not come in (06-trust A1): no sign-in, an id of
 * another tenant, a role without the permission, a revoked key, a key of the wrong scope.
 */

interface Operation {
  operation: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  access: string
  /** Opens it as well, for some records. */
  orAccess: string | undefined
}

let application: TestApplication
let company: TestCompany
let other: TestCompany
/** An id of the other company for each route with one, and a body that the route accepts. */
let targets: MatrixTargets
const operations: Operation[] = []

const missingId = '01890000-0000-7000-8000-00000000dead'

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  other = await newCompany(application, '北辰精密工業株式会社')
  const document = JSON.parse((await new Caller(application).send({ method: 'GET', url: '/openapi.json' })).text)
  for (const [path, item] of Object.entries<
    Record<string, { operationId: string; 'x-kizuna-access': string; 'x-kizuna-or-access'?: string }>
  >(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      operations.push({
        operation: operation.operationId,
        method: method.toUpperCase() as Operation['method'],
        path,
        access: operation['x-kizuna-access'],
        orAccess: operation['x-kizuna-or-access'],
      })
    }
  }
  targets = await matrixTargets(application, other)
})
afterAll(() => application.end())

function request(caller: Caller, { method, path }: Operation, id: string | number = missingId, body?: object) {
  const url = path.replace('{number}', '0').replace(/\{\w+\}/g, String(id))
  const headers = Buffer.isBuffer(body) ? { 'content-type': 'application/octet-stream' } : undefined
  return caller.send({ method, url, payload: body, headers })
}

const isPermission = (access: string): access is Permission => (permissions as readonly string[]).includes(access)

describe('routes against everybody who must not come in (A1)', () => {
  it('knows every registered route', () => {
    expect(operations.map(({ operation }) => operation).sort()).toEqual(
      [...implementations, ...rawImplementations].map(({ contract }) => contract.operation).sort(),
    )
    expect(operations.length).toBeGreaterThan(40)
  })

  it('knows every route that is open to everybody', () => {
    const open = operations.filter(({ access }) => access === 'public').map(({ operation }) => operation)
    expect(open.sort()).toEqual([
      'acceptInvitation',
      'blueprintSchema',
      'callFlowHook',
      'certificateOnCustomerPage',
      'enterPageCode',
      'readCustomerPage',
      'readInvitation',
      'requestPasswordReset',
      'resendVerification',
      'resetPassword',
      'sendPageCode',
      'signIn',
      'signUp',
      'taskCalendar',
      'tickOnCustomerPage',
      'verifyEmail',
    ])
  })

  it('asks for a sign-in everywhere but on public routes', async () => {
    for (const operation of operations.filter(({ access }) => access !== 'public' && access !== 'link')) {
      const answer = await request(new Caller(application), operation)
      expect([operation.operation, answer.status]).toEqual([operation.operation, 401])
      expect(answer.headers['content-type']).toContain('application/problem+json')
    }
  })

  it('finds nothing behind an address that is not signed', async () => {
    const signed = operations.filter(({ access }) => access === 'link')
    expect(signed.length).toBeGreaterThan(0)
    for (const operation of signed) {
      expect([operation.operation, (await request(new Caller(application), operation)).status]).toEqual([
        operation.operation,
        404,
      ])
    }
  })

  it('refuses a role without the permission', async () => {
    const members = new Map<Role, Caller>()
    for (const role of roles) members.set(role, await newMember(company, role))
    for (const operation of operations) {
      const { access, orAccess } = operation
      if (!isPermission(access)) continue
      const lacking = roles.filter(
        role => !matrix[role][access] && !(orAccess && isPermission(orAccess) && matrix[role][orAccess]),
      )
      expect(lacking.length).toBeGreaterThan(0)
      for (const role of lacking) {
        const answer = await request(members.get(role)!, operation)
        expect([operation.operation, role, answer.status]).toEqual([operation.operation, role, 403])
      }
    }
  })

  it('refuses a revoked key, a key of another scope, and keys where a person must be signed in', async () => {
    const revoked = await newKey(company, 'administrator')
    await company.admin.call(revokeApiKey, { params: { id: revoked.keyId } })
    for (const operation of operations.filter(({ access }) => access !== 'public' && access !== 'link')) {
      const answer = await request(revoked, operation)
      expect([operation.operation, answer.status]).toEqual([operation.operation, 401])
    }
    const keys = new Map<string, Caller>()
    for (const scope of permissions) keys.set(scope, await newKey(company, 'administrator', [scope]))
    for (const operation of operations.filter(({ access }) => access !== 'public' && access !== 'link')) {
      const wrong = permissions.find(permission => permission !== operation.access)!
      const answer = await request(keys.get(wrong)!, operation)
      const expected = isPermission(operation.access) ? 403 : 401
      expect([operation.operation, answer.status]).toEqual([operation.operation, expected])
    }
  })

  it('answers an id of another tenant as one that does not exist', async () => {
    // Deliveries are signed, not signed in: webhooks.test.ts.
    for (const operation of operations.filter(
      ({ path, access }) => access !== 'link' && path.includes('{') && access !== 'signature',
    )) {
      const target = targets[operation.operation]
      if (!target) throw new Error(`The matrix has no id for ${operation.operation}: add it to matrixTargets().`)
      const foreign = await request(company.admin, operation, target.foreign, target.body)
      const missing = await request(company.admin, operation, target.missing, target.body)
      expect([operation.operation, foreign.status]).toEqual([operation.operation, 404])
      expect({ ...foreign.problem, requestId: '' }).toEqual({ ...missing.problem, requestId: '' })
    }
  })

  it('does not store what a caller must not set (A3)', async () => {
    const extra = {
      tenant_id: other.tenantId,
      tenantId: other.tenantId,
      id: missingId,
      role: 'administrator',
      created_at: '2000-01-01',
      is_admin: true,
    }
    const made = await company.admin.call(createTeam, { body: { ...extra, name: '開発', memberIds: [] } })
    expect(made.status).toBe(201)
    expect(made.body.id).not.toBe(missingId)
    const { rows } = await application.pool.query('select 1 from team')
    expect(rows).toHaveLength(0)
    const hostile = await company.admin.send({
      method: 'POST',
      url: '/api/v1/teams',
      headers: { 'content-type': 'application/json' },
      payload: '{"__proto__":{"role":"administrator"},"name":"支援","memberIds":[]}',
    })
    expect([201, 400]).toContain(hostile.status)
    expect(({} as { role?: string }).role).toBeUndefined()
  })
})
