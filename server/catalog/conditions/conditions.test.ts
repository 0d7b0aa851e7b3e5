import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, newCustomer, rebuildHistory, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { createAttributes } from '../../customers/attributes/commands/attributes.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import type { RecordKind } from '../../platform/context/vocabulary.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'
import { type Condition, condition as conditionShape } from './contract.ts'
import { loadRecords } from './queries/load.ts'
import { compileWith } from './queries/sql.ts'
import { type ConditionVocabulary, vocabularyOf } from './queries/vocabulary.ts'
import { testOf } from './queries/why.ts'

let application: TestApplication
let company: TestCompany
let vocabulary: ConditionVocabulary
const ids: Record<RecordKind, string[]> = { customer: [], contact: [] }
const by = { origin: 'person' } as const

/** Values of every kind, missing ones, limits of days, two customers alike but for one thing. */
async function fill(): Promise<void> {
  await asSystem(company, ctx =>
    createAttributes(ctx, [
      { record: 'customer', key: 'channel', label: '経路', type: 'one_of', options: ['Web', '紹介'] },
      { record: 'customer', key: 'sites', label: '拠点', type: 'number' },
      { record: 'customer', key: 'sso', label: 'SSO', type: 'boolean' },
      { record: 'customer', key: 'since', label: '開始', type: 'date' },
      { record: 'customer', key: 'modules', label: '機能', type: 'many_of', options: ['A', 'B', 'C'] },
      { record: 'contact', key: 'memo', label: 'メモ', type: 'text' },
      // The key of an attribute of customers, but another kind.
      { record: 'contact', key: 'sites', label: '拠点名', type: 'text' },
    ]),
  )
  const names = ['ＡＢＣ商事', 'abc trading', "O'Brien", '', '100% Coffee', 'ﾃﾞｰﾀ', null, 'ΟΔΟΣ', 'İstanbul']
  for (let number = 0; number < 14; number++) {
    const id = await newCustomer(company, {
      externalId: `g${number}`,
      name: names[number % names.length] ?? '名無し',
      industry: [null, '製造', '小売'][number % 3]!,
      status: ['ACTIVE', 'AT_RISK', 'CHURNED'][number % 3]!,
      employeeCount: number % 4 === 0 ? null : number * 10,
      licenceCount: number % 5 === 0 ? null : number,
      renewalOn: number % 3 === 0 ? null : dayAgo((number - 7) * 15),
      contractStart: dayAgo(200),
      lastSeenAt: number % 4 === 1 ? null : daysAgo(number * 3),
    })
    ids.customer.push(id)
    const attributes = {
      ...(number % 2 && { channel: number % 3 ? 'Web' : '紹介' }),
      ...(number % 3 && { sites: number / 2 }),
      ...(number % 4 && { sso: number % 2 === 0 }),
      ...(number % 5 && { since: dayAgo(number * 4) }),
      ...(number % 3 !== 1 && { modules: ['A', 'B', 'C'].slice(0, number % 4) }),
    }
    await asSystem(company, ctx =>
      updateCustomers(
        ctx,
        [{ id, values: { attributes, tags: number % 2 ? ['重要'] : number % 3 ? ['VIP', '重要'] : [] } }],
        by,
      ),
    )
    const contacts = Array.from({ length: number % 4 }, (_, place) => ({
      id: randomUUID(),
      values: {
        customerId: id,
        name: `人${place}`,
        externalId: `u${number}-${place}`,
        title: place === 0 ? '部長' : null,
        stakeholderRole: place === 1 ? 'CHAMPION' : null,
        leadScore: number * 7.5,
        leftOn: place === 2 ? dayAgo(number) : null,
        attributes: { memo: place ? `m${place}` : null, sites: place === 1 ? null : `拠点${place}` },
      },
    }))
    await asSystem(company, ctx => createContacts(ctx, contacts, by))
    ids.contact.push(...contacts.map(contact => contact.id))
    const uses = contacts.flatMap(({ values }, place) =>
      [0, 1, 6, 7, 13, 14, 27, 28, 40]
        .filter(days => (days + number + place) % 3 === 0)
        .flatMap(days =>
          Array.from({ length: 1 + (number % 3) }, (_, time) =>
            usageEvent(values.externalId, `g${number}`, days, ['Export', 'Open', 'Share'][(days + place) % 3], {
              format: ['pdf', 'csv', null][time % 3],
              rows: days * 10,
              deep: { ok: time % 2 === 0 },
              list: ['pdf', days].slice(time % 2),
            }),
          ),
        ),
    )
    if (uses.length > 0) await sendUse(company, ...uses)
  }
  const lead = randomUUID()
  await asSystem(company, ctx => createContacts(ctx, [{ id: lead, values: { name: '見込み客', leadScore: 90 } }], by))
  ids.contact.push(lead)
  await rebuildHistory(company, 30)
  await asSystem(company, computeAll)
}

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  await fill()
  vocabulary = await asSystem(company, ctx => vocabularyOf(ctx))
}, 60_000)
afterAll(() => application.end())

