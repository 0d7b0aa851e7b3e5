import { implement } from '../../platform/http/implement.ts'
import * as contract from './contract.ts'
import { advocacyMetrics, onboardingMetrics, statistics } from './queries.ts'

export const routes = [
  implement(contract.getStatistics, ctx => statistics(ctx)),
  implement(contract.getOnboardingMetrics, ctx => onboardingMetrics(ctx)),
  implement(contract.getAdvocacyMetrics, ctx => advocacyMetrics(ctx)),
]
