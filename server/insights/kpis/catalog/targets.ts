import { z } from 'zod'
import { shippedPart } from '../../../catalog/blueprints/queries.ts'
import { blueprints, kpiTargetItem } from '../contract.ts'

/** What the programmes that Kizuna ships with aim at (KPI-1 to KPI-5). */
export const defaultTargets = blueprints.map(blueprint => ({
  blueprint,
  targets: shippedPart(blueprint, 'kpiTargets', z.array(kpiTargetItem)),
}))
