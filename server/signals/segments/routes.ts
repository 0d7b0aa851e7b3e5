import { implement } from '../../platform/http/implement.ts'
import * as commands from './commands/segments.ts'
import * as contract from './contract.ts'
import { getSegment, listSegments, segmentMembers, segmentMoves } from './queries/segments.ts'
import { segmentStatistics, suggestSegments } from './queries/statistics.ts'

export const routes = [
  implement(contract.listSegments, (ctx, { query }) => listSegments(ctx, query)),
  implement(contract.suggestSegments, ctx => suggestSegments(ctx)),
  implement(contract.createSegment, async (ctx, { body }) => getSegment(ctx, await commands.createSegment(ctx, body))),
  implement(contract.getSegment, (ctx, { params }) => getSegment(ctx, params.id)),
  implement(contract.updateSegment, async (ctx, { params, body }) => {
    await commands.updateSegment(ctx, params.id, body)
    return getSegment(ctx, params.id)
  }),
  implement(contract.deleteSegment, async (ctx, { params }) => {
    await commands.deleteSegment(ctx, params.id)
    return undefined
  }),
  implement(contract.refreshSegment, (ctx, { params }) => commands.refreshSegment(ctx, params.id)),
  implement(contract.changeSegmentMembers, (ctx, { params, body }) => commands.changeMembers(ctx, params.id, body)),
  implement(contract.listSegmentMembers, (ctx, { params, query }) => segmentMembers(ctx, params.id, query)),
  implement(contract.listSegmentMoves, (ctx, { params, query }) => segmentMoves(ctx, params.id, query)),
  implement(contract.segmentStatistics, (ctx, { params }) => segmentStatistics(ctx, params.id)),
]
