import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { listCustomers, summarizeCustomers } from '../accounts/contract/customers.ts'
import { createAttribute } from '../attributes/contract/attributes.ts'
import { createContact, listContacts } from '../contacts/contract.ts'
import { explainCondition, previewCondition } from './contract.ts'

let application: TestApplication
let company: TestCompany
let admin: Caller
let northern: string
const event = 'Report Created'

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  admin = company.admin
  await admin.call(createAttribute, { body: { record: 'customer', key: 'sites', label: '拠点', type: 'number' } })
  // The same key on contacts is another field.
  await admin.call(createAttribute, { body: { record: 'contact', key: 'sites', label: '拠点名', type: 'text' } })
  northern = await newCustomer(company, { name: '北辰', externalId: 'north', status: 'ACTIVE', renewalOn: dayAgo(-30) })
  await newCustomer(company, { name: '瀬戸内', externalId: 'south', status: 'CHURNED' })
  const person = { customerId: northern, name: '大西', externalId: 'u1', attributes: { sites: '本社' } }
  await admin.call(createContact, { body: person })
  await sendUse(company, ...[0, 1, 1].map(days => usageEvent('u1', 'north', days, event, { rows: 12 })))
})
afterAll(() => application.end())

const preview = (condition: unknown, record = 'customer', caller = admin) =>
  caller.call(previewCondition, { body: { record, condition } })

describe('SEG-1 conditions over HTTP', () => {
  it('counts who meets a condition and gives samples (SEG-2)', async () => {
    const { body } = await preview({
      all: [
        { field: 'renewalOn', op: 'within_next_days', value: 90 },
        { event, did: 'exactly', times: 3, days: 7, where: [{ property: 'rows', op: 'at_least', value: 12 }] },
        { contacts: 'any', where: { field: 'attributes.sites', op: 'contains', value: '本' } },
      ],
    })
    expect(body).toMatchObject({ count: 1, total: 2, samples: [{ id: northern, name: '北辰' }] })
    expect((await preview({ customer: { event, did: 'never' } }, 'contact')).body.count).toBe(0)
  })

  it('compares an attribute of contacts by its own kind, although customers have one of that key', async () => {
    const { body } = await admin.call(listContacts, {})
    const { id } = body.items[0]!
    const condition = { field: 'attributes.sites', op: 'is', value: '本社' }
    const why = await admin.call(explainCondition, { body: { record: 'contact', id, condition } })
    expect(why.body).toMatchObject({ held: true, actual: '本社' })
    expect((await preview(condition, 'contact')).body.count).toBe(1)
  })

  it('shows to a CSM only customers within reach, in counts, samples and reasons', async () => {
    const csm = await newMember(company, 'csm')
    const scoped = await preview({ all: [] }, 'customer', csm)
    const listed = await csm.call(listCustomers, {})
    expect(scoped.body.count).toBe(listed.body.items.length)
    expect(scoped.body.samples.map(sample => sample.id).sort()).toEqual(listed.body.items.map(item => item.id).sort())
    const other = await newCompany(application)
    expect((await preview({ all: [] }, 'customer', other.admin)).body.count).toBe(0)
    const body = { record: 'customer', id: northern, condition: { all: [] } }
    expect((await other.admin.call(explainCondition, { body })).status).toBe(404)
  })

  it('stops a count that takes more than five seconds, and says what to do', async () => {
    const blocker = new pg.Client({ connectionString: application.database.superuserUrl })
    await blocker.connect()
    try {
      await blocker.query('begin; lock table usage_daily in access exclusive mode')
      const { status, problem } = await preview({ event, did: 'never' })
      expect([status, problem.code]).toEqual([422, 'invalid_input'])
      expect(problem.detail).toMatch(/時間|too long/)
    } finally {
      await blocker.end()
    }
  }, 20_000)

  it('SEG-1: stops a list whose filter takes more than five seconds, with its place and what to do', async () => {
    const blocker = new pg.Client({ connectionString: application.database.superuserUrl })
    await blocker.connect()
    try {
      await blocker.query('begin; lock table usage_daily in access exclusive mode')
      const filter = JSON.stringify({ event, did: 'never' })
      const calls = [
        admin.call(listCustomers, { query: { filter } }),
        admin.call(summarizeCustomers, { query: { filter } }),
        admin.call(listContacts, { query: { filter: JSON.stringify({ event, did: 'at_least', times: 1 }) } }),
      ]
      for (const { status, problem } of await Promise.all(calls)) {
        expect([status, problem.code]).toEqual([422, 'invalid_input'])
        expect(problem.errors).toMatchObject([
          { path: 'query.filter', message: expect.stringMatching(/絞り込んで|narrow it down/) },
        ])
      }
      // Without a condition a list does not wait.
      expect((await admin.call(listCustomers, {})).status).toBe(200)
    } finally {
      await blocker.end()
    }
  }, 20_000)
})

