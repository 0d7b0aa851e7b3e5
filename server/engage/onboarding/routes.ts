import { type Implementation, implement } from '../../platform/http/implement.ts'
import * as act from './commands/act.ts'
import * as links from './commands/links.ts'
import { startByHand } from './commands/start.ts'
import * as templates from './commands/templates.ts'
import { tickTask } from './commands/tick.ts'
import * as certificates from './contract/certificates.ts'
import * as pageContract from './contract/customer-page.ts'
import { onboardingFigures } from './contract/figures.ts'
import * as contract from './contract/journeys.ts'
import * as templateContract from './contract/templates.ts'
import { certificateFileOf, certificateFromPage, certificateOf, certificatesOf } from './queries/certificate.ts'
import { customerPage } from './queries/customer-page.ts'
import { figuresOf } from './queries/figures.ts'
import { oneJourney } from './queries/journey.ts'
import { journeyPage } from './queries/journeys.ts'
import { oneTemplate, templateList } from './queries/templates.ts'

export const routes: Implementation[] = [
  implement(templateContract.listOnboardingTemplates, ctx => templateList(ctx)),
  implement(templateContract.createOnboardingTemplate, async (ctx, { body }) =>
    oneTemplate(ctx, await templates.createTemplate(ctx, body)),
  ),
  implement(templateContract.getOnboardingTemplate, (ctx, { params }) => oneTemplate(ctx, params.id)),
  implement(templateContract.updateOnboardingTemplate, async (ctx, { params, body }) => {
    await templates.updateTemplate(ctx, params.id, body)
    return oneTemplate(ctx, params.id)
  }),
  implement(templateContract.deleteOnboardingTemplate, async (ctx, { params }) => {
    await templates.deleteTemplate(ctx, params.id)
    return undefined
  }),
  implement(onboardingFigures, (ctx, { query }) => figuresOf(ctx, query.templateId)),
  implement(contract.listJourneys, (ctx, { query }) => journeyPage(ctx, query)),
  implement(contract.startJourneys, (ctx, { body }) => startByHand(ctx, body)),
  implement(contract.getJourney, (ctx, { params }) => oneJourney(ctx, params.id)),
  implement(contract.tickJourneyTask, async (ctx, { params, body }) => {
    await tickTask(ctx, params.id, params.key, body.done)
    return oneJourney(ctx, params.id)
  }),
  implement(contract.pauseJourney, async (ctx, { params, body }) => {
    await act.pauseJourney(ctx, params.id, body.reason)
    return oneJourney(ctx, params.id)
  }),
  implement(contract.resumeJourney, async (ctx, { params }) => {
    await act.resumeJourney(ctx, params.id)
    return oneJourney(ctx, params.id)
  }),
  implement(contract.cancelJourney, async (ctx, { params, body }) => {
    await act.cancelJourney(ctx, params.id, body.reason)
    return oneJourney(ctx, params.id)
  }),
  implement(contract.completeJourney, async (ctx, { params, body }) => {
    await act.completeJourney(ctx, params.id, body)
    return oneJourney(ctx, params.id)
  }),
  implement(contract.changeJourneyPeople, async (ctx, { params, body }) => {
    await act.changePeople(ctx, params.id, body.role, body.memberId)
    return oneJourney(ctx, params.id)
  }),
  implement(contract.journeyCertificate, (ctx, { params, query }) => certificateOf(ctx, params.id, query.language)),
  implement(certificates.listCertificates, (ctx, { query }) => certificatesOf(ctx, query.customerId)),
  implement(certificates.certificateFile, (ctx, { params, query }) =>
    certificateFileOf(ctx, params.id, query.language),
  ),
  implement(pageContract.createJourneyLink, (ctx, { params, body }) => links.createLink(ctx, params.id, body)),
  implement(pageContract.revokeJourneyLink, async (ctx, { params }) => {
    await links.revokeLink(ctx, params.id)
    return undefined
  }),
  implement(pageContract.readCustomerPage, async (account, { body }) =>
    customerPage(await links.openLink(account, body.token), body.session),
  ),
  implement(pageContract.tickOnCustomerPage, async (account, { body }) =>
    customerPage(await links.tickByCustomer(account, body), body.session),
  ),
  implement(pageContract.certificateOnCustomerPage, async (account, { body }) =>
    certificateFromPage(await links.openLink(account, body.token), body),
  ),
  implement(pageContract.sendPageCode, async (account, { body }) => ({
    sent: await links.sendCode(account, body.token),
  })),
  implement(pageContract.enterPageCode, async (account, { body }) => ({
    session: await links.enterCode(account, body.token, body.code),
  })),
]
