import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import {
  asSystem,
  newCompany,
  newKey,
  newMember,
  type TestCompany,
  testOrigin,
} from '../../../tests/support/factories.ts'
import type { Actor, Context } from '../context/context.ts'
import { createTeam, removeMember, revokeApiKey, updateMember } from '../identity/contract/company.ts'
import { inTenant } from '../tenancy/transaction.ts'
import { closeLiveStreams, listenForNotices, openLiveStream } from './live.ts'
import { asActorNow } from './present.ts'
import { streamAuditEntries } from './queries/audit.ts'

let application: TestApplication
let company: TestCompany
let address: string
let notices: { stop(): Promise<void> }
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  await application.app.listen({ host: '127.0.0.1', port: 0 })
  address = `http://127.0.0.1:${(application.app.server.address() as AddressInfo).port}`
  notices = listenForNotices(application.database.appUrl, () => {})
  const watcher = await opened(company.admin)
  watcher.setEncoding('utf8')
  // The listening connection opens beside the rest: the first notice that arrives says that it is there.
  let heard = ''
  watcher.on('data', (chunk: string) => {
    heard += chunk
  })
  while (!heard.includes('team.created')) {
    await company.admin.call(createTeam, { body: { name: `合図 ${Date.now()}`, memberIds: [] } })
    await delay(50)
  }
  watcher.destroy()
})
afterAll(async () => {
  await notices.stop()
  closeLiveStreams()
  await application.end()
})

async function opened({ cookie, bearer }: Caller): Promise<IncomingMessage> {
  const call = request(`${address}/api/v1/live`, {
    headers: { ...(cookie && { cookie }), ...(bearer && { authorization: `Bearer ${bearer}` }) },
  })
  call.end()
  const [reply] = (await once(call, 'response')) as [IncomingMessage]
  return reply
}

/** What a stream said until it ended. */
async function untilEnd(reply: IncomingMessage): Promise<string> {
  expect(reply.statusCode).toBe(200)
  return Promise.race([text(reply), delay(5_000).then(() => Promise.reject(new Error('The stream is still open.')))])
}

const ctxOf = (actor: Actor): Promise<Context> =>
  inTenant(application.installation, testOrigin(), company.tenantId, actor, async ctx => ctx)

async function memberActor(role: 'csm' | 'administrator'): Promise<Extract<Actor, { kind: 'member' }>> {
  const member = await newMember(company, role)
  const { rows } = await application.pool.query('select id from user_session where user_id = $1', [member.userId])
  return { kind: 'member', id: member.memberId, userId: member.userId, sessionId: rows[0].id, role }
}

