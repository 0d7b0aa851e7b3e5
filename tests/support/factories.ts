import { randomUUID } from 'node:crypto'
import type { Context, Origin, TenantId } from '../../server/platform/context/context.ts'
import { makeApiKey } from '../../server/platform/identity/commands/api-keys.ts'
import { addMember, createPerson, provisionCompany } from '../../server/platform/identity/commands/provision.ts'
import { hashPassword } from '../../server/platform/identity/password.ts'
import { openSession } from '../../server/platform/identity/session.ts'
import type { Permission, Role } from '../../server/platform/permissions/contract.ts'
import { inAccount, inTenant } from '../../server/platform/tenancy/transaction.ts'
import { Caller, type TestApplication } from './application.ts'

export const testPassword = 'correct horse 電池'
// Hashing costs 20 ms by design; one hash serves all people of a test run.
const testPasswordHash = hashPassword(testPassword)

export function testOrigin(): Origin {
  return { requestId: randomUUID(), network: '192.0.2.7', locale: 'en', now: new Date() }
}

export interface TestMember extends Caller {
  userId: string
  memberId: string
  email: string
}

export interface TestCompany {
  application: TestApplication
  tenantId: TenantId
  admin: TestMember
}

interface PersonWishes {
  name?: string
  email?: string
}

/** A person who can sign in with `testPassword`. */
export async function newPerson(
  application: TestApplication,
  wishes: PersonWishes = {},
): Promise<{ id: string; email: string }> {
  const email = wishes.email ?? `person-${randomUUID()}@example.test`
  const passwordHash = await testPasswordHash
  const id = await inAccount(application.installation, testOrigin(), account =>
    createPerson(account, {
      name: wishes.name ?? '佐藤 美咲',
      email,
      passwordHash,
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
    }),
  )
  return { id: id!, email }
}

/** A company with a signed-in administrator, made by the product's own commands. */
export async function newCompany(application: TestApplication, name = '株式会社みなと商事'): Promise<TestCompany> {
  const person = await newPerson(application)
  const tenantId = await inAccount(application.installation, testOrigin(), async account => {
    const slug = `test-${randomUUID().slice(0, 8)}`
    const ctx = await provisionCompany(account, { name, slug, locale: 'ja', timeZone: 'Asia/Tokyo' }, person.id)
    return ctx.tenantId
  })
  const admin = await signedIn(application, person, tenantId)
  return { application, tenantId, admin }
}

/** Somebody else in the company, signed in. */
export async function newMember(company: TestCompany, role: Role, wishes: PersonWishes = {}): Promise<TestMember> {
  const person = await newPerson(company.application, wishes)
  await asSystem(company, ctx => addMember(ctx, person.id, role))
  return signedIn(company.application, person, company.tenantId)
}

/** A caller with an API key of the company. */
export async function newKey(
  company: TestCompany,
  role: Role,
  scopes: Permission[] = [],
): Promise<Caller & { keyId: string }> {
  const { id, key } = await asSystem(company, ctx => makeApiKey(ctx, { name: 'test', role, scopes, expiresAt: null }))
  return Object.assign(new Caller(company.application, { bearer: key }), { keyId: id })
}

/** Runs a command in the company as the system. */
export function asSystem<Result>(company: TestCompany, work: (ctx: Context) => Promise<Result>): Promise<Result> {
  const actor = { kind: 'system', id: undefined, name: 'test' } as const
  return inTenant(company.application.installation, testOrigin(), company.tenantId, actor, work)
}

async function signedIn(
  application: TestApplication,
  person: { id: string; email: string },
  tenantId: TenantId,
): Promise<TestMember> {
  const token = await inAccount(application.installation, testOrigin(), account =>
    openSession(account, { userId: person.id, userAgent: 'test', secondFactorPending: false, tenantId }),
  )
  const { rows } = await inTenant(
    application.installation,
    testOrigin(),
    tenantId,
    { kind: 'system', id: undefined, name: 'test' },
    async ctx => ({
      rows: await ctx.tx
        .selectFrom('member')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', person.id)
        .execute(),
    }),
  )
  const caller = new Caller(application, { cookie: `kizuna=${token.text}` })
  return Object.assign(caller, { userId: person.id, memberId: rows[0]!.id, email: person.email })
}

let networks = 0

/** Somebody who is not signed in, from a network of their own, as limits count per network. */
export function stranger(application: TestApplication): Caller {
  networks += 1
  const remoteAddress = `198.51.100.${networks}`
  const caller = new Caller(application)
  const send = caller.send.bind(caller)
  caller.send = options => send({ ...options, remoteAddress: options.remoteAddress ?? remoteAddress })
  return caller
}
