import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import * as contract from './contract/funnel.ts'
import { useStandardStages } from './contract/stages.ts'

let application: TestApplication
let company: TestCompany
/** Ids of the stages by key. */
let ids: Record<string, string>

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  const { body } = await company.admin.call(useStandardStages, { body: { actNow: false } })
  ids = Object.fromEntries(body.items.map(({ id, key }) => [key, id]))
})
afterAll(() => application.end())

/** A lead with its moves: the stages entered, when, and the days in the one before. */
async function story(
  name: string,
  createdAt: string,
  ...moves: [to: string, entered: string[], at: string, days?: number][]
) {
  const id = randomUUID()
  await asSystem(company, async ctx => {
    await createContacts(ctx, [{ id, values: { name } }], { origin: 'person' })
    await sql`update contact set created_at = ${createdAt} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
      ctx.tx,
    )
    let from: string | null = null
    for (const [to, entered, at, days] of moves) {
      const seconds = days === undefined ? null : Math.round(days * 86_400)
      await sql`insert into lifecycle_move (tenant_id, id, contact_id, at, from_stage, to_stage, from_key, to_key, cause, seconds_before, entered, acts)
        values (${ctx.tenantId}, ${randomUUID()}, ${id}, ${at}, ${from ? ids[from]! : null}, ${ids[to]!}, ${from}, ${to}, 'rule', ${seconds},
          ${entered.map(key => ids[key]!)}::uuid[], false)`.execute(ctx.tx)
      from = to
    }
    await sql`insert into lifecycle_position (tenant_id, contact_id, stage_id, since)
      values (${ctx.tenantId}, ${id}, ${ids[from!]!}, ${ctx.now})`.execute(ctx.tx)
  })
}

async function stories() {
  // The company's days are Japan's: 14:59:59Z is the last second of a day.
  await story(
    'A',
    '2026-01-05T00:00:00Z',
    ['new', ['new'], '2026-03-01T00:00:00Z'],
    ['mql', ['mql'], '2026-03-05T00:00:00Z', 4],
    ['sql', ['sql'], '2026-03-11T00:00:00Z', 6],
    ['opportunity', ['opportunity'], '2026-03-20T00:00:00Z', 9],
    ['won', ['won'], '2026-04-10T00:00:00Z', 21],
  )
  await story('B', '2026-01-20T00:00:00Z', ['sql', ['new', 'mql', 'sql'], '2026-03-31T14:59:59Z'])
  await story(
    'C',
    '2026-02-10T00:00:00Z',
    ['new', ['new'], '2026-02-28T15:00:00Z'],
    ['mql', ['mql'], '2026-03-02T15:00:00Z', 2],
    ['lost', ['lost'], '2026-03-10T15:00:00Z', 8],
  )
  // Outside of March by a second on either side.
  await story('D', '2026-02-11T00:00:00Z', ['new', ['new'], '2026-02-28T14:59:59Z'])
  await story('E', '2026-03-12T00:00:00Z', ['new', ['new'], '2026-03-31T15:00:00Z'])
  // Back by hand: it reached MQL once, and is counted once.
  await story(
    'F',
    '2026-03-01T00:00:00Z',
    ['mql', ['new', 'mql'], '2026-03-03T00:00:00Z'],
    ['new', ['new'], '2026-03-13T00:00:00Z', 10],
    ['mql', ['mql'], '2026-03-14T00:00:00Z', 1],
  )
}

const march = { from: '2026-03-01', to: '2026-03-31' }

describe('LIF-1 the funnel', () => {
  it('LIF-1: counts by hand: entries, conversion, losses, median days, cohorts', async () => {
    await stories()
    const { body } = await company.admin.call(contract.lifecycleFunnel, { query: march })
    const numbers = body.steps.map(({ key, entered, advanced, lost, won, conversion, medianDays }) => [
      key,
      entered,
      advanced,
      lost,
      won,
      conversion,
      medianDays,
    ])
    expect(numbers).toEqual([
      // A, B, C, F; stays of A 4, C 2, F 1 days.
      ['new', 4, 4, 0, 1, 100, 2],
      // A, B, C, F; A and B went on, C is lost; stays of A 6, C 8, F 10 days.
      ['mql', 4, 2, 1, 1, 50, 8],
      ['sql', 2, 1, 0, 1, 50, 9],
      // A stayed 21 days, but until April.
      ['opportunity', 1, 1, 0, 1, 100, null],
      ['won', 0, 0, 0, 0, null, null],
      ['lost', 1, 0, 1, 0, null, null],
    ])
    expect(body.overall).toEqual({ entered: 4, won: 1, conversion: 25 })
    const reached = (month: string) => {
      const cohort = body.cohorts.find(each => each.month === month)!
      return [cohort.leads, ...['new', 'mql', 'sql', 'won', 'lost'].map(key => cohort.reached[ids[key]!] ?? 0)]
    }
    expect(reached('2026-01')).toEqual([2, 2, 2, 2, 1, 0])
    expect(reached('2026-02')).toEqual([2, 2, 1, 0, 0, 1])
    expect(reached('2026-03')).toEqual([2, 2, 1, 0, 0, 0])
  })

  it('LIF-1: each number opens to its leads, in pages', async () => {
    await stories()
    const names = async (query: object) => {
      const found: string[] = []
      let cursor: string | undefined
      do {
        const { body, status } = await company.admin.call(contract.funnelRows, {
          query: { ...march, limit: 1, ...query, ...(cursor && { cursor }) } as never,
        })
        expect(status).toBe(200)
        found.push(...body.items.map(({ name }) => name))
        cursor = body.next ?? undefined
      } while (cursor)
      return found.sort().join('')
    }
    expect(await names({ stageId: ids.mql, number: 'entered' })).toBe('ABCF')
    expect(await names({ stageId: ids.mql, number: 'advanced' })).toBe('AB')
    expect(await names({ stageId: ids.mql, number: 'stayed' })).toBe('CF')
    expect(await names({ stageId: ids.mql, number: 'lost' })).toBe('C')
    expect(await names({ stageId: ids.new, number: 'won' })).toBe('A')
    expect(await names({ stageId: ids.new, number: 'cohort', month: '2026-02' })).toBe('CD')
  })

  it('LIF-1: is empty for another company, and refuses periods and numbers that there are not', async () => {
    await stories()
    const other = await newCompany(application)
    const { body } = await other.admin.call(contract.lifecycleFunnel, { query: march })
    expect(body).toEqual({ steps: [], overall: { entered: 0, won: 0, conversion: null }, cohorts: [] })
    const rows = await other.admin.call(contract.funnelRows, {
      query: { ...march, stageId: ids.mql!, number: 'entered', limit: 50 },
    })
    expect(rows.body.items).toEqual([])
    const wrong = { from: '2026-04-01', to: '2026-03-31' }
    expect((await company.admin.call(contract.lifecycleFunnel, { query: wrong })).status).toBe(422)
    const noMonth = { ...march, stageId: ids.mql!, number: 'cohort', limit: 50 } as const
    expect((await company.admin.call(contract.funnelRows, { query: noMonth })).status).toBe(422)
  })
})
