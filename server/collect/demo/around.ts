import { dayText, workingMoment } from './calendar.ts'
import type { Chance } from './chance.ts'
import { blame, conversations, praise, tickets } from './words.ts'
import type { Row, Story, World } from './world.ts'

/** What happens around a customer beside its use. */
export interface Around {
  tickets: Row[]
  invoices: Row[]
  payments: Row[]
  answers: Row[]
  communications: Row[]
}

/** Tickets, bills, surveys and conversations of a customer, by how it fares in each week. */
export function aroundOf(world: World, story: Story): Around {
  const around: Around = { tickets: [], invoices: [], payments: [], answers: [], communications: [] }
  const last = Math.min(story.endDay ?? world.today, world.today)
  if (story.contacts.length === 0) return around
  addTickets(world, story, last, around)
  if (story.plan.name === 'Free') return around
  addBills(world, story, last, around)
  addAnswers(world, story, last, around)
  addConversations(world, story, last, around)
  return around
}

/** 0: all is well; 1: everything points to the door. */
function trouble(story: Story, day: number): number {
  const week = Math.floor((day - story.startDay) / 7)
  const { engagement, cause, troubleWeek } = story.course
  const value = 1 - (engagement[Math.min(engagement.length - 1, week)] ?? 0.5)
  return cause && troubleWeek !== undefined && week >= troubleWeek ? Math.max(value, 0.6) : value * 0.7
}

function addTickets(world: World, story: Story, last: number, around: Around): void {
  const { chance } = story
  const people = story.contacts
  const rate = story.plan.name === 'Free' ? 0.004 : 0.05 * Math.sqrt(people.length)
  for (let day = story.startDay; day < last; day += 7) {
    const upset = trouble(story, day)
    const angry = story.course.cause === 'bad_support' && upset >= 0.6
    for (let count = chance.count(rate * (0.6 + upset) * (angry ? 3 : 1)); count > 0; count--) {
      const opened = Math.min(last - 1, day + chance.whole(0, 6))
      const isUpset = chance.happens(upset * 0.8)
      const wait = angry ? chance.between(1, 4) : chance.between(0.02, 0.6)
      const solve = wait + (angry ? chance.between(3, 14) : chance.between(0.1, 5))
      const isOpen = opened + solve >= world.today
      around.tickets.push({
        id: world.id(),
        values: {
          customerId: story.customer.id,
          contactId: chance.pick(people).id,
          externalId: `${world.seed}-${story.number}-${around.tickets.length}`,
          source: 'demo',
          subject: chance.pick(isUpset ? tickets.upset : tickets.calm),
          priority: chance.weighted([
            ['LOW', isUpset ? 5 : 30],
            ['NORMAL', 50],
            ['HIGH', isUpset ? 35 : 8],
            ['URGENT', isUpset ? 10 : 1],
          ]),
          status: isOpen ? (chance.happens(0.5) ? 'OPEN' : 'PENDING') : 'RESOLVED',
          openedAt: workingMoment(opened, chance.share()),
          firstResponseAt:
            opened + wait < world.today ? workingMoment(opened + Math.floor(wait) + (wait < 1 ? 0 : 1), 0.95) : null,
          resolvedAt: isOpen ? null : workingMoment(opened + Math.ceil(solve), chance.share()),
          satisfaction:
            isOpen || chance.happens(0.45) ? null : rating(chance, 4.6 - 2.4 * upset - (angry ? 0.8 : 0), 5),
        },
      })
    }
  }
}

function rating(chance: Chance, mean: number, most: number): number {
  return Math.min(most, Math.max(1, Math.round(mean + 0.7 * chance.normal())))
}

