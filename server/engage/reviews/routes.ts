import { implement } from '../../platform/http/implement.ts'
import { createReview, updateReview } from './commands.ts'
import * as contract from './contract.ts'
import { getReview, listReviews } from './queries.ts'

export const routes = [
  implement(contract.listReviews, (ctx, { params, query }) => listReviews(ctx, params.id, query)),
  implement(contract.createReview, async (ctx, { params, body }) =>
    getReview(ctx, await createReview(ctx, params.id, body)),
  ),
  implement(contract.updateReview, async (ctx, { params, body }) => {
    await updateReview(ctx, params.reviewId, body)
    return getReview(ctx, params.reviewId)
  }),
]
