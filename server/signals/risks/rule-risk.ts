import type { RiskLevel } from './contract.ts'

/**
 * The score of customers while there is too little history to train a model (CHN-4, CHN-6): what their open risk signals
 * say, by naive Bayes.
 *
 *   log-odds = prior + sum of the weights of the open signals;  score = 100 / (1 + exp(−log-odds))
 *
 * The weight of a signal is the logarithm of how much more often it is seen at customers that leave than at others. Until a
 * company has seen customers leave, documented ones are taken: a high signal is three times as frequent at
 * leavers, a medium one 1.6 times, a low one (a good sign) 0.6 times. They are judgement, not measurement: the order of
 * the levels is the sources', the size is chosen so that one high signal alone makes 8 of 100 and four make 71.
 *
 * What happened at the company takes their place with its number n, against m = 20 customers that the documented ones
 * stand for:  weight = (m · documented + n · observed) / (m + n)
 *
 *   observed = ln( ((a + r) / (L + 1)) / ((b + r) / (S + 1)) ), between −3 and 3
 *
 * a of L customers that left showed it in the days before they did, b of S that are still there showed it in as many days
 * whose outcome is known; r = (a + b) / (L + S) is one customer as they all are, for each side. n = min(a + b, L): it
 * rests on no more leavers than there were, and on no more customers than showed it. The prior works alike: one in a
 * hundred leaves in a month by the document, which stands for 200 customers.
 *
 * Signals that are not shown say nothing, and signals count as if none followed from another: the score ranks customers
 * and is not a calibrated probability.
 */
export const documented = {
  odds: { high: 3, medium: 1.6, low: 0.6 } satisfies Record<RiskLevel, number>,
  /** Customers that the documented weight of a signal stands for. */
  signalCustomers: 20,
  /** Share of customers that leave in 30 days, and the customers that this stands for. */
  monthlyRate: 0.01,
  rateCustomers: 200,
  /** No observed weight is beyond it, on either side. */
  mostObserved: 3,
} as const

/** How often a signal was seen at those that left, and at those that stayed. */
export interface SignalEvidence {
  level: RiskLevel
  left: number
  leftShowing: number
  stayed: number
  stayedShowing: number
}

/** What speaks for or against leaving. */
export interface Weight {
  /** Added to the log-odds. */
  weight: number
  /** Share of it that rests on what happened at the company, 0 to 1. */
  own: number
}

/** What a signal weighs. */
export function signalWeight({ level, left, leftShowing, stayed, stayedShowing }: SignalEvidence): Weight {
  const given = Math.log(documented.odds[level])
  const showing = leftShowing + stayedShowing
  const customers = stayed > 0 ? Math.min(showing, left) : 0
  if (customers === 0) return { weight: given, own: 0 }
  const usual = showing / (left + stayed)
  const ratio = Math.log((leftShowing + usual) / (left + 1) / ((stayedShowing + usual) / (stayed + 1)))
  const observed = Math.max(-documented.mostObserved, Math.min(documented.mostObserved, ratio))
  const own = customers / (documented.signalCustomers + customers)
  return { weight: (1 - own) * given + own * observed, own }
}

/** The share of customers that the document says leave within some days. */
export function documentedRate(days: number): number {
  return 1 - (1 - documented.monthlyRate) ** (days / 30)
}

/** What is to be said of a customer of whom nothing is known. @param customers there so many days ago. @param left since */
export function priorWeight({ customers, left }: { customers: number; left: number }, days: number): Weight {
  const { rateCustomers } = documented
  const rate = (rateCustomers * documentedRate(days) + left) / (rateCustomers + customers)
  return { weight: Math.log(rate / (1 - rate)), own: customers / (rateCustomers + customers) }
}

/** @returns the score, 0 to 100, and the share of what makes it that rests on what happened at the company, 0 to 1 */
export function ruleRisk(prior: Weight, signals: readonly Weight[]): { score: number; confidence: number } {
  const parts = [prior, ...signals]
  const odds = parts.reduce((sum, { weight }) => sum + weight, 0)
  const size = parts.reduce((sum, { weight }) => sum + Math.abs(weight), 0)
  const own = parts.reduce((sum, part) => sum + Math.abs(part.weight) * part.own, 0)
  return { score: 100 / (1 + Math.exp(-odds)), confidence: own / size }
}
