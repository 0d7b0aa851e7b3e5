import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newKey, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { closeLiveStreams, listenForNotices } from '../administration/live.ts'
import { createTeam, listMembers, removeMember } from '../identity/contract/company.ts'
import { networkOf } from './network.ts'

let application: TestApplication
let company: TestCompany
let address: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  await application.app.listen({ host: '127.0.0.1', port: 0 })
  address = `http://127.0.0.1:${(application.app.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  closeLiveStreams()
  await application.end()
})

describe('every answer', () => {
  it('carries the security headers and a request id, and no session data into caches', async () => {
    const answer = await company.admin.call(listMembers)
    expect(answer.headers).toMatchObject({
      'content-security-policy':
        "default-src 'self';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it('describes a failure as problem details in the caller’s language, without telling of the inside (E4)', async () => {
    const ja = await new Caller(application).send({
      method: 'GET',
      url: '/api/v1/nothing',
      headers: { 'accept-language': 'ja' },
    })
    const en = await new Caller(application).send({
      method: 'GET',
      url: '/api/v1/nothing',
      headers: { 'accept-language': 'en-GB' },
    })
    expect(ja.body).toMatchObject({ type: 'urn:kizuna:problem:not_found', title: '見つかりません', status: 404 })
    expect(en.body).toMatchObject({ title: 'Not found', code: 'not_found' })
  })

  it('is a clear 4xx for bodies that are none: broken, deep, huge, NUL, lone surrogate (F1)', async () => {
    const send = (payload: string) =>
      company.admin.send({
        method: 'POST',
        url: '/api/v1/teams',
        headers: { 'content-type': 'application/json' },
        payload,
      })
    const depth = 100_000
    expect((await send('{"name":')).status).toBe(400)
    expect([400, 422]).toContain((await send(`${'['.repeat(depth)}${']'.repeat(depth)}`)).status)
    expect((await send(`{"name":"${'x'.repeat(1_100_000)}"}`)).status).toBe(413)
    expect((await send('{"name":"a\\u0000b","memberIds":[]}')).status).toBe(422)
    expect([400, 422]).toContain((await send('{"name":"a\\ud800b","memberIds":[]}')).status)
    expect((await send('{"name":["a"],"memberIds":"x"}')).status).toBe(422)
    const doubled = await company.admin.send({ method: 'GET', url: '/api/v1/members?limit=1&limit=2' })
    expect(doubled.status).toBe(422)
    const cursor = await company.admin.call(listMembers, { query: { cursor: 'bm9uc2Vuc2U' } })
    expect(cursor.problem.code).toBe('malformed')
  })
})

describe('limits', () => {
  it('answers 429 with Retry-After for an account over its limit, and other accounts are unharmed (F2)', async () => {
    const limited = await testApplication({ requestsPerMinute: 20 })
    const [loud, quiet] = [await newCompany(limited), await newCompany(limited)]
    const key = await newKey(loud, 'analyst')
    const statuses: number[] = []
    for (let count = 0; count < 25; count++) statuses.push((await key.call(listMembers)).status)
    expect(statuses.filter(status => status === 200)).toHaveLength(20)
    const refused = await key.call(listMembers)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await quiet.admin.call(listMembers)).status).toBe(200)
    await limited.end()
  })

  it('counts an IPv6 subscriber as one network', () => {
    expect(networkOf('2001:db8:1:2:aaaa::1')).toBe(networkOf('2001:db8:1:2:bbbb:cccc:dddd:eeee'))
    expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'))
    expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(networkOf('::1')).toBe('0:0:0:0::/64')
  })
})

describe('health', () => {
  it('is alive, and ready while the database answers', async () => {
    const nobody = new Caller(application)
    expect((await nobody.send({ method: 'GET', url: '/healthz' })).status).toBe(200)
    expect((await nobody.send({ method: 'GET', url: '/readyz' })).status).toBe(200)
  })

  it('answers 503 with Retry-After, never a false success, when the database is gone (I8)', async () => {
    const broken = await testApplication()
    const { admin } = await newCompany(broken)
    await broken.database.drop()
    const answer = await admin.call(createTeam, { body: { name: 'x', memberIds: [] } })
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2'])
    expect((await admin.send({ method: 'GET', url: '/readyz' })).status).toBe(503)
    await broken.end()
  })

  it('shows metrics to this machine only', async () => {
    const nobody = new Caller(application)
    expect((await nobody.send({ method: 'GET', url: '/metrics', remoteAddress: '198.51.100.1' })).status).toBe(404)
    expect((await nobody.send({ method: 'GET', url: '/metrics' })).status).toBe(200)
  })
})

describe('live updates', () => {
  it('tell a colleague of what happens in their company, of nothing in another', async () => {
    const notices = listenForNotices(application.database.appUrl, () => {})
    const other = await newCompany(application)
    const watcher = await openStream(company.admin.cookie!)
    await watcher.until('retry')
    await new Promise(resolve => setTimeout(resolve, 300))
    await other.admin.call(createTeam, { body: { name: 'よその会社', memberIds: [] } })
    await company.admin.call(createTeam, { body: { name: '当社', memberIds: [] } })
    const text = await watcher.until('team.created')
    expect(text.match(/team\.created/g)).toHaveLength(1)
    watcher.close()
    await notices.stop()
  })

  it('are closed to nobody and to a removed member', async () => {
    expect((await fetch(`${address}/api/v1/live`)).status).toBe(401)
    const colleague = await newMember(company, 'csm')
    await company.admin.call(removeMember, { params: { id: colleague.memberId } })
    expect((await fetch(`${address}/api/v1/live`, { headers: { cookie: colleague.cookie! } })).status).toBe(403)
  })
})

/** An open stream, read until a text has come. */
async function openStream(cookie: string): Promise<{ until(text: string): Promise<string>; close(): void }> {
  const call = httpRequest(`${address}/api/v1/live`, { headers: { cookie } })
  call.end()
  const [reply] = await once(call, 'response')
  expect(reply.headers['content-type']).toContain('text/event-stream')
  let received = ''
  reply.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk
  })
  return {
    async until(text) {
      for (let wait = 0; wait < 100 && !received.includes(text); wait++)
        await new Promise(resolve => setTimeout(resolve, 50))
      expect(received).toContain(text)
      return received
    },
    close: () => call.destroy(),
  }
}
