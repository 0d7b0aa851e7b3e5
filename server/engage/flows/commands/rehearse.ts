import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { inTrial } from '../../../platform/tenancy/trial.ts'
import type { FlowDocument } from '../contract/document.ts'
import type { testFlow } from '../contract/flows.ts'
import { graphFaults } from '../contract/graph.ts'
import { type Step, waysOf } from '../contract/steps.ts'
import { isHeldOut } from '../queries/holdout.ts'
import { customerInReach } from '../queries/reach.ts'
import { zoneOf, zoneOfSubject } from '../queries/zone.ts'
import type { Batch, Outcome, Visitor } from '../steps/definition.ts'
import { kindOf } from '../steps/kinds.ts'
import { meeting } from '../steps/waits.ts'
import { reasonWords, stepWords } from '../words.ts'
import { speak } from './contact.ts'

type Reply = RouteReply<typeof testFlow>

/** Steps after which a rehearsal stops: a flow may go in a circle for years. */
const mostSteps = 100

/**
 * Walks a flow with a real record: every step is really done, with the clock moved on, and all of it is taken back. Where
 * people or the product decide, the way that `answers` names is taken, else the first; conditions that do not hold time out.
 * @throws AppError `not_found` for a record that the actor may not see, `invalid_input` for a graph that cannot be walked
 */
export async function rehearse(
  ctx: Context,
  document: FlowDocument,
  { subjectId, answers = {} }: { subjectId: string; answers?: Record<string, string> | undefined },
): Promise<Reply> {
  requirePermission(ctx, 'flows.view')
  const [fault] = graphFaults(document)
  if (fault) throw new AppError('invalid_input', fault.message)
  const customer = document.subject === 'contact' ? sql`s.customer_id` : sql`s.id`
  const zone = await zoneOf(ctx)
  const { rows } = await sql<{ customerId: string | null; zone: string; held: boolean }>`
    select ${customer} as "customerId", ${zoneOfSubject(ctx, document.subject, zone)} as zone,
      ${isHeldOut(ctx, sql`coalesce(${customer}, s.id)`, document.holdoutPercent)} as held
    from ${sql.table(document.subject)} s where s.tenant_id = ${ctx.tenantId} and s.id = ${subjectId} and s.merged_into is null
      and (${customer} is null or ${customerInReach(ctx, customer, 'customers.read')})`.execute(ctx.tx)
  const [subject] = rows
  if (!subject) throw notFound()
  return inTrial(ctx, async trial => {
    // What a step may do is the flow's affair, not that of whoever tries it.
    const system: Context = { ...trial, actor: { kind: 'system', id: undefined, name: 'flows.rehearsal' } }
    return new Rehearsal(system, document, answers).walk({ subjectId, ...subject })
  })
}

class Rehearsal {
  #ctx: Context
  #document: FlowDocument
  #answers: Record<string, string>
  #steps: Reply['steps'] = []
  #batch!: Omit<Batch, 'visitors'>

  constructor(ctx: Context, document: FlowDocument, answers: Record<string, string>) {
    this.#ctx = ctx
    this.#document = document
    this.#answers = answers
  }

