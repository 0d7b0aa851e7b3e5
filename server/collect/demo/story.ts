import { courseOf } from './behaviour.ts'
import { dayText, workingMoment } from './calendar.ts'
import { Chance } from './chance.ts'
import { companyName, personName } from './names.ts'
import { planOf } from './plans.ts'
import { usageOf } from './use.ts'
import { churnReasons, englishTitles, tags, titles } from './words.ts'
import type { DemoContact, Story, Values, World } from './world.ts'

/** The story of customer `number`: who it is, how it fares, who its people are, what it pays and how it uses the product. */
export function storyOf(world: World, number: number): Story {
  const chance = new Chance(world.seed * 1_000_003 + number)
  const company = companyName(chance, number)
  const plan = planOf(chance, world.customers, number)
  const length = world.months * 30.44
  // Half of them were there before the time that is told.
  const isOld = chance.happens(0.5)
  const startDay = world.today - Math.floor(isOld ? length : chance.between(0.02, 1) * length)
  const signedDay = isOld ? startDay - chance.whole(0, 720) : startDay
  const course = courseOf(chance, Math.max(1, Math.floor((world.today - startDay) / 7)), plan.ease)
  const endDay = course.churnWeek === undefined ? undefined : startDay + course.churnWeek * 7
  const ownerId = plan.name === 'Free' ? null : (chance.pick(world.owners) ?? null)
  const handedOver = ownerId !== null && world.owners.length > 1 && chance.happens(0.12)
  const formerOwner = handedOver
    ? {
        id: chance.pick(world.owners.filter(owner => owner !== ownerId)),
        until: chance.whole(startDay + 10, Math.max(startDay + 11, (endDay ?? world.today) - 5)),
      }
    : undefined
  const licences = chance.whole(...plan.licences)
  const story: Story = {
    number,
    chance,
    company,
    plan,
    course,
    signedDay,
    startDay,
    endDay,
    ownerId,
    formerOwner,
    customer: { id: world.id(), values: {} },
    contacts: [],
    contract: undefined,
    prices: [],
    use: [],
  }
  story.contacts = contactsOf(world, story)
  // Everybody who uses it is known by name, and most bought a few seats more than they fill.
  const seats = Math.ceil(story.contacts.length * chance.between(1, 1.8))
  addContract(world, story, licences, seats)
  story.customer.values = customerValues(world, story, licences, seats)
  story.use = usageOf(world, story)
  return story
}

function contactsOf(world: World, story: Story): DemoContact[] {
  const { chance, company, plan, startDay, course } = story
  const last = story.endDay ?? world.today
  return Array.from({ length: chance.whole(...plan.contacts) }, (_, place): DemoContact => {
    const name = personName(chance, company.japanese)
    const leaves = place === 0 && course.cause === 'champion_left' && course.troubleWeek !== undefined
    const leftDay = leaves ? Math.min(last, startDay + course.troubleWeek! * 7 - chance.whole(0, 6)) : undefined
    const firstDay = place < 2 ? startDay : Math.min(last, startDay + chance.whole(0, 90))
    const key = `user-${world.seed}-${story.number}-${place}`
    const isChampion = place === 0 && plan.name !== 'Free'
    return {
      id: world.id(),
      person: `u:${key}`,
      activity: isChampion ? chance.between(0.8, 1) : chance.between(0.25, 0.95),
      firstDay,
      lastDay: leftDay ?? last,
      values: {
        customerId: story.customer.id,
        externalId: key,
        email: `${place === 0 ? 'info' : `m${place}`}.${story.number}@${company.domain}`,
        name,
        title: company.japanese ? chance.pick(titles) : chance.pick(englishTitles),
        phone: chance.happens(0.6) ? `03-${chance.whole(1000, 9999)}-${chance.whole(1000, 9999)}` : null,
        language: company.japanese ? 'ja' : 'en',
        role: chance.pick(['manager', 'developer', 'user', 'executive']),
        communityPosts: chance.happens(0.35) ? chance.whole(1, 20) : 0,
        webinarsAttended: chance.happens(0.3) ? chance.whole(1, 6) : 0,
        stakeholderRole: isChampion ? 'CHAMPION' : place === 1 ? 'DECISION_MAKER' : place === 2 ? 'TECHNICAL' : 'USER',
        sentiment: course.cause
          ? chance.pick(['NEGATIVE', 'NEUTRAL'])
          : chance.pick(['POSITIVE', 'NEUTRAL', 'POSITIVE']),
        emailConsent: chance.happens(0.8) ? 'GRANTED' : 'UNKNOWN',
        signedUpAt: workingMoment(firstDay, chance.share()),
        leftOn: leftDay === undefined ? null : dayText(leftDay),
      },
    }
  })
}

