import { expect } from 'vitest'
import { z } from 'zod'
import { shippedPart } from '../../server/catalog/blueprints/queries.ts'
import { listAlerts } from '../../server/engage/alerts/contract/alerts.ts'
import { createAlertRule, type NewAlertRule } from '../../server/engage/alerts/contract/rules.ts'
import type { TestCompany } from './factories.ts'

/** The rules of a blueprint. */
export function shippedRules(blueprint: string): NewAlertRule[] {
  const rules = shippedPart(blueprint, 'alertRules', z.array(z.looseObject({})))
  return rules.map(rule => createAlertRule.body.parse({ state: 'enabled', ...rule }))
}

/** Makes an enabled rule as an administrator. */
export async function newAlertRule(
  company: TestCompany,
  wishes: Partial<NewAlertRule> & Pick<NewAlertRule, 'trigger'>,
) {
  const { body, status, problem } = await company.admin.call(createAlertRule, {
    body: { nameJa: 'ルール', nameEn: 'Rule', severity: 'high', topic: 'risk', state: 'enabled', ...wishes },
  })
  expect([status, problem.detail]).toEqual([201, undefined])
  return body
}

/** The alerts that are open, as they say it in English. */
export async function openAlerts(company: TestCompany) {
  const { body } = await company.admin.call(listAlerts, { query: { view: 'active', limit: 200 } })
  return body.items.map(({ customerName: name, facts, severity, ownerId: owner, value }) => ({
    name,
    facts: facts.map(({ en }) => en),
    severity,
    owner,
    value,
  }))
}
