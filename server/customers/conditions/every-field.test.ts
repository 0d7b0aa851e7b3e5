import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { operators } from '../../catalog/conditions/contract.ts'
import { listCustomers } from '../accounts/contract/customers.ts'
import { createAttribute } from '../attributes/contract/attributes.ts'
import { createContact, listContacts } from '../contacts/contract.ts'
import { previewCondition, readVocabulary } from './contract.ts'

let application: TestApplication
let company: TestCompany
let admin: TestCompany['admin']
const event = 'Report Created'

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  admin = company.admin
  await admin.call(createAttribute, { body: { record: 'customer', key: 'note', label: '備考', type: 'text' } })
  await admin.call(createAttribute, {
    body: { record: 'contact', key: 'skills', label: '得意', type: 'many_of', options: ['A', 'B'] },
  })
  const customerId = await newCustomer(company, { name: '北辰', externalId: 'north', status: 'ACTIVE' })
  await newCustomer(company, { name: '瀬戸内', externalId: 'south', status: 'CHURNED' })
  await admin.call(createContact, { body: { customerId, name: '大西', externalId: 'u1' } })
  await sendUse(company, usageEvent('u1', 'north', 0, event, { rows: 12 }))
})
afterAll(() => application.end())

const preview = (condition: unknown, record = 'customer') =>
  admin.call(previewCondition, { body: { record, condition } })

