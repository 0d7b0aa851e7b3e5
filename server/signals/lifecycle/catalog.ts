import { z } from 'zod'
import { shippedPart } from '../../catalog/blueprints/queries.ts'
import { createStage } from './contract/stages.ts'

/** New, MQL, SQL, Opportunity, Won and Lost, as most teams of sales and marketing know them. */
export const standardStages = shippedPart('lead-growth', 'lifecycleStages', z.array(createStage.body))
