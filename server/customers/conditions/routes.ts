import { implement } from '../../platform/http/implement.ts'
import * as contract from './contract.ts'
import { previewOf, vocabularyFor, whyOf } from './queries.ts'

export const routes = [
  implement(contract.readVocabulary, (ctx, { query }) => vocabularyFor(ctx, query.record)),
  implement(contract.previewCondition, (ctx, { body }) => previewOf(ctx, body.record, body.condition)),
  implement(contract.explainCondition, (ctx, { body }) => whyOf(ctx, body.record, body.id, body.condition)),
]
