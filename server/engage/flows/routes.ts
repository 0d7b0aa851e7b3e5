import { type Implementation, implement } from '../../platform/http/implement.ts'
import type { RawImplementation } from '../../platform/http/raw.ts'
import { actOnEnrolments, enrolByHand } from './commands/act.ts'
import { decideRequest, receiveAnswer } from './commands/answer.ts'
import * as flows from './commands/flows.ts'
import { callHook, rotateHook } from './commands/hook.ts'
import { moveEnrolments, previewMove } from './commands/move.ts'
import { radiusOf } from './commands/radius.ts'
import { rehearse } from './commands/rehearse.ts'
import { changeFlowSettings } from './commands/settings.ts'
import * as enrolmentContract from './contract/enrolments.ts'
import * as contract from './contract/flows.ts'
import { answerProvision, callFlowHook } from './contract/hooks.ts'
import * as reports from './contract/reports.ts'
import { flowFaults } from './queries/check.ts'
import { flowSettings } from './queries/consent.ts'
import { contactLogPage } from './queries/contacts.ts'
import * as enrolments from './queries/enrolments.ts'
import { flowList, oneFlow, versionList } from './queries/flows.ts'
import { countsOf, resultOf } from './queries/result.ts'
import { storedFlow } from './queries/stored.ts'
import { successOf } from './queries/success.ts'
import { winBackFigures, winBackPage } from './queries/win-back.ts'
import { checkedYaml, exportedFlow, yamlOf } from './queries/yaml.ts'

export const routes: Implementation[] = [
  implement(contract.listFlows, (ctx, { query }) => flowList(ctx, query)),
  implement(contract.getFlow, (ctx, { params }) => oneFlow(ctx, params.id)),
  implement(contract.createFlow, async (ctx, { body }) => oneFlow(ctx, await flows.createFlow(ctx, body))),
  implement(contract.updateFlow, async (ctx, { params, body }) => {
    await flows.updateFlow(ctx, params.id, body)
    return oneFlow(ctx, params.id)
  }),
  implement(contract.deleteFlow, async (ctx, { params }) => {
    await flows.deleteFlow(ctx, params.id)
    return undefined
  }),
  implement(contract.publishFlow, async (ctx, { params, body }) => {
    const published = await flows.publishFlow(ctx, params.id, body)
    return { ...published, flow: await oneFlow(ctx, params.id) }
  }),
  implement(contract.changeFlowState, async (ctx, { params, body }) => {
    await flows.changeFlowState(ctx, params.id, body.to)
    return oneFlow(ctx, params.id)
  }),
  implement(contract.checkFlow, async (ctx, { body }) => ({ faults: await flowFaults(ctx, body.document) })),
  implement(contract.flowRadius, (ctx, { body }) => radiusOf(ctx, body.document, body.flowId)),
  implement(contract.testFlow, (ctx, { body }) => rehearse(ctx, body.document, body)),
  implement(contract.testSavedFlow, async (ctx, { params, body }) =>
    rehearse(ctx, (await storedFlow(ctx, params.id)).draft, body),
  ),
  implement(contract.flowVersions, (ctx, { params }) => versionList(ctx, params.id)),
  implement(contract.flowCounts, (ctx, { params, query }) => countsOf(ctx, params.id, query.version)),
  implement(contract.flowResult, (ctx, { params }) => resultOf(ctx, params.id)),
  implement(reports.flowSuccess, (ctx, { params, query }) => successOf(ctx, params.id, query)),
  implement(reports.listContactLog, (ctx, { query }) => contactLogPage(ctx, query)),
  implement(reports.listWinBack, (ctx, { query }) => winBackPage(ctx, query)),
  implement(reports.readWinBack, ctx => winBackFigures(ctx)),
  implement(contract.exportFlow, (ctx, { params }) => exportedFlow(ctx, params.id)),
  implement(contract.formatFlow, async (_, { body }) => ({ yaml: yamlOf(body.document) })),
  implement(contract.readFlow, (ctx, { body }) => checkedYaml(ctx, body.yaml)),
  implement(contract.rotateFlowHook, (ctx, { params }) => rotateHook(ctx, params.id)),
  implement(callFlowHook, (account, { query, body }) => callHook(account, query.token, body)),
  implement(enrolmentContract.enrol, (ctx, { params, body }) => enrolByHand(ctx, params.id, body.subjectIds)),
  implement(enrolmentContract.listEnrolments, (ctx, { query }) => enrolments.enrolmentPage(ctx, query)),
  implement(enrolmentContract.getEnrolment, (ctx, { params }) => enrolments.oneEnrolment(ctx, params.id)),
  implement(enrolmentContract.actOnEnrolments, (ctx, { body }) => actOnEnrolments(ctx, body)),
  implement(enrolmentContract.previewMove, (ctx, { params, body }) => previewMove(ctx, params.id, body)),
  implement(enrolmentContract.moveEnrolments, (ctx, { params, body }) => moveEnrolments(ctx, params.id, body)),
  implement(enrolmentContract.listRefusals, (ctx, { params, query }) => enrolments.refusalPage(ctx, params.id, query)),
  implement(enrolmentContract.listSuppressions, (ctx, { query }) => enrolments.suppressionPage(ctx, query)),
  implement(enrolmentContract.readFlowSettings, ctx => flowSettings(ctx)),
  implement(enrolmentContract.changeFlowSettings, (ctx, { body }) => changeFlowSettings(ctx, body)),
  implement(enrolmentContract.listRequests, (ctx, { query }) => enrolments.requestPage(ctx, query)),
  implement(enrolmentContract.decideRequest, async (ctx, { params, body }) => {
    await decideRequest(ctx, params.id, body)
    return enrolments.oneRequest(ctx, params.id)
  }),
]

export const answerRoutes: readonly RawImplementation[] = [{ contract: answerProvision, handle: receiveAnswer }]
