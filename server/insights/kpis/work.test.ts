import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { atMoment, customerSince, figureOf } from '../../../tests/support/kpis.ts'
import { handOver } from '../../customers/accounts/commands/handover.ts'
import { makeProfiles, patchProfiles } from '../../customers/record/commands/profile.ts'
import { saveCommunications } from '../../customers/timeline/commands.ts'
import { saveActivities } from '../../engage/advocacy/commands.ts'
import { createAlertRule } from '../../engage/alerts/commands/rules.ts'
import { createAlertRule as contract } from '../../engage/alerts/contract/rules.ts'
import { saveReviews } from '../../engage/reviews/commands.ts'

let application: TestApplication
let company: TestCompany
beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())
beforeEach(async () => {
  company = await newCompany(application)
})

describe('onboarding', () => {
  it('KPI-2, KPI-5: time to first value and completion of what was due, in three months', async () => {
    const profile = async (values: Record<string, string>) => {
      const id = await customerSince(company, '2025-01-01')
      await atMoment(company, async ctx => {
        await makeProfiles(ctx, [id])
        await patchProfiles(ctx, [{ id, values }])
      })
    }
    const started = { onboardingStatus: 'COMPLETED', onboardingStartedOn: '2026-03-01' }
    await profile({
      ...started,
      firstValueOn: '2026-03-11',
      onboardingTargetOn: '2026-04-30',
      onboardingCompletedOn: '2026-04-30',
    })
    // Thirty days are not under thirty.
    await profile({
      ...started,
      firstValueOn: '2026-03-31',
      onboardingTargetOn: '2026-04-01',
      onboardingCompletedOn: '2026-05-02',
    })
    await profile({ onboardingStatus: 'CANCELLED', onboardingStartedOn: '2026-01-01' })
    await profile({ ...started, onboardingTargetOn: '2026-05-01', firstValueOn: '2026-05-01' })
    expect(await figureOf(company, 'time_to_first_value', '2026-04')).toEqual([20, 40, 2])
    expect(await figureOf(company, 'value_within_30_days', '2026-04')).toEqual([50, 1, 2])
    // The cancelled one had 90 days: 1 April.
    expect(await figureOf(company, 'onboarding_completion', '2026-04')).toEqual([33.333333, 1, 3])
  })
})

