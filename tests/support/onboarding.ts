import { expect } from 'vitest'
import { z } from 'zod'
import { shippedPart } from '../../server/catalog/blueprints/queries.ts'
import { followJourneys } from '../../server/engage/onboarding/commands/follow.ts'
import { startByRules } from '../../server/engage/onboarding/commands/start.ts'
import { type OnboardingItem, onboardingItem } from '../../server/engage/onboarding/contract/definition.ts'
import { getJourney, listJourneys, startJourneys } from '../../server/engage/onboarding/contract/journeys.ts'
import { createOnboardingTemplate } from '../../server/engage/onboarding/contract/templates.ts'
import type { Announcement } from '../../server/platform/context/context.ts'
import type { Caller } from './application.ts'
import { asSystem, type TestCompany } from './factories.ts'

/** A template of a blueprint that comes with the product. */
export function readyMadeJourney(blueprint: string, key?: string): OnboardingItem {
  const items = shippedPart(blueprint, 'onboarding', z.array(onboardingItem))
  return items.find(item => key === undefined || item.key === key)!
}

/** Makes a template over the API. @returns its id */
export async function newTemplate(company: TestCompany, body: object): Promise<string> {
  const answer = await company.admin.call(createOnboardingTemplate, { body: body as never })
  expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, ''])
  return answer.body.id
}

/** Starts a template for one customer over the API. @returns the journey's id */
export async function newJourney(
  company: TestCompany,
  templateId: string,
  customerId: string,
  startsOn?: string,
): Promise<string> {
  const answer = await company.admin.call(startJourneys, {
    body: { templateId, ids: [customerId], ...(startsOn && { startsOn }) },
  })
  expect([answer.status, answer.body.started]).toEqual([200, 1])
  const { items } = (await company.admin.call(listJourneys, { query: { customerId, templateId } })).body
  return items[0]!.id
}

/** A journey as the API shows it. */
export async function journeyOf(caller: Caller, id: string) {
  const answer = await caller.call(getJourney, { params: { id } })
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, ''])
  return answer.body
}

/** What the job does at a moment. @returns what was announced of onboarding */
export function watchJourneys(company: TestCompany, now: Date): Promise<Announcement[]> {
  return asSystem(company, async ctx => {
    // The announcements go with the gate's own context; the clock is another one.
    const then = { ...ctx, now }
    await startByRules(then)
    await followJourneys(then)
    return ctx.pending.events.filter(({ type }) => type.startsWith('onboarding.'))
  })
}
