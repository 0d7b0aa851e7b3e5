import { sql } from 'kysely'
import { announce, type Context, enqueue } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { FlowDocument } from '../contract/document.ts'
import { type Step, waysOf } from '../contract/steps.ts'
import { type RunningFlow, runningFlows, versionsOf } from '../queries/stored.ts'
import { zoneOf } from '../queries/zone.ts'
import type { Batch, FlowReason, Outcome } from '../steps/definition.ts'
import { kindOf } from '../steps/kinds.ts'
import { meeting } from '../steps/waits.ts'
import { claimDue, flowsDue, type LogLine, type Traveller, writeLog, writeTravellers } from './claim.ts'
import { speak } from './contact.ts'
import { runJob } from './enrol.ts'

/** Enrolments that are claimed together. */
const batchSize = 5_000
/** A run begins no further claim after this time (ms), so that it holds no locks for long. */
const longestRun = 1_000
/** Steps that one enrolment goes without any time passing; what goes on longer rests for an hour. */
const mostHops = 200
/** How often a step that fails is tried before a person has to look. */
const mostAttempts = 5
/** After so many single failures the rest of a batch is not tried one by one. */
const mostSingles = 50

/**
 * Takes everybody who is due on by their steps, in batches; all in the caller's transaction, so that what a step does and
 * the move to the next one are one.
 * @returns how many steps were gone
 */
export async function runDue(ctx: Context, longest = longestRun): Promise<number> {
  const end = performance.now() + longest
  const flows = new Map((await runningFlows(ctx)).map(flow => [flow.id, flow]))
  const zone = await zoneOf(ctx)
  let steps = 0
  for (const due of await flowsDue(ctx)) {
    const flow = flows.get(due.id)
    if (!flow) continue
    for (let claimed = batchSize; claimed === batchSize; ) {
      const travellers = await claimDue(ctx, due, { most: batchSize, zone })
      claimed = travellers.length
      if (claimed > 0) steps += await new Run(ctx, flow, zone, travellers).finish()
      if (performance.now() < end) continue
      enqueue(ctx, { name: runJob, payload: {}, key: 'run' })
      return steps
    }
  }
  return steps
}

/** One batch of enrolments of a flow on its way. */
class Run {
  #ctx: Context
  #flow: RunningFlow
  #zone: string
  #travellers: Traveller[]
  #documents = new Map<string, FlowDocument>()
  #log: LogLine[] = []
  #singles = 0

  constructor(ctx: Context, flow: RunningFlow, zone: string, travellers: Traveller[]) {
    this.#ctx = ctx
    this.#flow = flow
    this.#zone = zone
    this.#travellers = travellers
  }

