import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { z } from 'zod'
import { idParams, pageOf, pageQuery, route } from '../../server/platform/http/contract.ts'
import { call, carry } from './client.ts'
import { ApiProblem } from './problem.ts'

const list = route({
  method: 'GET',
  path: '/api/v1/members',
  operation: 'listSampleMembers',
  summary: 'Lists',
  access: 'public',
  query: pageQuery,
  reply: pageOf(z.object({ id: z.string() })),
})
const rename = route({
  method: 'POST',
  path: '/api/v1/members/:id/rename',
  operation: 'renameSampleMember',
  summary: 'Renames',
  access: 'members.manage',
  params: idParams,
  body: z.object({ name: z.string() }),
  reply: null,
})

const seen: IncomingMessage[] = []
let answers: { status: number; body?: unknown }[] = []
const server = createServer((request, response) => {
  seen.push(request)
  const answer = answers.shift() ?? { status: 204 }
  response.writeHead(answer.status).end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
})

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const real = globalThis.fetch
  // A browser resolves addresses against the page; Node has no page.
  vi.stubGlobal('fetch', (address: string, request: RequestInit) => real(`http://127.0.0.1:${port}${address}`, request))
  carry({ tenant: 'tenant-1', locale: 'en' })
})
afterEach(() => {
  seen.length = 0
  answers = []
})
afterAll(() => {
  vi.unstubAllGlobals()
  server.close()
  server.closeAllConnections()
})

describe('a call', () => {
  test('fills path and query, carries company and language, gives the reply its type', async () => {
    answers = [{ status: 200, body: { items: [{ id: 'a' }], next: null } }]
    const page = await call(list, { query: { limit: 5, cursor: undefined } })
    expectTypeOf(page.items).toEqualTypeOf<{ id: string }[]>()
    expect(page.items).toEqual([{ id: 'a' }])
    expect(seen[0]?.url).toBe('/api/v1/members?limit=5')
    expect(seen[0]?.headers).toMatchObject({ 'kizuna-tenant': 'tenant-1', 'accept-language': 'en' })
    expect(seen[0]?.headers['idempotency-key']).toBeUndefined()
  })
  test('a repeated write keeps its key, so that the server does it once', async () => {
    answers = [{ status: 503 }, { status: 502 }, { status: 204 }]
    await call(rename, { params: { id: 'a/b' }, body: { name: 'x' } })
    expect(seen.map(request => request.url)).toEqual(Array(3).fill('/api/v1/members/a%2Fb/rename'))
    const keys = new Set(seen.map(request => request.headers['idempotency-key']))
    expect(keys.size).toBe(1)
    expect([...keys][0]).toMatch(/^[0-9a-f-]{36}$/)
  })
  test('a write that may set a cookie is sent once: a stored answer does not hold it', async () => {
    answers = [{ status: 503 }, { status: 204 }]
    const fault = await call({ ...rename, access: 'session' }, { params: { id: 'a' }, body: { name: 'x' } }).catch(
      problem => problem,
    )
    expect(fault).toBeInstanceOf(ApiProblem)
    expect(seen).toHaveLength(1)
  })
  test('a refusal arrives as a problem with its fields', async () => {
    const body = {
      type: 'about:blank',
      title: 'Refused',
      status: 422,
      detail: 'Mend it.',
      code: 'invalid_input',
      requestId: 'r',
    }
    answers = [{ status: 422, body: { ...body, errors: [{ path: 'body.name', message: 'Too long.' }] } }]
    const fault = await call(rename, { params: { id: 'a' }, body: { name: 'x' } }).catch(problem => problem)
    expect(fault).toBeInstanceOf(ApiProblem)
    expect(fault).toMatchObject({
      status: 422,
      detail: 'Mend it.',
      errors: [{ path: 'body.name', message: 'Too long.' }],
    })
  })
  test('an answer that is no problem document is still a problem', async () => {
    answers = [{ status: 500, body: 'oops' }]
    await expect(call(list)).rejects.toMatchObject({ code: 'page.unreadable', status: 500 })
  })
  test('what a route takes is checked by the compiler', () => {
    expectTypeOf(call<typeof list>).toBeCallableWith(list)
    expectTypeOf(call<typeof rename>).toBeCallableWith(rename, { params: { id: 'a' }, body: { name: 'x' } })
    // @ts-expect-error the body is missing
    expectTypeOf(call<typeof rename>).toBeCallableWith(rename, { params: { id: 'a' } })
    // @ts-expect-error the input is missing
    expectTypeOf(call<typeof rename>).toBeCallableWith(rename)
  })
})