describe('an open live stream (A5)', () => {
  it('ends when the member is removed, and tells them nothing of it', async () => {
    const member = await newMember(company, 'csm')
    const stream = await opened(member)
    await company.admin.call(removeMember, { params: { id: member.memberId } })
    expect(await untilEnd(stream)).not.toContain('member.removed')
  })

  it('ends when the new role may see nothing, and stays open for another that may', async () => {
    const [one, two] = [await newMember(company, 'csm'), await newMember(company, 'csm')]
    const [first, second] = [await opened(one), await opened(two)]
    await company.admin.call(updateMember, { params: { id: two.memberId }, body: { role: 'analyst' } })
    await company.admin.call(updateMember, { params: { id: one.memberId }, body: { role: 'portal_user' } })
    await untilEnd(first)
    second.setEncoding('utf8')
    let heard = ''
    for await (const chunk of second) {
      heard += chunk
      if (heard.includes(`"${two.memberId}"`) && heard.includes(`"${one.memberId}"`)) break
    }
  })

  it('ends when the key is revoked', async () => {
    const key = await newKey(company, 'csm')
    const stream = await opened(key)
    await company.admin.call(revokeApiKey, { params: { id: key.keyId } })
    await untilEnd(stream)
  })

  it.each([
    ['ended', `delete from user_session where id = $1`],
    ['expired', `update user_session set expires_at = now() where id = $1`],
    ['idle too long', `update user_session set last_seen_at = now() - interval '15 days' where id = $1`],
    ['in another company', `update user_session set tenant_id = null where id = $1`],
  ])('ends when the session is %s', async (_, change) => {
    const actor = await memberActor('csm')
    const ctx = await ctxOf(actor)
    const stream = openLiveStream(ctx, () => asActorNow(ctx, 'company.read', async () => true), 20)
    await delay(100)
    expect(stream.readableEnded || stream.destroyed).toBe(false)
    await application.pool.query(change, [actor.sessionId])
    expect(await Promise.race([text(stream), delay(5_000)])).toContain(': still here')
  })

  it('is cut off when its reader is slow, and none is opened beyond twenty of one member', async () => {
    const ctx = await ctxOf(await memberActor('csm'))
    const slow = openLiveStream(ctx, async () => true, 1)
    // What nobody reads stays in the stream.
    slow.push('x'.repeat(70_000))
    await once(slow, 'close')
    expect(slow.destroyed).toBe(true)
    const streams = Array.from({ length: 20 }, () => openLiveStream(ctx, async () => true))
    expect(() => openLiveStream(ctx, async () => true)).toThrow(expect.objectContaining({ code: 'rate_limited' }))
    const other = openLiveStream(await ctxOf(await memberActor('csm')), async () => true)
    streams[0]!.destroy()
    await once(streams[0]!, 'close')
    const again = openLiveStream(ctx, async () => true)
    for (const stream of [...streams, other, again]) stream.destroy()
  })
})

describe('an export of the audit log (A5)', () => {
  it('runs with the rights of the moment, page by page, and breaks off when they are gone', async () => {
    await asSystem(company, async ctx => {
      for (let index = 0; index < 2_100; index++) ctx.pending.records.push({ action: 'test.filled' })
    })
    const actor = await memberActor('administrator')
    const setRole = (role: string) =>
      asSystem(company, ctx =>
        sql`update member set role = ${role} where tenant_id = ${ctx.tenantId} and id = ${actor.id}`.execute(ctx.tx),
      )
    const pages = async (role: string) => {
      await setRole('administrator')
      const reader = streamAuditEntries(await ctxOf(actor), {})[Symbol.asyncIterator]()
      const sizes = [(await reader.next()).value.split('\n').length - 1]
      await setRole(role)
      // One page may have been read ahead.
      for (let next = await reader.next(); !next.done; next = await reader.next())
        sizes.push(next.value.split('\n').length - 1)
      return sizes
    }
    await expect(pages('portal_user')).rejects.toMatchObject({ code: 'forbidden' })
    expect((await pages('administrator')).reduce((sum, size) => sum + size)).toBeGreaterThan(2_100)
  })
})

describe('a connection for notices that is lost', () => {
  it('is tried once a second, however it fails', async () => {
    let calls = 0
    // Takes each connection and drops it: told of by an error and by its end.
    const closing = createServer(socket => {
      calls += 1
      socket.destroy()
    })
    closing.listen(0, '127.0.0.1')
    await once(closing, 'listening')
    const { port } = closing.address() as AddressInfo
    const lost = listenForNotices(`postgres://nobody@127.0.0.1:${port}/none`, () => {})
    await delay(4_500)
    await lost.stop()
    closing.close()
    // Doubling, it would be 1 + 2 + 4 + 8 + 16.
    expect(calls).toBeGreaterThanOrEqual(3)
    expect(calls).toBeLessThanOrEqual(5)
  })

  it('comes back', async () => {
    const stream = await opened(company.admin)
    stream.setEncoding('utf8')
    let heard = ''
    stream.on('data', (chunk: string) => {
      heard += chunk
    })
    await application.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kizuna live' and datname = current_database()",
    )
    while (!heard.includes('team.created')) {
      await company.admin.call(createTeam, { body: { name: `再接続 ${Date.now()}`, memberIds: [] } })
      await delay(100)
    }
    stream.destroy()
  })
})
