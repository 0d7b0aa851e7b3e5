import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { measureJob, measureRequest, traced } from './measure.ts'
import { startTelemetry, type Telemetry } from './telemetry.ts'

const received: { path: string; body: string }[] = []
const collector = createServer(async (request: IncomingMessage, reply) => {
  received.push({ path: request.url ?? '', body: await text(request) })
  reply.setHeader('content-type', 'application/json').end('{}')
})
let telemetry: Telemetry

beforeAll(async () => {
  await new Promise<void>(resolve => collector.listen(0, '127.0.0.1', resolve))
  const { port } = collector.address() as AddressInfo
  telemetry = startTelemetry({ process: 'test', logLevel: 'info', otlpEndpoint: `http://127.0.0.1:${port}` })
})
afterAll(() => {
  collector.close()
})

it('exports traces, metrics and logs to the endpoint, and shows metrics as a page (OPS-2)', async () => {
  measureRequest(0.012, { route: '/api/v1/members', method: 'GET', status: 200 })
  measureJob(0.5, { name: 'mail.send', outcome: 'done' })
  await traced('GET /api/v1/members', { route: '/api/v1/members' }, async () => undefined)
  await expect(traced('failing', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  telemetry.log.info({ user: { password: 'hidden', email: 'a@example.test' }, job: 7 }, 'a line')
  const page = await telemetry.metrics()
  expect(page).toContain('http_server_request_duration')
  expect(page).toContain('http_route="/api/v1/members"')
  await telemetry.stop()
  const paths = received.map(({ path }) => path)
  expect(paths).toEqual(expect.arrayContaining(['/v1/traces', '/v1/metrics', '/v1/logs']))
  const all = received.map(({ body }) => body).join('')
  expect(all).toContain('GET /api/v1/members')
  expect(all).toContain('a line')
  expect(all).not.toMatch(/hidden|a@example/)
})