  async walk(subject: Pick<Visitor, 'subjectId' | 'customerId' | 'zone'> & { held: boolean }): Promise<Reply> {
    const { start, entry } = this.#document
    const flowId = uuidv7()
    const visitor: Visitor = {
      id: uuidv7(),
      subjectId: subject.subjectId,
      customerId: subject.customerId,
      zone: subject.zone,
      visit: 0,
      arrivedAt: this.#ctx.now,
      resumed: false,
    }
    this.#batch = {
      flow: { id: flowId, key: 'rehearsal', nameJa: 'テスト', nameEn: 'Test' },
      version: 1,
      subject: this.#document.subject,
      zone: await zoneOf(this.#ctx),
    }
    await this.#enrol(flowId, visitor)
    const enters = entry === null || (await this.#meets(this.#ctx, visitor, entry))
    const reason = enters ? null : reasonWords('entry_not_met')
    const exit = await this.#exit(this.#ctx, visitor)
    let now = this.#ctx.now
    let key = enters ? start : null
    while (key !== null && this.#steps.length < mostSteps) {
      const step = this.#document.steps.find(each => each.key === key)!
      const took = await this.#take(step, { ...visitor, visit: this.#steps.length, arrivedAt: now }, now)
      now = took.now
      key = took.to
    }
    return { enters, reason, heldOut: subject.held, steps: this.#steps, exit }
  }

  /** One step, through all of its waiting. */
  async #take(step: Step, visitor: Visitor, now: Date): Promise<{ to: string | null; now: Date }> {
    const began = now
    let current = now
    let at = visitor
    let outcome: Outcome | undefined
    let left: string | null = null
    let failed: Words | null = null
    // Quiet hours, then the wait itself, then whether it is over.
    for (let turn = 0; turn < 10; turn++) {
      const ctx = { ...this.#ctx, now: current }
      left = await this.#exit(ctx, at)
      if (left !== null) break
      try {
        outcome = await this.#perform(ctx, step, at)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        failed = error.words
        break
      }
      if (!('until' in outcome)) break
      const forced = outcome.waitsFor === 'time' ? undefined : this.#chosen(step)
      if (forced && step.kind !== 'wait_condition') {
        outcome = { id: at.id, way: forced }
        break
      }
      if (forced === 'met') {
        outcome = { id: at.id, way: 'met' }
        break
      }
      current = step.kind === 'wait_condition' ? timeoutOf(step, began) : outcome.until
      at = { ...at, resumed: true }
    }
    const way = outcome && 'way' in outcome ? outcome.way : null
    const reason = outcome && 'way' in outcome ? outcome.reason : undefined
    this.#steps.push({
      step: step.key,
      kind: step.kind,
      does: stepWords(step),
      way: left === null ? way : null,
      reason: failed ?? (left === null ? (reason ? reasonWords(reason) : null) : exitWords(left)),
      afterMinutes: Math.round((began.getTime() - this.#ctx.now.getTime()) / 60_000),
    })
    const to = left === null && !failed ? (waysOf(step).find(({ name }) => name === way)?.to ?? null) : null
    return { to, now: current }
  }

  async #perform(ctx: Context, step: Step, visitor: Visitor): Promise<Outcome> {
    const kind = kindOf(step.kind)
    const batch: Batch = { ...this.#batch, visitors: [visitor] }
    const run = (left: Batch) => kind.run(ctx, step, left)
    const [outcome] = kind.contacts
      ? await speak(ctx, step, batch, { way: kind.contacts, document: this.#document, run })
      : await run(batch)
    return outcome!
  }

  /** Where people or the product decide: what was asked for, else the first way. */
  #chosen(step: Step): string | undefined {
    const ways = waysOf(step).map(({ name }) => name)
    const asked = this.#answers[step.key]
    if (asked !== undefined && ways.includes(asked)) return asked
    return step.kind === 'wait_condition' ? undefined : ways[0]
  }

  async #exit(ctx: Context, visitor: Visitor): Promise<string | null> {
    for (const { name, condition } of this.#document.exits) if (await this.#meets(ctx, visitor, condition)) return name
    return null
  }

  async #meets(ctx: Context, visitor: Visitor, condition: Parameters<typeof meeting>[2]): Promise<boolean> {
    return (await meeting(ctx, { subject: this.#document.subject, visitors: [visitor] }, condition)).size > 0
  }

  async #enrol(flowId: string, { id, subjectId, customerId }: Visitor): Promise<void> {
    const { subject, priority } = this.#document
    await sql`
      insert into flow (tenant_id, id, key, name_ja, name_en, kind, state, draft, subject, priority, created_at, updated_at)
      values (${this.#ctx.tenantId}, ${flowId}, ${`rehearsal-${flowId}`}, '', '', 'other', 'draft', '{}', ${subject}, ${priority},
        ${this.#ctx.now}, ${this.#ctx.now})`.execute(this.#ctx.tx)
    await sql`
      insert into flow_enrolment (tenant_id, id, flow_id, version, subject_id, customer_id, state, arrived_at, cause, cause_key, entered_at)
      values (${this.#ctx.tenantId}, ${id}, ${flowId}, 1, ${subjectId}, ${customerId}, 'active', ${this.#ctx.now}, 'manual', 'rehearsal',
        ${this.#ctx.now})`.execute(this.#ctx.tx)
  }
}

function timeoutOf({ timeoutDays }: { timeoutDays: number }, began: Date): Date {
  return new Date(began.getTime() + timeoutDays * 86_400_000)
}

function exitWords(name: string): Words {
  return { ja: `終了条件「${name}」に該当します。`, en: `It meets the exit "${name}".` }
}