const texts = fc.constantFrom(
  '',
  'abc',
  'ＡＢＣ',
  '商事',
  "O'Brien",
  '%',
  'データ',
  '製造',
  '部長',
  'm1',
  '拠点0',
  'οδος',
  'οδοσ',
  'istanbul',
)
const places = ['list.0', 'list.1', 'list.-1', 'list.01', 'list.length', 'list.x', 'format.length', '__proto__']
const property = fc.constantFrom('format', 'rows', 'deep.ok', 'missing', 'deep.ok.more', ...places)
const propertyTest = fc.oneof(
  fc.record({
    property,
    op: fc.constantFrom('is', 'is_not'),
    value: fc.constantFrom('pdf', 'P', 70, 0, true, false),
  }),
  fc.record({ property, op: fc.constant('contains'), value: fc.constantFrom('pdf', 'P', '') }),
  fc.record({ property, op: fc.constantFrom('at_least', 'at_most'), value: fc.constantFrom(70, 0, -1.5) }),
  fc.record({ property, op: fc.constantFrom('is_set', 'is_empty') }),
)
const event = fc.constantFrom('*', 'Export', 'Open', 'Never')
const where = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  fc.array(propertyTest, { minLength: 1, maxLength: 2 }).map(list => ({ where: list })),
)
const days = fc.constantFrom(1, 7, 14, 28, 30, 60)

function comparison(record: RecordKind): fc.Arbitrary<unknown> {
  const shared = [
    fc.record({ field: fc.constant('name'), op: fc.constantFrom('is', 'is_not', 'contains'), value: texts }),
    fc.record({
      field: fc.constant('tags'),
      op: fc.constantFrom('in', 'not_in'),
      value: fc.constantFrom(['VIP'], ['重要'], ['なし'], []),
    }),
  ]
  const number = (field: string) =>
    fc.record({
      field: fc.constant(field),
      op: fc.constantFrom('at_least', 'at_most', 'more_than', 'less_than', 'equals'),
      value: fc.constantFrom(0, 1, 3, 3.5, 10, 45, 90, -2),
    })
  const date = (field: string) =>
    fc.oneof(
      fc.record({
        field: fc.constant(field),
        op: fc.constantFrom('before', 'after'),
        value: fc.constantFrom(dayAgo(0), dayAgo(12), dayAgo(-30)),
      }),
      fc.record({
        field: fc.constant(field),
        op: fc.constantFrom('within_next_days', 'within_last_days', 'more_than_days_ago'),
        value: fc.constantFrom(0, 3, 12, 90),
      }),
    )
  const empty = (fields: string[]) =>
    fc.record({ field: fc.constantFrom(...fields), op: fc.constantFrom('is_set', 'is_empty') })
  return record === 'customer'
    ? fc.oneof(
        ...shared,
        fc.record({
          field: fc.constantFrom('industry', 'status', 'attributes.channel'),
          op: fc.constantFrom('in', 'not_in'),
          value: fc.constantFrom(['製造'], ['ACTIVE', 'Web'], [], ['紹介']),
        }),
        fc.record({
          field: fc.constant('attributes.modules'),
          op: fc.constantFrom('in', 'not_in'),
          value: fc.constantFrom(['A'], ['C', 'B'], []),
        }),
        fc.record({ field: fc.constant('attributes.sso'), op: fc.constant('is'), value: fc.boolean() }),
        ...[
          'employeeCount',
          'licenceCount',
          'attributes.sites',
          'metrics.usage.events_28',
          'metrics.usage.active_share_30',
          'metrics.usage.events_trend_4w',
        ].map(number),
        ...['renewalOn', 'lastSeenAt', 'attributes.since', 'createdAt'].map(date),
        empty([
          'industry',
          'attributes.modules',
          'attributes.sites',
          'lastSeenAt',
          'metrics.usage.active_share_30',
          'tags',
        ]),
      )
    : fc.oneof(
        ...shared,
        fc.record({
          field: fc.constantFrom('title', 'attributes.memo', 'attributes.sites'),
          op: fc.constantFrom('is', 'is_not', 'contains'),
          value: texts,
        }),
        fc.record({
          field: fc.constant('stakeholderRole'),
          op: fc.constantFrom('in', 'not_in'),
          value: fc.constant(['CHAMPION']),
        }),
        number('leadScore'),
        date('leftOn'),
        date('lastSeenAt'),
        empty(['title', 'attributes.memo', 'lastSeenAt']),
      )
}

