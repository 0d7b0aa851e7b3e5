import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newAlertRule } from '../../../tests/support/alert-rules.ts'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, newCustomer, rebuildHistory, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { deleteRecords } from '../../customers/accounts/commands/records.ts'
import { createInvoices, updateInvoices } from '../../customers/billing/commands/save.ts'
import { createAnswers } from '../../customers/feedback/commands/save.ts'
import { ticketShape } from '../../customers/support/catalog.ts'
import { createTickets, updateTickets } from '../../customers/support/commands/save.ts'
import { factKinds } from '../../platform/context/vocabulary.ts'
import { computeDay, computeNow } from '../../signals/metrics/commands/compute.ts'
import { computeAll, followFacts, openRun } from '../../signals/metrics/commands/follow.ts'
import { pluginMarketplace } from '../../signals/scorecards/catalog.ts'
import { recalculateHealth, scoreDays } from '../../signals/scorecards/commands/recalculate.ts'
import { createScorecard, publishScorecard } from '../../signals/scorecards/contract/cards.ts'
import { refreshSegments } from '../../signals/segments/commands/refresh.ts'
import { createSegment } from '../../signals/segments/contract.ts'
import { evaluateRules } from './commands/evaluate.ts'

let application: TestApplication
let company: TestCompany
const by = { origin: 'person' } as const
const pastDays = 6

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

/** Everything that judges: health of now and of past days, members of segments, open alerts. */
function judgement() {
  return asSystem(company, async ctx => {
    const { rows } = await sql<{ part: string; what: string }>`
      select 'health' as part, concat_ws(' ', h.customer_id, h.score, h.raw, h.band, h.coverage, h.scores, h.inputs, h.exception) as what
      from customer_health h where h.tenant_id = ${ctx.tenantId}
      union all
      select 'day', concat_ws(' ', d.day, d.customer_id, d.score, d.band, d.coverage, d.scores, d.inputs) from health_daily d
      where d.tenant_id = ${ctx.tenantId}
      union all
      select 'customer', concat_ws(' ', c.id, c.health_score, c.health_level, c.health_trend) from customer c where c.tenant_id = ${ctx.tenantId}
      union all
      select 'member', concat_ws(' ', m.segment_id, m.record_id) from segment_member m where m.tenant_id = ${ctx.tenantId}
      union all
      select 'alert', concat_ws(' ', a.rule_id, a.subject_id) from alert a where a.tenant_id = ${ctx.tenantId} and a.ended_at is null
      order by 1, 2`.execute(ctx.tx)
    return rows.map(({ part, what }) => `${part} ${what}`)
  })
}

it('HLT-5, SEG-2, ALR-4: health, segments and alerts that followed late, changed and removed facts are those of a judgement from scratch (property)', async () => {
  const customers = await Promise.all(
    ['g1', 'g2', 'g3'].map(externalId =>
      newCustomer(company, { externalId, name: externalId, plan: 'Pro', licenceCount: 3, contractStart: dayAgo(200) }),
    ),
  )
  await rebuildHistory(company, pastDays)
  await asSystem(company, computeAll)
  const card = await company.admin.call(createScorecard, {
    body: { nameJa: '健全度', nameEn: 'Health', definition: pluginMarketplace },
  })
  await company.admin.call(publishScorecard, { params: { id: card.body.id }, body: {} })
  const segment = async (key: string, condition: object) => {
    const names = { key, nameJa: key, nameEn: key }
    const { body, status } = await company.admin.call(createSegment, {
      body: { ...names, record: 'customer', kind: 'dynamic', condition: condition as never },
    })
    expect(status).toBe(201)
    return body.id
  }
  const quiet = await segment('quiet', { event: '*', did: 'never', days: 5 })
  await segment('weak', {
    any: [
      { field: 'healthScore', op: 'less_than', value: 50 },
      { field: 'segments', op: 'in', value: [quiet] },
    ],
  })
  await newAlertRule(company, { trigger: { kind: 'score_below', below: 60 } })
  await newAlertRule(company, {
    trigger: { kind: 'condition', condition: { field: 'metrics.billing.days_late_now', op: 'at_least', value: 8 } },
  })
  await newAlertRule(company, {
    trigger: { kind: 'condition', condition: { not: { field: 'segments', op: 'in', value: [quiet] } } },
  })
  await finishJobs(application)

  const tickets: string[] = []
  const invoices: string[] = []
  const step = fc.record({
    kind: fc.constantFrom('use', 'ticket', 'rate', 'remove', 'invoice', 'pay', 'answer'),
    customer: fc.nat(2),
    ago: fc.nat(12),
    number: fc.integer({ min: 1, max: 5 }),
  })
  const values = { subject: '件', currency: 'JPY', amount: 100 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async steps => {
      for (const { kind, customer, ago, number } of steps) {
        const customerId = customers[customer]!
        const id = randomUUID()
        if (kind === 'use') await sendUse(company, usageEvent(`u${number}`, `g${customer + 1}`, ago))
        else
          await asSystem(company, async ctx => {
            const ticket = tickets[number % tickets.length]
            const invoice = invoices[number % invoices.length]
            if (kind === 'ticket') {
              tickets.push(id)
              await createTickets(
                ctx,
                [{ id, values: { customerId, subject: values.subject, openedAt: daysAgo(ago) } }],
                by,
              )
            } else if (kind === 'rate' && ticket) {
              const solved = { status: 'RESOLVED', resolvedAt: daysAgo(Math.min(ago, 3)), satisfaction: number }
              await updateTickets(ctx, [{ id: ticket, values: solved }])
            } else if (kind === 'remove' && ticket) {
              tickets.splice(tickets.indexOf(ticket), 1)
              await deleteRecords(ctx, ticketShape, [ticket])
            } else if (kind === 'invoice') {
              invoices.push(id)
              const dates = { issuedOn: dayAgo(ago + 40), dueOn: dayAgo(ago * number) }
              await createInvoices(ctx, [{ id, values: { customerId, amount: 100, currency: 'JPY', ...dates } }], by)
            } else if (kind === 'pay' && invoice) {
              await updateInvoices(ctx, [{ id: invoice, values: { status: 'PAID', paidOn: dayAgo(Math.min(ago, 4)) } }])
            } else if (kind === 'answer') {
              const answer = { customerId, kind: 'NPS', score: number * 2, answeredAt: daysAgo(ago) }
              await createAnswers(ctx, [{ id, values: answer }], by)
            }
          })
      }
      // As the worker does it a few seconds later: figures, then what follows from them.
      await asSystem(company, followFacts)
      await finishJobs(application)
      const followed = await judgement()
      await asSystem(company, async ctx => {
        const run = await openRun(ctx)
        const days = Array.from({ length: pastDays }, (_, place) => dayAgo(place + 1))
        for (const day of days) await computeDay(ctx, run, day)
        await computeNow(ctx, run)
        await recalculateHealth(ctx)
        await scoreDays(ctx, days)
        await refreshSegments(ctx, { facts: factKinds, all: true })
        await evaluateRules(ctx)
      })
      expect(await judgement()).toEqual(followed)
    }),
    { numRuns: 8, endOnFailure: true },
  )
})