describe('SEG-1 hostile values and names are refused or inert', () => {
  const hostile = [
    ...[
      "'",
      '"',
      "' or '1'='1",
      "'; drop table customer; --",
      '") or true --',
      "1'::uuid) or (1=1",
      '$1',
      '$$',
      '\\',
      "E'\\x27'",
    ],
    ...[
      '%',
      '_',
      '{}',
      '{a,b}',
      '[null]',
      'null',
      '/*',
      '--',
      ';select pg_sleep(9)',
      '{{1}}',
      '<script>',
      '\u202e',
      '𠮷',
    ],
    ...[
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      '__proto__.polluted',
      'c.id',
      'c.tenant_id',
    ],
    ...[
      'attributes.',
      "attributes.x' or true --",
      'attributes.__proto__',
      'metrics.',
      "metrics.a'b",
      'segments',
      '*',
      'page:*',
    ],
    ...['\u0000', 'a\u0000b', '\ud800', 'あ'.repeat(200), 'x'.repeat(200), ' ', '\n', '1e999', 'NaN', 'Infinity'],
  ]
  const fits: Record<string, unknown[]> = {
    text: ['is', 'is_not', 'contains'],
    one_of: ['in', 'not_in'],
    many_of: ['in', 'not_in'],
  }

  /** Refused with a reason, or answered: never a failure of the server, and nothing that did not match by itself. */
  async function inert(condition: unknown, record = 'customer') {
    const answer = await preview(condition, record)
    if (![200, 400, 422].includes(answer.status)) throw new Error(`${answer.status} ${JSON.stringify(condition)}`)
    return answer
  }

  it('as values of every field with every operator that takes texts', async () => {
    for (const record of ['customer', 'contact'] as const) {
      const { body } = await admin.call(readVocabulary, { query: { record } })
      const total = (await preview({ all: [] }, record)).body.count
      for (const { id, kind } of body.fields) {
        for (const op of operators[kind]) {
          const takesText = fits[kind]?.includes(op)
          const values = takesText ? hostile : [hostile[3], hostile.at(-5), { a: 1 }, null, [[1]]]
          // Many in one condition: each has to be inert for the whole to hold for nobody, or for everybody.
          const all = values.filter(
            value => typeof value !== 'string' || (!value.includes('\u0000') && value.isWellFormed()),
          )
          const list = kind === 'one_of' || kind === 'many_of'
          const leaves = all.map(value => ({ field: id, op, value: list ? [value] : value })).slice(0, 50)
          const { status, body: found } = await inert(
            { [op === 'is' || op === 'in' || op === 'contains' ? 'any' : 'all']: leaves },
            record,
          )
          if (!takesText) continue
          expect([id, op, status]).toEqual([id, op, 200])
          expect([id, op, found.count]).toEqual([id, op, op === 'is_not' || op === 'not_in' ? total : 0])
        }
      }
    }
  })

  it('as NUL and half characters, which PostgreSQL cannot hold', async () => {
    for (const value of ['\u0000', 'a\u0000b', '\ud800']) {
      for (const condition of [
        { field: 'name', op: 'is', value },
        { field: 'status', op: 'in', value: [value] },
        { event: value, did: 'never' },
        { event: '*', did: 'never', where: [{ property: value, op: 'is_set' }] },
        { event: '*', did: 'never', where: [{ property: 'p', op: 'is', value }] },
      ])
        expect((await inert(condition)).status).not.toBe(200)
    }
  })

  it('as names of fields, metrics, operators, events and properties', async () => {
    for (const text of hostile) {
      const unknown = [
        { field: text, op: 'is', value: 'x' },
        { metric: text, change: 'up', by: 0, in: 'percent', days: 1 },
        { field: 'name', op: text, value: 'x' },
        { event, did: text },
        { event, when: 'last', op: text, value: 1 },
        { contacts: text, where: { all: [] } },
        { event, did: 'never', where: [{ property: 'rows', op: text, value: 1 }] },
        { [text]: [] },
      ]
      for (const condition of unknown) {
        // `segments` is a field, and goes with other operators.
        expect([condition, (await inert(condition)).status]).toEqual([condition, 422])
      }
      const behaviours = [
        ...(text === '*' ? [] : [{ event: text, did: 'at_least', times: 1 }]),
        { event, did: 'at_least', times: 1, where: [{ property: text, op: 'is_set' }] },
        { event, did: 'at_least', times: 1, where: [{ property: 'rows', op: 'is', value: text }] },
        { event, did: 'at_least', times: 1, where: [{ property: 'rows', op: 'contains', value: text }] },
      ]
      for (const condition of behaviours) {
        const answer = await inert(condition)
        if (answer.status === 200) expect([condition, answer.body.count]).toEqual([condition, 0])
      }
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('as keys of the JSON itself', async () => {
    for (const text of [
      '{"__proto__":{"all":[]},"all":[]}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      '{"all":[],"all":[{"field":"x"}]}',
    ]) {
      const { status } = await admin.call(listCustomers, { query: { filter: text } })
      expect([text, status]).toEqual([text, 422])
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('as numbers that are none, or out of range', async () => {
    const numbers = [1e308, -1e308, 5e-324, 2 ** 53, -0]
    for (const value of numbers) expect((await inert({ field: 'arr', op: 'at_most', value })).status).toBe(200)
    for (const days of [0, -1, 1.5, 36_501, 1e308])
      expect((await inert({ event, did: 'never', days })).status).toBe(422)
    const raw = (number: string) => `{"field":"arr","op":"at_least","value":${number}}`
    for (const number of ['1e999', '-1e999', 'NaN', '0x10']) {
      const { status } = await admin.call(listCustomers, { query: { filter: raw(number) } })
      expect([number, status]).toEqual([number, 422])
    }
  })

  it('as sort, order, cursor, page and filter of the lists', async () => {
    for (const contract of [listCustomers, listContacts] as const) {
      for (const text of hostile) {
        for (const name of [
          'sort',
          'order',
          'cursor',
          'limit',
          'filter',
          'tag',
          'search',
          'stakeholderRole',
          'status',
          'ownerId',
        ]) {
          const answer = await admin.call(contract, { query: { [name]: text } })
          if (![200, 400, 422].includes(answer.status)) throw new Error(`${name}=${text}: ${answer.status}`)
          if (['sort', 'order', 'limit', 'filter'].includes(name))
            expect([name, text, answer.status]).not.toContain(200)
        }
      }
    }
    expect((await preview({ all: [] })).body.count).toBe(2)
  })
})
