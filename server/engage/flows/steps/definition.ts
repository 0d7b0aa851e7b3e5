import type { Context, JsonObject } from '../../../platform/context/context.ts'
import type { RecordKind } from '../../../platform/context/vocabulary.ts'
import type { flowReasons } from '../contract/enrolments.ts'
import type { StepKind, StepOf } from '../contract/steps.ts'

export type FlowReason = (typeof flowReasons)[number]

/** How a step speaks to somebody. */
export type Way = 'call' | 'email' | 'in_app'

/** Somebody at a step. */
export interface Visitor {
  /** The enrolment. */
  id: string
  subjectId: string
  customerId: string | null
  /** The time zone of a contact, else of its customer, else of the company. */
  zone: string
  /** With the enrolment it is the key of what the step does: it is done once. */
  visit: number
  arrivedAt: Date
  /** It has waited here. */
  resumed: boolean
  /** Whom a step that speaks to people may speak to now. */
  recipients?: readonly string[]
}

/** All who are at one step of one version at the same time. */
export interface Batch {
  flow: { id: string; key: string; nameJa: string; nameEn: string }
  version: number
  subject: RecordKind
  /** The time zone of the company, in which its own people work. */
  zone: string
  visitors: readonly Visitor[]
}

/** How a step ended for one of them: it goes on by a way, having `reached` people or none, or it waits. */
export type Outcome =
  | {
      id: string
      way: string
      skipped?: boolean
      reason?: FlowReason
      details?: JsonObject
      reached?: readonly string[]
    }
  | { id: string; until: Date; waitsFor: 'time' | 'condition' | 'answer' }

/**
 * A kind of step. `run` works for the whole batch in a few statements, in the transaction that moves everybody on: what it
 * writes happens exactly once. What goes outside it leaves to a job or a notice with `effectKey`.
 */
export interface StepDefinition<Kind extends StepKind> {
  /** It speaks to people: consent, caps and quiet hours are looked at before, and `recipients` say to whom. */
  contacts?: Way
  run(ctx: Context, step: StepOf<Kind>, batch: Batch): Promise<Outcome[]>
}

/** The key of what a step does for one of its visitors. */
export function effectKey({ id, visit }: Visitor): string {
  return `${enrolmentKey(id)}${visit}`
}

/** What the keys of all effects of an enrolment begin with. */
export function enrolmentKey(id: string): string {
  return `${id}:`
}

/** Everybody goes on the same way. */
export function allBy(batch: Batch, way: string, more: Partial<Extract<Outcome, { way: string }>> = {}): Outcome[] {
  return batch.visitors.map(({ id }) => ({ id, way, ...more }))
}
