import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { atMoment, contractOf, customerSince, figureOf } from '../../../tests/support/kpis.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import { createAnswers } from '../../customers/feedback/commands/save.ts'
import { createTickets } from '../../customers/support/commands/save.ts'

let application: TestApplication
let company: TestCompany
let customerId: string
const by = { origin: 'person' } as const
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  customerId = await customerSince(company, '2025-01-01')
  // 600,000 a month: Enterprise, with a first answer within 2 hours.
  await contractOf(company, customerId, { startsOn: '2025-01-01', amount: 600_000 })
})
afterAll(() => application.end())

const answer = (kind: string, score: number, answeredAt: string, contactId: string | null = null) => ({
  id: randomUUID(),
  values: { customerId, kind, score, answeredAt, contactId },
})

describe('what customers say', () => {
  it('KPI-1: NPS takes the latest answer of each person in the three months to the last day', async () => {
    const contactId = randomUUID()
    await atMoment(company, async ctx => {
      await createContacts(ctx, [{ id: contactId, values: { customerId, name: '大西' } }], by)
      const answers = [
        answer('NPS', 3, '2026-03-01T00:00:00Z', contactId),
        answer('NPS', 9, '2026-04-01T00:00:00Z', contactId),
        answer('NPS', 10, '2026-04-02T00:00:00Z'),
        answer('NPS', 8, '2026-04-02T00:00:00Z'),
        answer('NPS', 6, '2026-04-02T00:00:00Z'),
        // 1 February in Japan counts, the last second of January does not.
        answer('NPS', 7, '2026-01-31T15:00:00Z'),
        answer('NPS', 0, '2026-01-31T14:59:59Z'),
        answer('NPS', 0, '2026-04-30T15:00:00Z'),
      ]
      await createAnswers(ctx, answers as never, by)
    })
    expect(await figureOf(company, 'nps', '2026-04')).toEqual([20, 1, 5])
    expect(await figureOf(company, 'nps', '2026-03')).toEqual([-66.666667, -2, 3])
  })
  it('KPI-4, KPI-5: CSAT and CES are means of answers', async () => {
    await atMoment(company, ctx =>
      createAnswers(
        ctx,
        [
          answer('CSAT', 5, '2026-04-02T00:00:00Z'),
          answer('CSAT', 4, '2026-03-02T00:00:00Z'),
          answer('CES', 7, '2026-04-02T00:00:00Z'),
        ] as never,
        by,
      ),
    )
    expect(await figureOf(company, 'csat', '2026-04')).toEqual([4.5, 9, 2])
    expect(await figureOf(company, 'ces', '2026-04')).toEqual([7, 7, 1])
    expect(await figureOf(company, 'csat', '2025-10')).toEqual([null, 0, 0])
  })
})

describe('support', () => {
  it('KPI-3: tickets by month, in the promised time, open at its end', async () => {
    const ticket = (openedAt: string, more: object = {}) => ({
      id: randomUUID(),
      values: { customerId, source: 'api', subject: 's', openedAt, ...more },
    })
    const done = { status: 'RESOLVED' }
    await atMoment(company, ctx =>
      createTickets(
        ctx,
        [
          ticket('2026-04-01T00:00:00Z', {
            ...done,
            firstResponseAt: '2026-04-01T02:00:00Z',
            resolvedAt: '2026-04-02T00:00:00Z',
            satisfaction: 5,
          }),
          ticket('2026-04-10T00:00:00Z', {
            ...done,
            firstResponseAt: '2026-04-10T03:00:00Z',
            resolvedAt: '2026-05-01T00:00:00Z',
            satisfaction: 2,
          }),
          // Never answered: late.
          ticket('2026-04-20T00:00:00Z'),
          // Half an hour before May begins in Japan: its time runs into May, so April says nothing of it.
          ticket('2026-04-30T14:30:00Z', { firstResponseAt: '2026-04-30T15:30:00Z' }),
          ticket('2026-04-30T15:00:00Z'),
        ] as never,
        by,
      ),
    )
    expect(await figureOf(company, 'ticket_volume', '2026-04')).toEqual([4, 4, null])
    expect(await figureOf(company, 'first_response_in_sla', '2026-04')).toEqual([33.333333, 1, 3])
    expect(await figureOf(company, 'first_response_hours', '2026-04')).toEqual([2.5, 5, 2])
    expect(await figureOf(company, 'resolution_hours', '2026-04')).toEqual([24, 24, 1])
    expect(await figureOf(company, 'open_tickets', '2026-04')).toEqual([3, 3, null])
    expect(await figureOf(company, 'support_satisfaction', '2026-04')).toEqual([3.5, 7, 2])
    // Opened one is there from the first of May on; the second one was resolved.
    expect(await figureOf(company, 'open_tickets', '2026-05')).toEqual([3, 3, null])
  })
})
