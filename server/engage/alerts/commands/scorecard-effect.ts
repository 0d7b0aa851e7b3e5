import type { Context } from '../../../platform/context/context.ts'
import { inTrial } from '../../../platform/tenancy/trial.ts'
import { publishScorecard, updateScorecard } from '../../../signals/scorecards/commands/cards.ts'
import type { ScorecardDefinition } from '../../../signals/scorecards/contract/definition.ts'
import { type AlertMoves, alertMoves } from '../queries/moves.ts'
import { evaluateRules } from './evaluate.ts'

/**
 * Which alerts a changed scorecard would open and close: it is published, the rules are looked at, and all of it is taken
 * back (HLT-6).
 * @throws AppError `not_found`; `invalid_input` for a definition that cannot work
 */
export function scorecardEffect(ctx: Context, id: string, definition: ScorecardDefinition): Promise<AlertMoves[]> {
  return inTrial(ctx, async trial => {
    await updateScorecard(trial, id, { draft: definition })
    await publishScorecard(trial, id, null)
    await evaluateRules(trial)
    return alertMoves(trial)
  })
}
