import type { RouteReply } from '../../../server/platform/http/contract.ts'
import type {
  backtestScorecard,
  getScorecard,
  previewScorecard,
} from '../../../server/signals/scorecards/contract/cards.ts'

export type Scorecard = RouteReply<typeof getScorecard>
export type Preview = RouteReply<typeof previewScorecard>
export type Backtest = RouteReply<typeof backtestScorecard>

/** One cell of the matrix of moves; none chosen: everybody whose score would change. */
export interface Cell {
  from: string | null
  to: string | null
}
