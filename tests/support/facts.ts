import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { createCustomers } from '../../server/customers/accounts/commands/save.ts'
import { rebuildDays } from '../../server/signals/metrics/commands/follow.ts'
import { Caller } from './application.ts'
import { asSystem, type TestCompany } from './factories.ts'
import { newSource, processAll } from './ingest.ts'

const dayLength = 86_400_000
const japan = 9 * 3_600_000

/** A moment so many days ago, ISO 8601. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * dayLength).toISOString()
}

/** The day so many days ago in the time zone of test companies, YYYY-MM-DD. */
export function dayAgo(days: number): string {
  return new Date(Date.now() + japan - days * dayLength).toISOString().slice(0, 10)
}

/** An event of use, as an SDK sends it. */
export function usageEvent(person: string, group: string, days: number, event = 'Report Created', properties?: object) {
  return {
    type: 'track',
    event,
    userId: person,
    context: { groupId: group },
    timestamp: daysAgo(days),
    ...(properties && { properties }),
  }
}

/** Sends events through the ingest endpoint of a new source and has them processed. */
export async function sendUse(company: TestCompany, ...batch: object[]): Promise<void> {
  const { writeKey } = await newSource(company)
  const answer = await new Caller(company.application).send({
    method: 'POST',
    url: '/v1/batch',
    headers: { authorization: `Basic ${btoa(`${writeKey}:`)}` },
    payload: { batch: batch.map(message => ({ messageId: randomUUID(), ...message })) },
  })
  expect(answer.status).toBe(200)
  await processAll(company)
}

/** A customer, made by the product's own command. @returns its id */
export async function newCustomer(
  company: TestCompany,
  values: Record<string, string | number | null> = {},
): Promise<string> {
  const id = randomUUID()
  await asSystem(company, ctx =>
    createCustomers(ctx, [{ id, values: { name: '東和', ...values } }], { origin: 'person' }),
  )
  return id
}

/** Works out the figures of the last days, all runs of it. */
export async function rebuildHistory(company: TestCompany, days: number): Promise<void> {
  for (let done = 0; done < days; done += 5)
    await asSystem(company, ctx =>
      rebuildDays(ctx, { oldest: dayAgo(days), ...(done > 0 && { before: dayAgo(done) }) }),
    )
}
