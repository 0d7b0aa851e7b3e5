import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { line } from '../../../platform/http/contract.ts'
import { inBoth, portableStep, step } from './steps.ts'
import { clock, key, trigger } from './triggers.ts'

/**
 * A flow as it is drawn, stored and written in YAML. The shape alone says that it can be read; whether it can run
 * (`graphFaults`, and what it names) is looked at when it is published.
 */
export const flowDocument = z.strictObject({
  subject: z.enum(['customer', 'contact']),
  triggers: z.array(trigger).min(1).max(10),
  /** Who may come in; null: everybody whom a trigger brings. */
  entry: condition.nullable().default(null),
  start: key.nullable().default(null),
  steps: z.array(step).max(200).default([]),
  /** Looked at before every step: who meets one leaves the flow. */
  exits: z
    .array(z.strictObject({ name: line(100).or(z.literal('')), condition }))
    .max(10)
    .default([]),
  goal: z
    .strictObject({
      condition,
      withinDays: z.number().int().min(1).max(730),
      /** Who has reached it leaves the flow. */
      ends: z.boolean().default(true),
    })
    .nullable()
    .default(null),
  /** Share of the customers that is left out, to compare with; the same customers in every flow. */
  holdoutPercent: z.number().int().min(0).max(50).default(0),
  reentry: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('never') }),
      z.strictObject({ kind: z.literal('after_end') }),
      z.strictObject({ kind: z.literal('after_days'), days: z.number().int().min(1).max(3_660) }),
    ])
    .default({ kind: 'never' }),
  /** 1 goes first where a cap leaves room for one only. */
  priority: z.number().int().min(1).max(9).default(5),
  /** Nobody is contacted between these times of their day. */
  quiet: z.strictObject({ start: clock, end: clock }).nullable().default(null),
  /** Where the drawing puts each step, by its key. */
  position: z
    .record(key, z.strictObject({ x: z.number().min(-100_000).max(100_000), y: z.number().min(-100_000).max(100_000) }))
    .optional(),
})
/** The same as a file holds it that goes from company to company. */
export const portableFlowDocument = flowDocument.extend({
  steps: z.array(portableStep).max(200).default([]),
  exits: z
    .array(z.strictObject({ name: inBoth(line(100)), condition }))
    .max(10)
    .default([]),
})
export type FlowDocument = z.output<typeof flowDocument>
export type FlowDocumentInput = z.input<typeof flowDocument>
