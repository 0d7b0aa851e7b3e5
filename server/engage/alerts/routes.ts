import { type Implementation, implement } from '../../platform/http/implement.ts'
import { actOnAlerts, noteOnAlert } from './commands/act.ts'
import * as rules from './commands/rules.ts'
import { scorecardEffect } from './commands/scorecard-effect.ts'
import * as alertContract from './contract/alerts.ts'
import { countAlerts } from './contract/counts.ts'
import * as ruleContract from './contract/rules.ts'
import { alertCounts, alertPage, oneAlert } from './queries/alerts.ts'
import { oneRule, ruleList } from './queries/rules.ts'

export const routes: Implementation[] = [
  implement(alertContract.listAlerts, (ctx, { query }) => alertPage(ctx, query)),
  implement(countAlerts, ctx => alertCounts(ctx)),
  implement(alertContract.getAlert, (ctx, { params }) => oneAlert(ctx, params.id)),
  implement(alertContract.actOnAlerts, (ctx, { body }) => actOnAlerts(ctx, body)),
  implement(alertContract.noteOnAlert, async (ctx, { params, body }) => ({
    id: await noteOnAlert(ctx, params.id, body.text),
  })),
  implement(ruleContract.listAlertRules, ctx => ruleList(ctx)),
  implement(ruleContract.getAlertRule, (ctx, { params }) => oneRule(ctx, params.id)),
  implement(ruleContract.createAlertRule, async (ctx, { body }) =>
    oneRule(ctx, await rules.createAlertRule(ctx, body)),
  ),
  implement(ruleContract.updateAlertRule, async (ctx, { params, body }) => {
    await rules.updateAlertRule(ctx, params.id, body)
    return oneRule(ctx, params.id)
  }),
  implement(ruleContract.deleteAlertRule, async (ctx, { params }) => {
    await rules.deleteAlertRule(ctx, params.id)
    return undefined
  }),
  implement(ruleContract.scorecardEffect, async (ctx, { params, body }) => ({
    items: await scorecardEffect(ctx, params.id, body.definition),
  })),
  implement(ruleContract.previewAlertRule, (ctx, { body }) => rules.previewTrigger(ctx, body.trigger)),
]
