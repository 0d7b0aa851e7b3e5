import { z } from 'zod'
import { shippedPart } from '../../catalog/blueprints/queries.ts'
import { scorecardItem } from './contract/cards.ts'

const definitionOf = (blueprint: string) => shippedPart(blueprint, 'scorecards', z.array(scorecardItem))[0]!.definition

/** HLT-1: eight factors from 0 to 100, weights in percent. */
export const saasSuccess = definitionOf('saas-success')
/** HLT-2: five factors by steps, 100 points in all. */
export const pluginMarketplace = definitionOf('plugin-marketplace')
/** HLT-3: four components with weights of 30, 30, 20 and 20 percent. */
export const earlySuccess = definitionOf('early-success')
