import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { InjectOptions } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newSource, processAll, type TestSource } from '../../../tests/support/ingest.ts'
import { changeSource, listFindings, listRates, listSourceEvents, rotateKey } from './contract/sources.ts'

let application: TestApplication
let company: TestCompany
let source: TestSource

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  source = await newSource(company)
})
afterAll(() => application.end())

function basic(writeKey = source.writeKey): Record<string, string> {
  return { authorization: `Basic ${btoa(`${writeKey}:`)}` }
}

function send(url: string, payload: InjectOptions['payload'], headers: Record<string, string> = basic()) {
  return new Caller(application).send({ method: 'POST', url, payload, headers })
}

function track(more: Record<string, unknown> = {}) {
  return {
    type: 'track',
    event: 'E',
    userId: 'u',
    messageId: randomUUID(),
    timestamp: new Date().toISOString(),
    ...more,
  }
}

async function findings(sourceId = source.id) {
  const { body } = await company.admin.call(listFindings, { params: { id: sourceId }, query: { limit: 200 } })
  return body.items
}

async function countOf(sourceId: string): Promise<number> {
  return asSystem(company, async ctx => {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from usage_event where tenant_id = ${ctx.tenantId} and source_id = ${sourceId}`.execute(
      ctx.tx,
    )
    return rows[0]!.count
  })
}

describe('endpoints of the Segment protocol (CUS-40)', () => {
  it('takes every call at its long and its short address', async () => {
    const calls: Record<string, object> = {
      track: { event: 'E', userId: 'u' },
      identify: { userId: 'u', traits: {} },
      group: { userId: 'u', groupId: 'g' },
      page: { userId: 'u', name: 'P' },
      screen: { userId: 'u' },
      alias: { userId: 'u', previousId: 'a' },
    }
    const own = await newSource(company)
    for (const [name, call] of Object.entries(calls)) {
      for (const path of [`/v1/${name}`, `/v1/${name[0]}`]) {
        const answer = await send(path, { ...call, messageId: randomUUID() }, basic(own.writeKey))
        expect([path, answer.status, answer.body]).toEqual([
          path,
          200,
          { success: true, accepted: 1, duplicated: 0, rejected: 0 },
        ])
      }
    }
    for (const path of ['/v1/batch', '/v1/b', '/v1/import']) {
      expect((await send(path, { batch: [track()] }, basic(own.writeKey))).body).toMatchObject({ accepted: 1 })
    }
    expect(await countOf(own.id)).toBe(15)
  })

  it('reads JSON whatever the content type and packing, and the key also from the body', async () => {
    const body = JSON.stringify({ batch: [track()], writeKey: source.writeKey })
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream', 'image/png']) {
      const answer = await send('/v1/batch', body, { 'content-type': type })
      expect([type, answer.status]).toEqual([type, 200])
    }
    const packed = await send('/v1/batch', gzipSync(body), {
      'content-encoding': 'gzip',
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(packed.status).toBe(200)
    expect((await send('/v1/batch', Buffer.from(body), {})).status).toBe(200)
    const bom = await send('/v1/batch', Buffer.from(`\ufeff${body}`), { 'content-type': 'application/json' })
    expect(bom.status).toBe(200)
  })

  it('answers pages of any origin, without credentials', async () => {
    const preflight = await new Caller(application).send({
      method: 'OPTIONS',
      url: '/v1/t',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, '*'])
    expect(preflight.headers['access-control-allow-headers']).toContain('Authorization')
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined()
    const answer = await send('/v1/t', track(), { ...basic(), origin: 'https://shop.example' })
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*'])
    const refused = await send('/v1/t', track(), { ...basic('wrong'), origin: 'https://shop.example' })
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, '*'])
    const elsewhere = await new Caller(application).send({ method: 'OPTIONS', url: '/api/v1/sources' })
    expect(elsewhere.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('refuses wrong, replaced and disabled keys, from the next request on', async () => {
    const own = await newSource(company)
    const { id } = own
    expect((await send('/v1/track', track(), {})).status).toBe(401)
    expect((await send('/v1/track', track(), basic('kzw_nonsense'))).status).toBe(401)
    expect((await send('/v1/track', track(), { authorization: `Bearer ${own.writeKey}` })).status).toBe(401)
    expect((await send('/v1/track', track(), basic(own.writeKey))).status).toBe(200)
    const { body } = await company.admin.call(rotateKey, { params: { id } })
    expect((await send('/v1/track', track(), basic(own.writeKey))).status).toBe(401)
    expect((await send('/v1/track', track(), basic(body.writeKey))).status).toBe(200)
    await company.admin.call(changeSource, { params: { id }, body: { disabled: true } })
    expect((await send('/v1/track', track(), basic(body.writeKey))).status).toBe(401)
    await company.admin.call(changeSource, { params: { id }, body: { disabled: false } })
    expect((await send('/v1/track', track(), basic(body.writeKey))).status).toBe(200)
  })

  it('answers 429 with the time to wait to a source over its limit, before it reads a body', async () => {
    const own = await newSource(company, 10)
    const other = await newSource(company)
    expect(
      (await send('/v1/batch', { batch: Array.from({ length: 10 }, () => track()) }, basic(own.writeKey))).status,
    ).toBe(200)
    const refused = await send('/v1/batch', 'no JSON at all', basic(own.writeKey))
    expect([refused.status, refused.problem.code]).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(refused.headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1_000)
    expect((await send('/v1/track', track(), basic(other.writeKey))).status).toBe(200)
  })

  it('answers 503 when the database is gone, and keeps nothing', async () => {
    const broken = await testApplication()
    const theirs = await newCompany(broken)
    const { writeKey } = await newSource(theirs)
    await broken.database.drop()
    const answer = await new Caller(broken).send({
      method: 'POST',
      url: '/v1/track',
      payload: track(),
      headers: basic(writeKey),
    })
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2'])
    await broken.end()
  })
})

describe('messages that come again', () => {
  it('counts an id once, within a batch, between batches and in parallel, and shows one that is reused', async () => {
    const own = await newSource(company)
    const message = track({ messageId: 'same' })
    const both = await send('/v1/batch', { batch: [message, message] }, basic(own.writeKey))
    expect(both.body).toEqual({ success: true, accepted: 1, duplicated: 1, rejected: 0 })
    const batch = Array.from({ length: 40 }, (_, index) => track({ messageId: `parallel-${index}` }))
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send('/v1/batch', { batch }, basic(own.writeKey))),
    )
    const accepted = answers.map(answer => (answer.body as { accepted: number }).accepted)
    expect(accepted.reduce((sum, count) => sum + count)).toBe(40)
    await send('/v1/track', { ...message, event: 'Another' }, basic(own.writeKey))
    expect(await countOf(own.id)).toBe(41)
    expect(await findings(own.id)).toEqual([
      expect.objectContaining({
        kind: 'conflict',
        code: 'reused_id',
        messageId: 'same',
        body: expect.stringContaining('Another'),
      }),
    ])
    await processAll(company)
    const { body } = await company.admin.call(listRates, { params: { id: own.id }, query: { hours: 2 } })
    const sum = (name: 'accepted' | 'duplicated' | 'conflicting') =>
      body.items.reduce((total, hour) => total + hour[name], 0)
    expect([sum('accepted'), sum('duplicated'), sum('conflicting')]).toEqual([41, 282, 1])
  })

  it('does not let another source or company suppress an id', async () => {
    const other = await newCompany(application, '北辰精密工業株式会社')
    const keys = [await newSource(company), await newSource(company), await newSource(other)]
    for (const { writeKey } of keys) {
      const answer = await send('/v1/track', track({ messageId: 'shared' }), basic(writeKey))
      expect(answer.body).toMatchObject({ accepted: 1 })
    }
    const seen = await company.admin.call(listSourceEvents, { params: { id: keys[2]!.id } })
    expect(seen.status).toBe(404)
  })
})

describe('hostile messages (06-trust C7, F1)', () => {
  /** JSON text of one bad message each, and why it is refused. */
  const bad: Record<string, [string, string]> = {
    'nested 100,000 deep': [
      `{"type":"track","event":"E","userId":"u","properties":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      'too_deep',
    ],
    '50,000 keys': [
      `{"type":"track","event":"E","userId":"u","properties":{${Array.from({ length: 50_000 }, (_, index) => `"k${index}":1`).join(',')}}}`,
      'too_large',
    ],
    '40 KB of text': [
      `{"type":"track","event":"E","userId":"u","properties":{"a":"${'x'.repeat(40_000)}"}}`,
      'too_large',
    ],
    '33 KB of Japanese text': [
      `{"type":"track","event":"E","userId":"u","properties":{"a":"${'漢'.repeat(11_000)}"}}`,
      'too_large',
    ],
    __proto__: ['{"type":"track","event":"E","userId":"u","properties":{"__proto__":{"admin":true}}}', 'bad_key'],
    '1e400': ['{"type":"track","event":"E","userId":"u","properties":{"a":1e400}}', 'bad_number'],
    NUL: ['{"type":"track","event":"E","userId":"u","properties":{"a":"x\\u0000y"}}', 'bad_text'],
    'NUL in a key': ['{"type":"track","event":"E","userId":"u","properties":{"a\\u0000":1}}', 'bad_text'],
    'half a surrogate pair': ['{"type":"track","event":"E","userId":"u","properties":{"a":"\\ud800"}}', 'bad_text'],
    'half a surrogate pair in the id': ['{"type":"track","event":"E","userId":"\\udc00"}', 'bad_text'],
    'no object': ['"track"', 'not_an_object'],
    'a list': ['[]', 'not_an_object'],
    'no type': ['{"event":"E","userId":"u"}', 'unknown_type'],
    'no person': ['{"type":"track","event":"E"}', 'no_person'],
    'an object for an id': ['{"type":"track","event":"E","userId":{"$ne":1}}', 'bad_id'],
    'no event': ['{"type":"track","userId":"u"}', 'no_event_name'],
    'a list for properties': ['{"type":"track","event":"E","userId":"u","properties":[1]}', 'bad_properties'],
    'no moment': ['{"type":"track","event":"E","userId":"u","timestamp":"yesterday"}', 'bad_timestamp'],
    '1970': ['{"type":"track","event":"E","userId":"u","timestamp":"1970-01-01T00:00:00Z"}', 'too_old'],
  }

  it('refuses each alone, with its reason, and stores its neighbours', async () => {
    for (const [name, [text, code]] of Object.entries(bad)) {
      const own = await newSource(company)
      const payload = `{"batch":[${JSON.stringify(track())},${text},${JSON.stringify(track())}]}`
      const answer = await send('/v1/batch', payload, { ...basic(own.writeKey), 'content-type': 'application/json' })
      expect([name, answer.status, answer.body]).toEqual([
        name,
        200,
        { success: true, accepted: 2, duplicated: 0, rejected: 1 },
      ])
      expect([name, (await findings(own.id)).map(finding => finding.code)]).toEqual([name, [code]])
      expect([name, await countOf(own.id)]).toEqual([name, 2])
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('stores what is unusual byte for byte', async () => {
    const own = await newSource(company)
    const properties = {
      text: '😀 "\\/ \u2028 \u007f {NULL} \'; drop',
      'ключ,{}"': [null, {}, [], -0.5, 1e-7, 2 ** 53],
      constructor: 1,
      '': '',
    }
    const payload = JSON.stringify({ batch: [track({ properties, userId: 'a"b\\c,{d}', event: '"quoted", {NULL}' })] })
    expect((await send('/v1/batch', payload, { ...basic(own.writeKey), 'content-type': 'text/plain' })).status).toBe(
      200,
    )
    const { body } = await company.admin.call(listSourceEvents, { params: { id: own.id } })
    expect(body.items[0]).toMatchObject({ properties, person: 'u:a"b\\c,{d}', name: '"quoted", {NULL}' })
  })

  it('refuses broken UTF-8 in the message that holds it', async () => {
    const own = await newSource(company)
    const [before, after] = JSON.stringify({ batch: [track(), track({ properties: { a: '§' } })] }).split('§')
    const broken = Buffer.concat([Buffer.from(before!), Buffer.from([0xc3, 0x28]), Buffer.from(after!)])
    const answer = await send('/v1/batch', broken, { ...basic(own.writeKey), 'content-type': 'application/json' })
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 1 })
  })

  it('refuses bodies that are none or too large, notes why, and keeps its memory', async () => {
    const own = await newSource(company)
    const headers = { ...basic(own.writeKey), 'content-type': 'application/json' }
    const before = process.memoryUsage().rss
    for (let count = 0; count < 20; count++) {
      const bomb = gzipSync(Buffer.alloc(200_000_000 / 20, '['))
      expect((await send('/v1/batch', bomb, { ...headers, 'content-encoding': 'gzip' })).status).toBe(413)
      expect((await send('/v1/batch', Buffer.alloc(2_000_000, '['), headers)).status).toBe(413)
      expect((await send('/v1/batch', Buffer.alloc(10_000_000, '['), headers)).status).toBe(413)
    }
    expect((process.memoryUsage().rss - before) / 1_048_576).toBeLessThan(300)
    expect((await send('/v1/batch', '{"batch":[{"type":"tra', headers)).status).toBe(400)
    expect((await send('/v1/batch', Buffer.from('no gzip'), { ...headers, 'content-encoding': 'gzip' })).status).toBe(
      400,
    )
    expect((await send('/v1/batch', '{}', headers)).status).toBe(400)
    expect((await send('/v1/batch', '', headers)).status).toBe(400)
    expect((await send('/v1/track', '{"event":5}', headers)).problem.detail).toContain('userId')
    const codes = new Set((await findings(own.id)).map(finding => finding.code))
    expect([...codes].sort()).toEqual(['batch_too_large', 'no_batch', 'no_person', 'not_json'])
  })

  it('takes 2,500 messages and refuses those beyond', async () => {
    const own = await newSource(company)
    const batch = Array.from({ length: 2_520 }, (_, index) => ({
      type: 'track',
      event: 'E',
      userId: 'u',
      messageId: `${index}`,
    }))
    const answer = await send('/v1/batch', { batch }, basic(own.writeKey))
    expect(answer.body).toEqual({ success: true, accepted: 2_500, duplicated: 0, rejected: 20 })
  })

  it('corrects the clock of the sender, and does not believe in tomorrow', async () => {
    const own = await newSource(company)
    const hour = 3_600_000
    const late = { ...track({ event: 'Late' }), timestamp: new Date(Date.now() - 5 * hour).toISOString() }
    const ahead = { ...track({ event: 'Ahead' }), timestamp: new Date(Date.now() + 48 * hour).toISOString() }
    const sentAt = new Date(Date.now() - 4 * hour).toISOString()
    await send('/v1/batch', { batch: [late], sentAt }, basic(own.writeKey))
    await send('/v1/batch', { batch: [ahead] }, basic(own.writeKey))
    const { body } = await company.admin.call(listSourceEvents, { params: { id: own.id } })
    const ago = (name: string) =>
      (Date.now() - Date.parse(body.items.find(item => item.name === name)!.occurredAt)) / hour
    expect(ago('Late')).toBeCloseTo(1, 1)
    expect(ago('Ahead')).toBeCloseTo(0, 1)
  })
})