describe('SEG-1 faults are told with their place', () => {
  const leaf = { field: 'name', op: 'is', value: 'x' }
  const where = (op: string, value?: unknown) => ({ event, did: 'never', where: [{ property: 'p', op, value }] })
  it.each<[string, unknown, string]>([
    ['an unknown field', { all: [leaf, { field: 'password', op: 'is_set' }] }, 'all.1'],
    [
      'an operator of another kind',
      { any: [leaf, { not: { field: 'arr', op: 'contains', value: 'x' } }] },
      'any.1.not',
    ],
    [
      'an operator that there is not',
      { all: [leaf, { all: [{ field: 'arr', op: 'like', value: 1 }] }] },
      'all.1.all.0.op',
    ],
    ['a value of another kind', { all: [{ field: 'arr', op: 'at_least', value: '1' }] }, 'all.0'],
    ['a day that there is not', { field: 'renewalOn', op: 'before', value: '2026-02-30' }, ''],
    ['half a day', { field: 'renewalOn', op: 'within_last_days', value: 1.5 }, ''],
    ['a missing count', { all: [{ event, did: 'at_least' }] }, 'all.0'],
    ['a day where days are counted', { event, when: 'last', op: 'before', value: 7 }, ''],
    ['an unknown metric', { metric: 'none.such', change: 'up', by: 1, in: 'percent', days: 7 }, ''],
    ['an unknown key', { all: [{ ...leaf, extra: 1 }] }, 'all.0'],
    ['two kinds at once', { all: [leaf], any: [leaf] }, ''],
    ['contacts of contacts', { contacts: 'any', where: { contacts: 'any', where: leaf } }, 'where'],
    ['the customer of a customer', { customer: leaf }, ''],
    ['nothing', { all: [{}] }, 'all.0'],
    ['a list', { all: [[leaf]] }, 'all.0'],
    // As a number, a text would be one that PostgreSQL holds for the greatest and JavaScript for none.
    ['a text as the bound of a property', where('at_most', 'pdf'), 'where.0'],
    ['true as the bound of a property', where('at_least', true), 'where.0'],
    ['a number as a part of a property', where('contains', 1), 'where.0'],
    ['a property without a value', where('is'), 'where.0'],
  ])('%s', async (_, condition, place) => {
    const path = ['condition', ...(place ? [place] : [])].join('.')
    const answers = [
      { base: 'body.condition', answer: await preview(condition) },
      {
        base: 'query.filter',
        answer: await admin.call(listCustomers, { query: { filter: JSON.stringify(condition) } }),
      },
    ]
    for (const { base, answer } of answers) {
      expect([base, answer.status, answer.problem.code]).toEqual([base, 422, 'invalid_input'])
      expect(answer.problem.errors![0]!.path).toBe(path.replace('condition', base))
    }
  })

  it('in the language of whoever asks', async () => {
    const bodies = [{ all: [{}] }, { all: [{ field: 'arr', op: 'like' }] }, { all: [{ field: 'none', op: 'is_set' }] }]
    for (const condition of bodies) {
      const [ja, en] = await Promise.all(
        ['ja', 'en'].map(async language => {
          const headers = { 'accept-language': language }
          const { problem } = await admin.call(previewCondition, { headers, body: { record: 'customer', condition } })
          return problem.errors![0]!.message
        }),
      )
      expect(ja).toMatch(/[ぁ-ん]/)
      expect(en).not.toMatch(/[ぁ-ん]/)
    }
  })

  it('keeps the condition of a filter that is no JSON apart', async () => {
    const { status, problem } = await admin.call(listCustomers, { query: { filter: '{"all":' } })
    expect([status, problem.errors![0]!.path]).toEqual([422, 'query.filter'])
  })
})

describe('SEG-1 bombs', () => {
  const nested = (wrap: (inner: string) => string, depth: number, inner: string) => {
    let text = inner
    for (let level = 0; level < depth; level++) text = wrap(text)
    return text
  }
  const leaf = '{"field":"name","op":"is_set"}'
  const send = (condition: string) =>
    admin.send({
      method: 'POST',
      url: '/api/v1/conditions/preview',
      headers: { 'content-type': 'application/json' },
      payload: `{"record":"customer","condition":${condition}}`,
    })

  it.each([
    ['not', (inner: string) => `{"not":${inner}}`],
    ['all', (inner: string) => `{"all":[${inner}]}`],
    ['contacts', (inner: string) => `{"contacts":"any","where":${inner}}`],
    ['lists', (inner: string) => `[${inner}]`],
  ])('of %s are refused at once', async (_, wrap) => {
    for (const depth of [13, 20, 2_000, 20_000]) {
      // What is wrong at the bottom must not be tried by every branch above it.
      for (const inner of [leaf, '{"field":1}']) {
        const begin = performance.now()
        const { status } = await send(nested(wrap, depth, inner))
        expect(status).toBe(422)
        expect(performance.now() - begin).toBeLessThan(5_000)
      }
    }
  })

  it('holds 12 groups in each other and 200 parts, no more', async () => {
    expect((await send(nested(inner => `{"not":${inner}}`, 12, leaf))).status).toBe(200)
    expect((await send(nested(inner => `{"not":${inner}}`, 13, leaf))).status).toBe(422)
    const group = (leaves: number) => `{"all":[${Array.from({ length: leaves }, () => leaf).join()}]}`
    const groups = (...sizes: number[]) => `{"any":[${sizes.map(group).join()}]}`
    expect((await send(groups(50, 50, 50, 45))).status).toBe(200)
    expect((await send(groups(50, 50, 50, 46))).status).toBe(422)
    expect((await send(group(51))).status).toBe(422)
  })

  it('of 90 behaviours compile and answer', async () => {
    const behaviours = Array.from({ length: 45 }, (_, number) => ({
      event: `e${number}`,
      did: 'never',
      days: 1 + number,
    }))
    const { status, body } = await preview({ all: [{ all: behaviours }, { any: behaviours }] })
    expect([status, body.count]).toEqual([200, 2])
  })
})