describe('the work with customers', () => {
  it('KPI-2: reviews held within seven days of their date', async () => {
    const customerId = await customerSince(company, '2025-01-01')
    const review = (scheduledAt: string, heldAt: string | null) => ({
      id: randomUUID(),
      values: { customerId, type: 'QUARTERLY', scheduledAt, heldAt },
    })
    await atMoment(company, ctx =>
      saveReviews(ctx, [
        review('2026-04-01T00:00:00Z', '2026-04-08T00:00:00Z'),
        review('2026-04-02T00:00:00Z', '2026-04-09T00:00:01Z'),
        review('2026-04-03T00:00:00Z', null),
        review('2026-04-30T15:00:00Z', '2026-05-01T00:00:00Z'),
        // It has time until 19 May.
        review('2026-05-12T00:00:00Z', null),
      ] as never),
    )
    expect(await figureOf(company, 'review_completion', '2026-04')).toEqual([33.333333, 1, 3])
    expect(await figureOf(company, 'review_completion', '2026-05')).toEqual([100, 1, 1])
  })

  it('KPI-3, KPI-5: customers per CSM as it was, touch-points and who was contacted', async () => {
    const [one, other] = [await newMember(company, 'csm'), await newMember(company, 'csm')]
    const ids = [
      await customerSince(company, '2025-01-01', { ownerId: one.memberId }),
      await customerSince(company, '2025-01-01', { ownerId: one.memberId }),
      await customerSince(company, '2025-01-01', { ownerId: one.memberId }),
      await customerSince(company, '2025-01-01'),
    ]
    await atMoment(
      company,
      ctx => handOver(ctx, { ids: [ids[0]!], toId: other.memberId, dryRun: false }),
      '2026-05-15T03:00:01Z',
    )
    expect(await figureOf(company, 'portfolio_size', '2026-05')).toEqual([1.5, 3, 2])
    expect(await figureOf(company, 'portfolio_size', '2026-04')).toEqual([3, 3, 1])
    const touch = (customerId: string, kind: string, occurredAt: string) => ({
      id: randomUUID(),
      values: { customerId, kind, occurredAt, body: 'x' },
    })
    await atMoment(company, ctx =>
      saveCommunications(ctx, [
        touch(ids[0]!, 'CALL', '2026-04-02T00:00:00Z'),
        touch(ids[0]!, 'MEETING', '2026-04-30T14:59:59Z'),
        touch(ids[1]!, 'NOTE', '2026-04-02T00:00:00Z'),
        touch(ids[2]!, 'EMAIL', '2026-04-30T15:00:00Z'),
      ] as never),
    )
    expect(await figureOf(company, 'touch_frequency', '2026-04')).toEqual([0.5, 2, 4])
    expect(await figureOf(company, 'contacted_share', '2026-04')).toEqual([25, 1, 4])
  })

  it('KPI-4: serious alerts seen to within 24 hours', async () => {
    const customerId = await customerSince(company, '2025-01-01')
    const rule = contract.body.parse({
      nameJa: '規則',
      nameEn: 'Rule',
      severity: 'high',
      topic: 'risk',
      trigger: { kind: 'event', type: 'payment.failed' },
    })
    await atMoment(company, async ctx => {
      const alert = async (openedAt: string, severity: string, seenAt: string | null) => {
        const ruleId = await createAlertRule(ctx, rule)
        const id = randomUUID()
        await sql`insert into alert (tenant_id, id, rule_id, subject_id, customer_id, state, severity, rank, opened_at, updated_at)
          values (${ctx.tenantId}, ${id}, ${ruleId}, ${customerId}, ${customerId}, 'open', ${severity}, 2, ${openedAt}, ${openedAt})`.execute(
          ctx.tx,
        )
        if (seenAt) {
          await sql`insert into alert_step (tenant_id, id, alert_id, at, kind, actor_kind)
            values (${ctx.tenantId}, ${randomUUID()}, ${id}, ${seenAt}, 'acknowledged', 'member')`.execute(ctx.tx)
        }
      }
      await alert('2026-04-10T00:00:00Z', 'high', '2026-04-11T00:00:00Z')
      await alert('2026-04-10T00:00:00Z', 'critical', '2026-04-11T00:00:01Z')
      await alert('2026-04-10T00:00:00Z', 'critical', null)
      await alert('2026-04-10T00:00:00Z', 'medium', null)
      await alert('2026-05-14T12:00:00Z', 'high', null)
    })
    expect(await figureOf(company, 'urgent_alerts_in_24h', '2026-04')).toEqual([33.333333, 1, 3])
    expect(await figureOf(company, 'urgent_alerts_in_24h', '2026-05')).toEqual([null, 0, 0])
  })

  it('KPI-5: who advocates, and the case studies of the fiscal year', async () => {
    const ids = [await customerSince(company, '2025-01-01'), await customerSince(company, '2025-01-01')]
    const activity = (type: string, status: string, completedOn: string | null) => ({
      id: randomUUID(),
      values: { customerId: ids[0]!, type, status, title: 't', completedOn },
    })
    await atMoment(company, ctx =>
      saveActivities(ctx, [
        activity('CASE_STUDY', 'COMPLETED', '2026-03-31'),
        activity('CASE_STUDY', 'COMPLETED', '2026-04-01'),
        activity('CASE_STUDY', 'DECLINED', null),
        activity('WEBINAR', 'COMPLETED', '2026-04-02'),
      ] as never),
    )
    expect(await figureOf(company, 'advocate_share', '2026-04')).toEqual([50, 1, 2])
    expect(await figureOf(company, 'advocate_share', '2026-02')).toEqual([0, 0, 2])
    expect(await figureOf(company, 'case_studies', '2026-05')).toEqual([1, 1, null])
    expect(await figureOf(company, 'case_studies', '2026-03')).toEqual([1, 1, null])
  })
})
