import { z } from 'zod'
import { shippedPart } from '../../catalog/blueprints/queries.ts'
import { scoringRuleItem } from './contract/rules.ts'

/**
 * Rules that most companies start with: what the person is, what they do, and what speaks against them. `employees` is an
 * own field of contacts; a company without it does without its rules.
 */
export const readyRules = shippedPart('lead-growth', 'scoringRules', z.array(scoringRuleItem))
