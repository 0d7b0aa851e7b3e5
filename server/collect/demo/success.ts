import { dayText, workingMoment } from './calendar.ts'
import type { Row, Story, World } from './world.ts'

/** Profiles, plans, reviews and advocacy of a customer. The id of a profile is its customer's. */
export interface Success {
  profiles: Row[]
  plans: Row[]
  milestones: Row[]
  reviews: Row[]
  activities: Row[]
}

const objectives = [
  '帳票作成の時間を半分にする',
  '全拠点の数字を翌朝に見られるようにする',
  '承認にかかる日数を3日から1日にする',
  '問い合わせ対応を標準化する',
  'Shorten month-end closing by three days',
] as const

/** How the success of a customer is written down: rich for those that are looked after, bare for the rest. */
export function successOf(world: World, story: Story): Success {
  const success: Success = { profiles: [], plans: [], milestones: [], reviews: [], activities: [] }
  if (story.plan.name === 'Free') return success
  const { chance, course, startDay, endDay } = story
  const mean =
    course.engagement.slice(-6).reduce((sum, value) => sum + value, 0) / Math.max(1, course.engagement.slice(-6).length)
  const age = (endDay ?? world.today) - startDay
  const stalled = course.cause === 'stalled_onboarding'
  const isDone = age > 60 && !stalled
  const objective = chance.pick(objectives)
  success.profiles.push({
    id: story.customer.id,
    values: {
      businessObjectives: [objective],
      successCriteria: ['利用者の7割が毎週ログインしている'],
      valueMetrics: [{ name: '週次の利用率', unit: '%', baseline: 0, target: 70, current: Math.round(mean * 100) }],
      onboardingStatus: endDay !== undefined && stalled ? 'CANCELLED' : isDone ? 'COMPLETED' : 'IN_PROGRESS',
      onboardingStartedOn: dayText(startDay),
      onboardingTargetOn: dayText(startDay + 45),
      onboardingCompletedOn: isDone ? dayText(startDay + chance.whole(25, 60)) : null,
      firstValueOn: isDone ? dayText(startDay + chance.whole(10, 40)) : null,
      integrationStatus: isDone ? 'COMPLETED' : 'IN_PROGRESS',
      dataMigrationStatus: isDone ? 'COMPLETED' : stalled ? 'FAILED' : 'IN_PROGRESS',
      trainingCompletion: Math.round(Math.min(100, (isDone ? 60 : 20) + mean * 45)),
      adoptionRate: Math.round(Math.min(100, mean * 110)),
      nps: age > 80 ? Math.round(-20 + mean * 90) : null,
      csat: age > 60 ? Math.round((3 + mean * 1.9) * 10) / 10 : null,
      expansionProbability: Math.round(Math.min(95, Math.max(3, mean * 80 + 8 * chance.normal()))),
    },
  })
  if (story.plan.name === 'Starter') return success
  addPlan(world, story, objective, mean, success)
  addReviews(world, story, success)
  if (mean > 0.6 && endDay === undefined && chance.happens(0.3)) addAdvocacy(world, story, success)
  return success
}

function addPlan(world: World, story: Story, objective: string, mean: number, success: Success): void {
  const { chance, course, endDay } = story
  const isRecovery = course.cause !== undefined && mean < 0.4
  const plan: Row = {
    id: world.id(),
    values: {
      customerId: story.customer.id,
      name: isRecovery ? '利用回復計画' : '定着・拡大計画',
      type: isRecovery ? 'RECOVERY' : chance.pick(['QUARTERLY', 'ANNUAL']),
      status: endDay === undefined ? 'ACTIVE' : 'CANCELLED',
      ownerId: story.ownerId,
      startsOn: dayText(Math.max(story.startDay, world.today - 70)),
      endsOn: dayText(world.today + 50),
      businessObjectives: [objective],
      stakeholders: story.contacts.slice(0, 2).map((contact, place) => ({
        contactId: contact.id,
        name: contact.values.name!,
        role: place === 0 ? 'SPONSOR' : 'KEY_STAKEHOLDER',
      })),
    },
  }
  success.plans.push(plan)
  const steps = isRecovery
    ? ['現状のヒアリング', '管理者への再研修', '利用状況の再確認']
    : ['部門ごとの活用目標を決める', '追加部門への研修', '効果の測定と報告']
  for (const [place, title] of steps.entries()) {
    const due = world.today - 40 + place * 30
    const isDone = due < world.today && chance.happens(0.75)
    success.milestones.push({
      id: world.id(),
      values: {
        planId: plan.id,
        title,
        dueOn: dayText(due),
        status: isDone ? 'COMPLETED' : due < world.today ? 'OVERDUE' : 'PENDING',
        priority: isRecovery ? 'HIGH' : 'MEDIUM',
        ownerId: story.ownerId,
        completedOn: isDone ? dayText(due) : null,
      },
    })
  }
}

function addReviews(world: World, story: Story, success: Success): void {
  const { chance } = story
  const last = story.endDay ?? world.today
  for (let day = story.startDay + 60; day < last; day += 91) {
    success.reviews.push({
      id: world.id(),
      values: {
        customerId: story.customer.id,
        type: 'QUARTERLY',
        scheduledAt: workingMoment(day, 0.4),
        heldAt: workingMoment(day, 0.4),
        agenda: ['利用状況の振り返り', '次の四半期の目標'],
        attendees: story.contacts.slice(0, 2).map(contact => contact.values.name!),
        decisions: chance.happens(0.5) ? ['次回までに研修を1回実施する'] : [],
        overallRating: chance.whole(3, 5),
      },
    })
  }
}

function addAdvocacy(world: World, story: Story, success: Success): void {
  const { chance } = story
  const status = chance.pick(['COMPLETED', 'IN_PROGRESS', 'REQUESTED', 'DECLINED'])
  success.activities.push({
    id: world.id(),
    values: {
      customerId: story.customer.id,
      type: chance.pick(['CASE_STUDY', 'TESTIMONIAL', 'REFERENCE_CALL', 'WEBINAR']),
      status,
      title: '活用事例のご協力',
      contactId: story.contacts[0]?.id ?? null,
      contactName: story.contacts[0]?.values.name ?? null,
      requestedOn: dayText(world.today - chance.whole(20, 120)),
      completedOn: status === 'COMPLETED' ? dayText(world.today - chance.whole(1, 19)) : null,
    },
  })
}