  /** Goes on until everybody waits, has ended or failed, and writes it down. @returns how many steps were gone */
  async finish(): Promise<number> {
    const { id } = this.#flow
    const versions = [...new Set(this.#travellers.map(({ version }) => version))]
    this.#documents = await versionsOf(
      this.#ctx,
      versions.map(version => ({ flow: id, version })),
    )
    for (;;) {
      const [first] = this.#travellers.filter(({ rest }) => !rest)
      if (!first) break
      await this.#attempt(
        this.#travellers.filter(({ rest, step, version }) => !rest && step === first.step && version === first.version),
      )
    }
    await writeLog(this.#ctx, id, this.#log)
    await writeTravellers(this.#ctx, this.#travellers)
    const ended = this.#travellers.filter(({ rest }) => rest?.state === 'ended').length
    announce(this.#ctx, {
      type: 'flow.advanced',
      subject: { kind: 'flow', id },
      payload: { enrolments: this.#travellers.length, ended },
    })
    return this.#log.length
  }

  /** One step; where it fails, a bad one does not hurt its neighbours. */
  async #attempt(group: Traveller[]): Promise<void> {
    const { version, step: key } = group[0]!
    const document = this.#documents.get(`${this.#flow.id} ${version}`)
    const step = document?.steps.find(each => each.key === key)
    if (!document || !step) {
      for (const each of group) each.rest = { state: 'failed', fault: `Step "${key}" is missing.` }
      return
    }
    const { pending } = this.#ctx
    const marks = {
      events: pending.events.length,
      jobs: pending.jobs.length,
      records: pending.records.length,
      log: this.#log.length,
    }
    await sql`savepoint flow_step`.execute(this.#ctx.tx)
    try {
      const outcomes = await this.#perform(document, step, group)
      const found = new Set(outcomes.map(({ id }) => id))
      // What a kind says nothing about would be looked at for ever.
      if (group.some(each => !each.rest && !found.has(each.id))) {
        throw new Error(`The step "${key}" says nothing about an enrolment.`)
      }
      await sql`release savepoint flow_step`.execute(this.#ctx.tx)
      this.#goOn(step, group, outcomes)
    } catch (error) {
      if (isAway(error)) throw error
      await sql`rollback to savepoint flow_step`.execute(this.#ctx.tx)
      pending.events.length = marks.events
      pending.jobs.length = marks.jobs
      pending.records.length = marks.records
      this.#log.length = marks.log
      for (const each of group) delete each.rest
      await this.#isolate(group, error)
    }
  }

  /** A fault of the flow itself hits everybody; any other one may be that of a single record. */
  async #isolate(group: Traveller[], error: unknown): Promise<void> {
    if (group.length > 1 && !(error instanceof AppError) && this.#singles < mostSingles) {
      const middle = Math.ceil(group.length / 2)
      await this.#attempt(group.slice(0, middle))
      await this.#attempt(group.slice(middle))
      return
    }
    if (group.length === 1) this.#singles += 1
    const fault = error instanceof AppError ? error.words[this.#ctx.locale] : (error as Error).message.slice(0, 500)
    for (const each of group) {
      each.attempts += 1
      each.rest =
        each.attempts >= mostAttempts
          ? { state: 'failed', fault }
          : {
              state: 'active',
              due: new Date(this.#ctx.now.getTime() + 60_000 * 4 ** (each.attempts - 1)),
              waitsFor: null,
              fault,
            }
    }
  }

  async #perform(document: FlowDocument, step: Step, group: Traveller[]): Promise<Outcome[]> {
    await this.#leave(document, step, group)
    const kind = kindOf(step.kind)
    const batch = this.#batch(group.filter(({ rest }) => !rest))
    if (batch.visitors.length === 0) return []
    if (!kind.contacts) return kind.run(this.#ctx, step, batch)
    return speak(this.#ctx, step, batch, { way: kind.contacts, document, run: left => kind.run(this.#ctx, step, left) })
  }

  #batch(visitors: readonly Traveller[]): Batch {
    const { id, key, nameJa, nameEn, subject } = this.#flow
    return {
      flow: { id, key, nameJa, nameEn },
      version: visitors[0]?.version ?? 0,
      subject,
      zone: this.#zone,
      visitors,
    }
  }

  /** Before every step: who is gone, has reached the goal or meets an exit leaves the flow. */
  async #leave({ goal, exits }: FlowDocument, step: Step, group: Traveller[]): Promise<void> {
    for (const each of group) if (each.gone) this.#end(step, each, 'subject_gone')
    if (goal) {
      const since = this.#ctx.now.getTime() - goal.withinDays * 86_400_000
      const left = group.filter(each => !each.rest && each.goalAt === null && each.enteredAt.getTime() > since)
      const met = left.length === 0 ? new Set() : await meeting(this.#ctx, this.#batch(left), goal.condition)
      for (const each of left) if (met.has(each.subjectId)) each.goalAt = this.#ctx.now
      for (const each of group) if (goal.ends && each.goalAt && !each.rest) this.#end(step, each, 'goal')
    }
    for (const { name, condition } of exits) {
      const left = group.filter(({ rest }) => !rest)
      if (left.length === 0) return
      const met = await meeting(this.#ctx, this.#batch(left), condition)
      for (const each of left) if (met.has(each.subjectId)) this.#end(step, each, 'exit', { exit: name })
    }
  }

  #end(step: Step, traveller: Traveller, reason: FlowReason, details: object | null = null): void {
    this.#note(step, traveller, { outcome: 'ended', way: null, reason, details })
    traveller.rest = { state: 'ended', reason }
  }

  #note(
    step: Step,
    { id, visit, version, arrivedAt }: Traveller,
    more: Pick<LogLine, 'outcome' | 'way' | 'reason' | 'details'>,
  ) {
    this.#log.push({ id, visit, version, step: step.key, kind: step.kind, arrivedAt, ...more })
  }

  #goOn(step: Step, group: readonly Traveller[], outcomes: readonly Outcome[]): void {
    const found = new Map(outcomes.map(outcome => [outcome.id, outcome]))
    const ways = new Map(waysOf(step).map(({ name, to }) => [name, to]))
    for (const each of group) {
      if (each.rest) continue
      const outcome = found.get(each.id)!
      if ('until' in outcome) {
        each.rest = { state: 'active', due: outcome.until, waitsFor: outcome.waitsFor }
        continue
      }
      this.#note(step, each, {
        outcome: outcome.skipped ? 'skipped' : 'done',
        way: outcome.way,
        reason: outcome.reason ?? null,
        details: outcome.details ?? null,
      })
      const to = ways.get(outcome.way) ?? null
      each.visit += 1
      each.arrivedAt = this.#ctx.now
      each.resumed = false
      each.attempts = 0
      each.hops += 1
      if (to === null) each.rest = { state: 'ended', reason: 'finished' }
      else {
        each.step = to
        if (each.hops >= mostHops) {
          each.rest = { state: 'active', due: new Date(this.#ctx.now.getTime() + 3_600_000), waitsFor: null }
        }
      }
    }
  }
}

/** The database is away or a lock was lost: the whole job is tried again. */
function isAway(error: unknown): boolean {
  const { code = '', message } = error as { code?: string; message: string }
  return /^(08|40|53|57P|55P)/.test(code) || /Connection terminated|not queryable|connection error/.test(message)
}
