import { dateOf } from './calendar.ts'
import { Chance } from './chance.ts'
import { companyName, personName } from './names.ts'
import type { Row, World } from './world.ts'

/** Somebody who is no customer yet, with what they did. */
export interface DemoLead extends Row {
  /** Named `u:<user id>`, as the product calls the person. */
  person: string
  use: { day: number; feature: string; events: number }[]
}

const titles: readonly (readonly [readonly [string, string], number])[] = [
  [['代表取締役', 'CEO'], 6],
  [['取締役', 'COO'], 7],
  [['情報システム部 部長', 'Head of IT'], 12],
  [['営業本部長', 'VP Sales'], 8],
  [['カスタマーサクセス部長', 'Director, Customer Success'], 9],
  [['営業企画課 課長', 'Sales Operations Manager'], 14],
  [['DX推進室 マネージャー', 'Product Lead'], 10],
  [['主任', 'Specialist'], 16],
  [['担当', 'Associate'], 18],
]
const sizes: readonly (readonly [number, number])[] = [
  [12, 22],
  [38, 20],
  [85, 18],
  [160, 16],
  [340, 12],
  [820, 8],
  [2_400, 4],
]
const freeMail = ['gmail.com', 'yahoo.co.jp', 'outlook.jp']

/** What leads do, by how warm they are: how often in the time that is told, and over how many of the last days. */
const doings: readonly { feature: string; mean: number; days: number; warm: number }[] = [
  { feature: 'email.opened', mean: 3.5, days: 80, warm: 0 },
  { feature: 'email.clicked', mean: 1.4, days: 60, warm: 0.15 },
  { feature: 'page:Top', mean: 4, days: 70, warm: 0 },
  { feature: 'page:Pricing', mean: 1.6, days: 45, warm: 0.3 },
  { feature: 'Document Downloaded', mean: 1.1, days: 50, warm: 0.35 },
  { feature: 'Trial Started', mean: 0.7, days: 30, warm: 0.6 },
  { feature: 'Demo Requested', mean: 0.6, days: 20, warm: 0.75 },
]

/** The leads of a demo company: 120 in one of 300 customers; pure, the same for the same seed. */
export function leadsOf(world: World): DemoLead[] {
  const many = Math.min(2_000, Math.max(20, Math.round(world.customers * 0.4)))
  return Array.from({ length: many }, (_, number) => leadOf(world, number))
}

function leadOf(world: World, number: number): DemoLead {
  const chance = new Chance(world.seed * 7_919 + 100_003 + number)
  const company = companyName(chance, 900_000 + number)
  const [japanese, english] = chance.weighted(titles)
  const warmth = chance.share()
  const age = chance.whole(4, 120)
  const isFree = chance.happens(0.14)
  const use = doings.flatMap(({ feature, mean, days, warm }) => {
    if (warmth < warm) return []
    const times = chance.count(mean * (0.35 + warmth * 1.2))
    // What somebody warm did is recent.
    const reach = Math.min(age, days)
    return Array.from({ length: Math.min(times, 9) }, () => ({
      day: world.today - Math.floor(reach * chance.share() * (1.25 - warmth * 0.9)),
      feature,
      events: 1,
    }))
  })
  const externalId = `lead-${world.seed}-${number}`
  const last = Math.max(...use.map(each => each.day), world.today - age)
  return {
    id: world.id(),
    person: `u:${externalId}`,
    use: merged(use),
    values: {
      externalId,
      name: personName(chance, company.japanese),
      email: `lead${number}@${isFree ? chance.pick(freeMail) : company.domain}`,
      company: company.name,
      title: company.japanese ? japanese : english,
      language: company.japanese ? 'ja' : 'en',
      emailState: chance.happens(0.07)
        ? chance.weighted([
            ['UNSUBSCRIBED', 3],
            ['BOUNCED', 1],
          ])
        : 'SUBSCRIBED',
      emailConsent: chance.happens(0.7) ? 'GRANTED' : 'UNKNOWN',
      stakeholderRole: chance.happens(0.12) ? 'DECISION_MAKER' : null,
      webinarsAttended: chance.count(0.25 + warmth * 0.5),
      lastSeenAt: dateOf(last).toISOString(),
      signedUpAt: dateOf(world.today - age).toISOString(),
      attributes: { employees: chance.weighted(sizes) + chance.whole(0, 9) },
    },
  }
}

function merged(use: DemoLead['use']): DemoLead['use'] {
  const known = new Map<string, DemoLead['use'][number]>()
  for (const each of use) {
    const key = `${each.day} ${each.feature}`
    const before = known.get(key)
    if (before) before.events += each.events
    else known.set(key, { ...each })
  }
  return [...known.values()]
}
