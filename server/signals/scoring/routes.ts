import { sql } from 'kysely'
import { implement } from '../../platform/http/implement.ts'
import * as commands from './commands/rules.ts'
import { scoreAllLeads, scoreLeadsNow } from './commands/score.ts'
import * as leads from './contract/leads.ts'
import * as contract from './contract/rules.ts'
import { getScoringSettings } from './queries/definition.ts'
import { getLeadScore } from './queries/lead.ts'
import { leadStatistics, listLeads } from './queries/leads.ts'
import { getScoringRule, listScoringRules } from './queries/rules.ts'
import { simulateScoring } from './queries/simulate.ts'

export const routes = [
  implement(contract.listScoringRules, ctx => listScoringRules(ctx)),
  implement(contract.createScoringRule, async (ctx, { body }) =>
    getScoringRule(ctx, await commands.createScoringRule(ctx, body)),
  ),
  implement(contract.simulateScoring, (ctx, { body }) => simulateScoring(ctx, body)),
  implement(contract.addReadyScoringRules, ctx => commands.addReadyRules(ctx)),
  implement(contract.getScoringRule, (ctx, { params }) => getScoringRule(ctx, params.id)),
  implement(contract.updateScoringRule, async (ctx, { params, body }) => {
    await commands.updateScoringRule(ctx, params.id, body)
    return getScoringRule(ctx, params.id)
  }),
  implement(contract.deleteScoringRule, async (ctx, { params }) => {
    await commands.deleteScoringRule(ctx, params.id)
    return undefined
  }),
  implement(contract.getScoringSettings, ctx => getScoringSettings(ctx)),
  implement(contract.putScoringSettings, async (ctx, { body }) => {
    await commands.putScoringSettings(ctx, body)
    return getScoringSettings(ctx)
  }),
  implement(leads.listLeads, (ctx, { query }) => listLeads(ctx, query)),
  implement(leads.leadStatistics, ctx => leadStatistics(ctx)),
  implement(leads.scoreLeads, ctx => scoreAllLeads(ctx)),
  implement(leads.getLeadScore, (ctx, { params }) => getLeadScore(ctx, params.id)),
  implement(leads.scoreLead, async (ctx, { params }) => {
    // Asked first: of a contact that is none the answer is that there is none.
    await getLeadScore(ctx, params.id)
    await scoreLeadsNow(ctx, sql`select ${params.id}::uuid`)
    return getLeadScore(ctx, params.id)
  }),
]
