import { implement } from '../../platform/http/implement.ts'
import { createAnswer, deleteAnswer } from './commands/answer.ts'
import * as contract from './contract.ts'
import { getAnswer, listAnswers } from './queries.ts'

export const routes = [
  implement(contract.listAnswers, (ctx, { query }) => listAnswers(ctx, query)),
  implement(contract.createAnswer, async (ctx, { body }) => getAnswer(ctx, await createAnswer(ctx, body))),
  implement(contract.deleteAnswer, async (ctx, { params }) => {
    await deleteAnswer(ctx, params.id)
    return undefined
  }),
]