function addBills(world: World, story: Story, last: number, around: Around): void {
  const { chance, contract } = story
  if (!contract) return
  const step = contract.values.interval === 'YEAR' ? 365 : 30
  const isTight = story.course.cause === 'budget_cut'
  for (let day = story.signedDay; day < last; day += step) {
    if (day < story.startDay) continue
    const price = story.prices.findLast(item => item.day <= day) ?? story.prices[0]!
    const amount = price.amount * (step === 365 ? 12 : 1)
    const due = day + 30
    const isLate = chance.happens(isTight && trouble(story, day) > 0.55 ? 0.55 : 0.05)
    const paid = due + (isLate ? chance.whole(3, 40) : -chance.whole(0, 12))
    const isPaid = paid < world.today
    const invoice: Row = {
      id: world.id(),
      values: {
        customerId: story.customer.id,
        contractId: contract.id,
        externalId: `inv-${world.seed}-${story.number}-${around.invoices.length}`,
        number: `INV-${String(story.number).padStart(5, '0')}-${around.invoices.length + 1}`,
        amount,
        currency: 'JPY',
        issuedOn: dayText(day),
        dueOn: dayText(due),
        paidOn: isPaid ? dayText(paid) : null,
        status: isPaid ? 'PAID' : 'OPEN',
        failedAttempts: isLate ? chance.whole(1, 3) : 0,
      },
    }
    around.invoices.push(invoice)
    const attempt = (at: number, outcome: string, reason: string | null) =>
      around.payments.push({
        id: world.id(),
        values: {
          customerId: story.customer.id,
          invoiceId: invoice.id,
          externalId: `pay-${world.seed}-${story.number}-${around.payments.length}`,
          amount,
          currency: 'JPY',
          attemptedAt: workingMoment(at, 0.2),
          outcome,
          method: step === 365 ? 'bank_transfer' : 'card',
          failureReason: reason,
        },
      })
    if (isLate && due < world.today) attempt(due, 'FAILED', step === 365 ? '入金確認できず' : '残高不足')
    if (isPaid) attempt(paid, 'SUCCEEDED', null)
  }
}

function addAnswers(world: World, story: Story, last: number, around: Around): void {
  const { chance } = story
  for (let day = story.startDay + 75; day < last; day += 90) {
    for (const contact of story.contacts) {
      if (day > contact.lastDay || !chance.happens(0.38)) continue
      const upset = trouble(story, day)
      const score = Math.min(10, Math.max(0, Math.round(9.4 - 6.5 * upset + 1.3 * chance.normal())))
      const speaks = chance.happens(0.4)
      around.answers.push({
        id: world.id(),
        values: {
          customerId: story.customer.id,
          contactId: contact.id,
          externalId: `nps-${world.seed}-${story.number}-${around.answers.length}`,
          survey: '四半期NPS調査',
          kind: 'NPS',
          score,
          comment: speaks && score >= 8 ? chance.pick(praise) : speaks && score <= 6 ? chance.pick(blame) : null,
          answeredAt: workingMoment(Math.min(last - 1, day + chance.whole(0, 10)), chance.share()),
        },
      })
    }
  }
  for (const ticket of around.tickets) {
    if (typeof ticket.values.satisfaction !== 'number') continue
    around.answers.push({
      id: world.id(),
      values: {
        customerId: story.customer.id,
        contactId: ticket.values.contactId,
        externalId: `csat-${String(ticket.values.externalId)}`,
        survey: '問い合わせ後アンケート',
        kind: 'CSAT',
        score: ticket.values.satisfaction,
        comment: null,
        answeredAt: ticket.values.resolvedAt,
      },
    })
  }
}

function addConversations(world: World, story: Story, last: number, around: Around): void {
  const { chance, plan } = story
  const step = plan.name === 'Enterprise' ? 14 : plan.name === 'Professional' ? 30 : 75
  for (let day = story.startDay + 5; day < last; day += step) {
    if (!chance.happens(0.8)) continue
    const [kind, subject, body] = chance.pick(conversations[chance.happens(trouble(story, day)) ? 'worried' : 'calm'])
    const at = Math.min(last - 1, day + chance.whole(0, 6))
    const owner = story.formerOwner && at <= story.formerOwner.until ? story.formerOwner.id : story.ownerId
    const present = story.contacts.filter(contact => at >= contact.firstDay && at <= contact.lastDay)
    around.communications.push({
      id: world.id(),
      values: {
        customerId: story.customer.id,
        kind,
        direction: kind === 'EMAIL' || kind === 'CALL' ? 'OUTBOUND' : null,
        occurredAt: workingMoment(at, chance.share()),
        durationMinutes: kind === 'MEETING' ? 45 : kind === 'CALL' ? 15 : null,
        subject,
        body,
        contactIds: kind === 'NOTE' || present.length === 0 ? [] : [chance.pick(present).id],
        authorId: owner,
      },
    })
  }
}
