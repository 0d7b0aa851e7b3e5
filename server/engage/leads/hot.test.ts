import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { sendUse } from '../../../tests/support/facts.ts'
import {
  attribute,
  behaviour,
  followLeads,
  newLead,
  newScoringRule,
  putSettings,
  scoreOf,
  track,
} from '../../../tests/support/leads.ts'
import { createContacts, updateContacts } from '../../customers/contacts/commands/save.ts'
import * as leads from '../../signals/scoring/contract/leads.ts'
import * as contract from '../../signals/scoring/contract/rules.ts'
import { listNotices } from '../notices/contract/inbox.ts'
import { tellHotLead, tellHotLeads } from './commands.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

const titled = { field: 'title', op: 'contains', value: '部長' }

describe('SCO-1 hot leads', () => {
  it('SCO-1: 79.9 is not hot, 80 is; told once, again only after it was well below', async () => {
    const id = await newLead(company, { title: '部長' })
    const member = await newMember(company, 'csm')
    await putSettings(company, { fitCap: 100, assign: [{ kind: 'member', id: member.memberId }] })
    // 10 days after, a half-life of 5 leaves a quarter of 30 (7.5), one of 10 half of it.
    await sendUse(company, track(id, 'A', 10), track(id, 'B', 10))
    await newScoringRule(company, attribute(titled, 72))
    const slow = await newScoringRule(company, behaviour('A', 30, { halfLifeDays: 5 }))
    expect(await scoreOf(company, id)).toMatchObject({ score: 79.5, hotSince: null })
    await newScoringRule(company, behaviour('B', 1, { halfLifeDays: 7.5 }))
    // 0.5 ^ (10 / 7.5) = 0.397
    expect(await scoreOf(company, id)).toMatchObject({ score: 79.9, hotSince: null, assigneeId: null })
    await asSystem(company, ctx => updateContacts(ctx, [{ id, values: { emailState: 'BOUNCED' } }]))
    const bounced = await newScoringRule(company, attribute({ field: 'emailState', op: 'in', value: ['BOUNCED'] }, 1))
    const hot = await scoreOf(company, id)
    expect(hot).toMatchObject({ score: 80.9, assigneeId: member.memberId })
    expect(hot.hotSince).not.toBeNull()
    expect(hot.history[0]).toMatchObject({ to: 80.9, hot: true })
    const points = (value: number) =>
      company.admin.call(contract.updateScoringRule, { params: { id: bounced.id }, body: { points: value } })
    await points(-3)
    expect(await scoreOf(company, id)).toMatchObject({ score: 76.9, hotSince: null })
    await points(1)
    expect((await scoreOf(company, id)).hotSince).not.toBeNull()
    await points(-10)
    await points(1)
    const { rows } = await audit(`select type from event where tenant_id = $1 and type = 'lead.hot'`)
    expect(rows).toHaveLength(2)
    await company.admin.call(contract.deleteScoringRule, { params: { id: slow.id } })
    expect(await scoreOf(company, id)).toMatchObject({ hotSince: null })
  })

  it('SCO-1: exactly 80 is hot', async () => {
    const id = await newLead(company, { title: '部長' })
    await newScoringRule(company, attribute(titled, 50))
    await newScoringRule(company, attribute({ field: 'title', op: 'is_set' }, 30, { part: 'engagement' }))
    const lead = await scoreOf(company, id)
    expect(lead.score).toBe(80)
    expect(lead.hotSince).not.toBeNull()
  })

  it('SCO-1: hot leads are given in turn, and colleagues are told with the reasons', async () => {
    const [first, second] = (await Promise.all([newMember(company, 'csm'), newMember(company, 'csm')])).sort((a, b) =>
      a.memberId < b.memberId ? -1 : 1,
    )
    await putSettings(company, {
      hotAt: 20,
      assign: [{ kind: 'role', role: 'csm' }],
      notify: [{ kind: 'role', role: 'administrator' }],
    })
    await newScoringRule(company, attribute(titled, 30, { nameJa: '部門長' }))
    const ids: string[] = []
    const told: string[] = []
    for (let number = 0; number < 3; number++) {
      ids.push(await newLead(company, { title: '部長', company: '東和工業' }))
      const events = await followLeads(company)
      const hot = events.find(event => event.type === 'lead.hot')!
      expect(events.map(({ type }) => type)).toContain('lead.scored')
      told.push((hot.payload as { assigneeId: string }).assigneeId)
      await asSystem(company, ctx => tellHotLead(ctx, hot.subject!.id, hot.payload as never))
    }
    expect(told).toEqual([first!.memberId, second!.memberId, first!.memberId])
    const inbox = (await first!.call(listNotices, { query: {} })).body.items
    expect(inbox).toHaveLength(2)
    expect(inbox[0]!.link).toBe(`/contacts/${ids[2]}`)
    expect(JSON.stringify(inbox[0])).toContain('部門長 +30')
    expect((await company.admin.call(listNotices, { query: {} })).body.items).toHaveLength(3)
    const mine = await company.admin.call(leads.listLeads, { query: { assignee: first!.memberId, hot: 'true' } })
    expect(mine.body.items.map(({ id }) => id).sort()).toEqual([ids[0], ids[2]].sort())
  })

  it('SCO-1: many that get hot at once are told in one notice each', async () => {
    const member = await newMember(company, 'csm')
    await putSettings(company, { hotAt: 20, assign: [{ kind: 'member', id: member.memberId }] })
    const rows = Array.from({ length: 120 }, (_, number) => ({
      id: randomUUID(),
      values: { name: `人${number}`, title: '部長' },
    }))
    await asSystem(company, ctx => createContacts(ctx, rows, { origin: 'person' }))
    await newScoringRule(company, attribute(titled, 30))
    const { rows: events } = await audit(
      `select type, payload from event where tenant_id = $1 and type like 'lead%hot'`,
    )
    expect(events).toMatchObject([{ type: 'leads.hot', payload: { leads: 120 } }])
    await asSystem(company, ctx => tellHotLeads(ctx, events[0].payload))
    expect((await member.call(listNotices, { query: {} })).body.items).toHaveLength(1)
  })
})

async function audit(statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: application.database.superuserUrl })
  await client.connect()
  try {
    return await client.query(statement, [company.tenantId])
  } finally {
    await client.end()
  }
}