/** @param licences of the whole company, by which it is priced. @param seats of those whose use is followed */
function addContract(world: World, story: Story, licences: number, seats: number): void {
  const { chance, plan, signedDay, startDay, endDay, course } = story
  if (plan.price[1] === 0) return
  const isYearly = chance.happens(plan.yearly)
  const monthly = Math.round((licences * chance.between(...plan.price)) / 100) * 100
  story.prices.push({ day: signedDay, amount: monthly })
  const last = endDay ?? world.today
  // Who uses it much buys more; who hardly does asks for less.
  const mean = course.engagement.reduce((sum, value) => sum + value, 0) / course.engagement.length
  for (let day = startDay + 150; day < last - 30; day += 180) {
    if (mean > 0.6 && chance.happens(0.32)) pushPrice(story, day, 1 + chance.between(0.08, 0.35))
    else if (mean < 0.4 && chance.happens(0.22)) pushPrice(story, day, 1 - chance.between(0.1, 0.3))
  }
  const months = isYearly ? 12 : 1
  let renewal = signedDay
  while (renewal <= world.today) renewal += Math.round(months * 30.44)
  story.contract = {
    id: world.id(),
    values: {
      customerId: story.customer.id,
      externalId: `contract-${world.seed}-${story.number}`,
      plan: plan.name,
      amount: (story.prices.at(-1)?.amount ?? monthly) * months,
      currency: 'JPY',
      interval: isYearly ? 'YEAR' : 'MONTH',
      startsOn: dayText(signedDay),
      endsOn: endDay === undefined ? null : dayText(endDay),
      renewsOn: endDay === undefined ? dayText(renewal) : null,
      autoRenew: true,
      status: endDay === undefined ? 'ACTIVE' : 'CANCELLED',
      licenceCount: seats,
    },
  }
}

function pushPrice(story: Story, day: number, factor: number): void {
  const amount = Math.round((story.prices.at(-1)!.amount * factor) / 100) * 100
  story.prices.push({ day, amount })
}

function customerValues(world: World, story: Story, licences: number, seats: number): Values {
  const { chance, company, course, plan, endDay, signedDay } = story
  const weeks = course.engagement
  const now = weeks.slice(-3).reduce((sum, value) => sum + value, 0) / Math.max(1, weeks.slice(-3).length)
  const age = world.today - signedDay
  const status =
    endDay !== undefined
      ? 'CHURNED'
      : age < 60
        ? 'ONBOARDING'
        : now < 0.22 && plan.name !== 'Free'
          ? 'AT_RISK'
          : 'ACTIVE'
  return {
    externalId: `demo-${world.seed}-${story.number}`,
    name: company.name,
    website: `https://${company.domain}`,
    industry: company.industry,
    employeeCount: Math.round(licences * chance.between(1.5, 9)),
    region: company.japanese
      ? chance.pick(['関東', '関西', '中部', '九州', '東北', '北海道', '中国・四国'])
      : chance.pick(['APAC', 'EMEA', 'North America']),
    language: company.japanese ? 'ja' : 'en',
    currency: 'JPY',
    plan: plan.name,
    segment: licences >= 180 ? '大企業' : licences >= 40 ? '中堅' : '小規模',
    status,
    churnedOn: endDay === undefined ? null : dayText(endDay),
    churnReason: endDay === undefined ? null : (churnReasons[course.cause ?? 'none'] ?? null),
    ownerId: story.ownerId,
    contractStart: dayText(signedDay),
    licenceCount: seats,
    lifetimeValue: 0,
    tags: chance.happens(0.25) && plan.name !== 'Free' ? [chance.pick(tags)] : [],
    attributes:
      plan.name === 'Free'
        ? {}
        : {
            acquisition_channel: chance.pick(['紹介', '展示会', 'Web', '代理店']),
            sso_enabled: chance.happens(licences > 100 ? 0.7 : 0.15),
            sites: chance.whole(1, Math.max(1, Math.ceil(licences / 60))),
          },
  }
}