const behaviours = fc
  .oneof(
    fc.tuple(
      fc.record(
        {
          event,
          did: fc.constantFrom('at_least', 'at_most', 'exactly', 'never'),
          times: fc.constantFrom(0, 1, 2, 4),
          count: fc.constantFrom('events', 'days', 'people'),
          days,
        },
        { requiredKeys: ['event', 'did', 'times'] },
      ),
      where,
    ),
    fc.tuple(
      fc.oneof(
        fc.record({
          event,
          when: fc.constantFrom('first', 'last'),
          op: fc.constantFrom('before', 'after'),
          value: fc.constantFrom(dayAgo(0), dayAgo(13)),
        }),
        fc.record({
          event,
          when: fc.constantFrom('first', 'last'),
          op: fc.constantFrom('within_last_days', 'more_than_days_ago'),
          value: fc.constantFrom(0, 6, 14),
        }),
      ),
      where,
    ),
    fc.tuple(
      fc.record({
        event,
        change: fc.constantFrom('up', 'down'),
        percent: fc.constantFrom(0, 20, 50, 100),
        days: fc.constantFrom(7, 14, 28),
      }),
      where,
    ),
  )
  .map(([one, other]) => ({ ...one, ...other }))

const metricChanges = fc.record({
  metric: fc.constantFrom('usage.events_28', 'usage.active_people_7', 'customer.licences'),
  change: fc.constantFrom('up', 'down'),
  by: fc.constantFrom(0, 10, 50),
  in: fc.constantFrom('percent', 'points'),
  days: fc.constantFrom(1, 7, 20),
})

function tree(record: RecordKind, depth: number): fc.Arbitrary<unknown> {
  const leaves: fc.Arbitrary<unknown>[] = [comparison(record), comparison(record), behaviours]
  if (record === 'customer') leaves.push(metricChanges)
  const leaf = fc.oneof(...leaves)
  if (depth === 0) return leaf
  const inner = tree(record, depth - 1)
  const list = fc.array(inner, { maxLength: 3 })
  const beside =
    record === 'customer'
      ? fc.oneof(
          fc.record({ contacts: fc.constantFrom('any', 'all', 'none'), where: tree('contact', 0) }),
          fc.record(
            {
              contacts: fc.constant('count'),
              op: fc.constantFrom('at_least', 'at_most', 'equals'),
              value: fc.constantFrom(0, 1, 2),
              where: tree('contact', 0),
            },
            { requiredKeys: ['contacts', 'op', 'value'] },
          ),
        )
      : fc.record({ customer: tree('customer', 0) })
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.record({ all: list }) },
    { weight: 2, arbitrary: fc.record({ any: list }) },
    { weight: 2, arbitrary: fc.record({ not: inner }) },
    { weight: 1, arbitrary: beside },
  )
}

async function bySql(record: RecordKind, condition: Condition): Promise<string[]> {
  return asSystem(company, async ctx => {
    const { joins, where } = compileWith(vocabulary, ctx, record, condition)
    const { rows } = await sql<{ id: string }>`
      select c.id from ${sql.table(record)} c ${joins}
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${where} order by c.id`.execute(ctx.tx)
    return rows.map(row => row.id)
  })
}

async function byFunction(record: RecordKind, condition: Condition): Promise<string[]> {
  const loaded = await asSystem(company, ctx => loadRecords(ctx, vocabulary, record, ids[record], condition))
  const test = testOf(vocabulary, record, condition)
  return [...loaded]
    .filter(([, record_]) => test(record_))
    .map(([id]) => id)
    .sort()
}

describe('SEG-1 one language, two compilers', () => {
  it.each(['customer', 'contact'] as const)(
    'SQL and function say the same of every %s (property)',
    async record => {
      await fc.assert(
        fc.asyncProperty(tree(record, 3), async generated => {
          const condition = conditionShape.parse(generated)
          expect(await byFunction(record, condition)).toEqual(await bySql(record, condition))
        }),
        { numRuns: 1_000 },
      )
    },
    120_000,
  )
})
