import type { RouteReply } from '../../../server/platform/http/contract.ts'
import type { churnOverview, getChurnModel } from '../../../server/signals/churn/contract/models.ts'

export type Overview = RouteReply<typeof churnOverview>
export type Model = RouteReply<typeof getChurnModel>
export type ModelLine = NonNullable<Overview['live']>
export type Report = NonNullable<Model['reports']['forest']>
export type Method = Report['methods'][number]

/** A version serves that has not judged everybody yet. */
export function isJudging({ live, predictedAt }: Overview): boolean {
  return Boolean(live?.liveAt && (!predictedAt || Date.parse(predictedAt) < Date.parse(live.liveAt)))
}

/** The report of the trees that serve, or are proposed. */
export function reportOf(model: Model): Report | undefined {
  return (model.algorithm && model.reports[model.algorithm]) ?? undefined
}

/** What a report says of the model itself. */
export function ownMethod(report: Report): Method {
  return report.methods.find(({ name }) => name === 'model') ?? report.methods[0]!
}
