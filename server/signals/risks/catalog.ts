import { z } from 'zod'
import { shippedPart } from '../../catalog/blueprints/queries.ts'
import { riskSignalItem } from './contract.ts'

/** The signals that come with the product; the YAML is the only place where they stand. */
export const readyMadeSignals = shippedPart('plugin-marketplace', 'riskSignals', z.array(riskSignalItem))
