import { expect, it } from 'vitest'
import { z } from 'zod'
import { shippedPart } from '../../catalog/blueprints/queries.ts'

const step = z.looseObject({
  key: z.string(),
  kind: z.string(),
  amount: z.number().optional(),
  template: z.string().optional(),
  next: z.string().nullish(),
})
const flow = z.looseObject({ key: z.string(), document: z.looseObject({ start: z.string(), steps: z.array(step) }) })

/** The mails of a ready-made flow with the day after its start on which each goes out, both ways of a branch on the same one. */
function mailsOf(blueprint: string, key: string): [day: number, template: string][] {
  const { document } = shippedPart(blueprint, 'flows', z.array(flow)).find(each => each.key === key)!
  const mails: [number, string][] = []
  let day = 0
  for (const { kind, amount, template } of document.steps) {
    if (kind === 'wait') day += amount!
    if (kind === 'email') mails.push([day, template!])
  }
  return mails
}

it('ONB-2: the mails of the 90 days go out on their days', () => {
  const days = [1, 3, 7, 14, 30, 60, 90]
  const mails = mailsOf('saas-success', 'onboarding-90')
  expect(mails.map(([, template]) => template)).toEqual(days.map(day => `onboarding-day-${day}`))
  // The start is day 1.
  expect(mails.map(([day]) => day + 1)).toEqual(days)
})

it('ONB-4: seven mails of the Free onboarding, three that bring back, five towards Pro', () => {
  expect(mailsOf('plugin-marketplace', 'free-onboarding')).toEqual([
    ...[0, 1, 2, 3, 5, 7].map(day => [day, `free-day-${day}`]),
    // Who uses more than 80 % reads of Pro instead.
    [7, 'free-day-7-pro'],
    [30, 'free-day-30'],
  ])
  expect(mailsOf('plugin-marketplace', 'free-return')).toHaveLength(3)
  expect(mailsOf('plugin-marketplace', 'free-to-pro').map(([day]) => day)).toEqual([0, 7, 14, 21, 30])
})
