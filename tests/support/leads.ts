import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { createContacts } from '../../server/customers/contacts/commands/save.ts'
import { followContacts } from '../../server/signals/scoring/commands/score.ts'
import { getLeadScore } from '../../server/signals/scoring/contract/leads.ts'
import { createScoringRule, putScoringSettings } from '../../server/signals/scoring/contract/rules.ts'
import { asSystem, type TestCompany } from './factories.ts'
import { daysAgo } from './facts.ts'

/** A contact of no customer, known to the product by its own id. */
export async function newLead(company: TestCompany, values: object = {}): Promise<string> {
  const id = randomUUID()
  await asSystem(company, ctx =>
    createContacts(ctx, [{ id, values: { name: '山本 千夏', externalId: id, ...values } }], { origin: 'person' }),
  )
  return id
}

/** A rule by what somebody is, as it is entered. */
export function attribute(condition: object, points: number, wishes: object = {}) {
  const when = { kind: 'attribute' as const, condition: condition as never }
  return { nameJa: '属性', nameEn: 'Attribute', part: 'fit' as const, points, when, ...wishes }
}

/** A rule by what somebody does. */
export function behaviour(event: string, points: number, wishes: object = {}, more: object = {}) {
  const when = { kind: 'behaviour' as const, event, ...wishes }
  return { nameJa: '行動', nameEn: 'Behaviour', part: 'engagement' as const, points, when, ...more }
}

/** Makes a rule over the API. */
export async function newScoringRule(company: TestCompany, body: object) {
  const answer = await company.admin.call(createScoringRule, { body: body as never })
  expect(answer.status).toBe(201)
  return answer.body
}

/** The score of a lead, as the API shows it. */
export async function scoreOf(company: TestCompany, id: string) {
  return (await company.admin.call(getLeadScore, { params: { id } })).body
}

export const presetSettings = {
  lead: null,
  fitCap: 50,
  engagementCap: 50,
  hotAt: 80,
  assign: [],
  notify: [],
  channels: [],
}

/** Changes the settings over the API. */
export async function putSettings(company: TestCompany, wishes: object) {
  const answer = await company.admin.call(putScoringSettings, { body: { ...presetSettings, ...wishes } as never })
  expect(answer.status).toBe(200)
}

/** A track call of so many days ago. */
export function track(userId: string, event: string, days: number, properties?: object) {
  return { type: 'track', event, userId, timestamp: daysAgo(days), ...(properties && { properties }) }
}

/** Scores what changed, as the job does. @returns what was announced */
export async function followLeads(company: TestCompany) {
  return asSystem(company, async ctx => {
    await followContacts(ctx)
    return [...ctx.pending.events]
  })
}
