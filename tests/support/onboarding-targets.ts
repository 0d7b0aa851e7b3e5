import { sql } from 'kysely'
import { issueCertificates } from '../../server/engage/onboarding/commands/certify.ts'
import { createJourneyLink } from '../../server/engage/onboarding/contract/customer-page.ts'
import { listJourneys, startJourneys } from '../../server/engage/onboarding/contract/journeys.ts'
import { createOnboardingTemplate } from '../../server/engage/onboarding/contract/templates.ts'
import { asSystem, type TestCompany } from './factories.ts'

/** An id of the company's onboarding for each route that takes one, and a body that the route accepts. */
export async function onboardingTargets(
  other: TestCompany,
  { customer, member }: { customer: string; member: string },
  missing: string,
) {
  const { admin } = other
  const step = { key: 'start', nameJa: '開始', nameEn: 'Start', fromDay: 1, toDay: 7 }
  const welcome = {
    key: 'welcome',
    phase: 'start',
    titleJa: '案内',
    titleEn: 'Welcome',
    role: 'owner' as const,
    dueDay: 1,
  }
  const definition = { days: 7, phases: [step], tasks: [welcome] }
  const newJourney = { nameJa: '導入', nameEn: 'Start', definition }
  const journeyTemplate = (await admin.call(createOnboardingTemplate, { body: newJourney })).body.id
  await admin.call(startJourneys, { body: { templateId: journeyTemplate, ids: [customer] } })
  const journey = (await admin.call(listJourneys, { query: {} })).body.items[0]!.id
  const certificate = await asSystem(other, async ctx => {
    await issueCertificates(ctx, [
      { key: 'matrix', customerId: customer, contactId: null, title: { ja: '研修', en: 'Training' } },
    ])
    const { rows } = await sql<{ id: string }>`select id from certificate where tenant_id = ${ctx.tenantId}`.execute(
      ctx.tx,
    )
    return rows[0]!.id
  })
  const journeyLink = (await admin.call(createJourneyLink, { params: { id: journey }, body: {} })).body.id
  return {
    getOnboardingTemplate: { foreign: journeyTemplate, missing },
    updateOnboardingTemplate: { foreign: journeyTemplate, missing, body: { nameJa: '別' } },
    deleteOnboardingTemplate: { foreign: journeyTemplate, missing },
    getJourney: { foreign: journey, missing },
    tickJourneyTask: { foreign: journey, missing, body: { done: true } },
    pauseJourney: { foreign: journey, missing, body: { reason: 'x' } },
    resumeJourney: { foreign: journey, missing, body: {} },
    cancelJourney: { foreign: journey, missing, body: { reason: 'x' } },
    completeJourney: { foreign: journey, missing, body: { reason: 'x' } },
    changeJourneyPeople: { foreign: journey, missing, body: { role: 'analyst', memberId: member } },
    journeyCertificate: { foreign: journey, missing },
    certificateFile: { foreign: certificate, missing },
    createJourneyLink: { foreign: journey, missing, body: {} },
    revokeJourneyLink: { foreign: journeyLink, missing },
  }
}
