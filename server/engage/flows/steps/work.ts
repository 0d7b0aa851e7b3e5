import { randomUUID } from 'node:crypto'
import type { Context } from '../../../platform/context/context.ts'
import { createTasks, type TaskDraft } from '../../tasks/commands/create.ts'
import type { TaskContact } from '../../tasks/contract/shapes.ts'
import { localTime } from '../clock.ts'
import type { StepOf } from '../contract/steps.ts'
import { namesOf, type SubjectName } from '../queries/subjects.ts'
import { type Batch, effectKey, type Outcome, type StepDefinition, type Visitor } from './definition.ts'

export const task: StepDefinition<'task'> = {
  run: (ctx, step, batch) => make(ctx, step, batch, step.contact),
}

/** A task to call the customer: what the CSM does counts as a contact. */
export const call: StepDefinition<'call'> = {
  contacts: 'call',
  async run(ctx, step, batch) {
    const reached = new Map(batch.visitors.map(({ id, recipients }) => [id, recipients ?? []]))
    return (await make(ctx, step, batch, 'call')).map(outcome => ({ ...outcome, reached: reached.get(outcome.id)! }))
  },
}

export const meeting: StepDefinition<'meeting'> = {
  async run(ctx, step, batch) {
    const names = await namesOf(ctx, batch)
    return tasksFor(ctx, batch, visitor => ({
      title: filled(step.title, names.get(visitor.subjectId)),
      description: step.link,
      contact: 'meeting',
      assign: step.assign,
    }))
  },
}

async function make(
  ctx: Context,
  step: StepOf<'task' | 'call'>,
  batch: Batch,
  contact: TaskContact | undefined,
): Promise<Outcome[]> {
  const names = await namesOf(ctx, batch)
  const day = localTime(new Date(ctx.now.getTime() + (step.dueDays ?? 0) * 86_400_000), batch.zone).day
  return tasksFor(ctx, batch, visitor => ({
    title: filled(step.title, names.get(visitor.subjectId)),
    description: step.description ? filled(step.description, names.get(visitor.subjectId)) : null,
    dueOn: step.dueDays === undefined ? null : day,
    dueTime: step.dueDays === undefined ? null : (step.dueTime ?? null),
    ...(step.priority && { priority: step.priority }),
    checklist: (step.checklist ?? []).map(text => ({ id: randomUUID(), text, done: false })),
    assign: step.assign,
    ...(contact && { contact }),
  }))
}

/** Makes a task for each, once. @returns the outcomes, with the ids in their details */
export async function tasksFor(
  ctx: Context,
  batch: Batch,
  draft: (visitor: Visitor) => Pick<TaskDraft, 'title' | 'assign'> & Partial<TaskDraft>,
): Promise<Outcome[]> {
  const made = await createTasks(
    ctx,
    batch.visitors.map(visitor => ({
      ...draft(visitor),
      customerId: visitor.customerId,
      links: [
        { kind: 'flow', id: batch.flow.id },
        ...(batch.subject === 'contact' ? [{ kind: 'contact' as const, id: visitor.subjectId }] : []),
      ],
      source: 'flow',
      key: effectKey(visitor),
    })),
  )
  return batch.visitors.map(({ id }, place) => ({ id, way: 'next', details: { taskId: made[place]!.id } }))
}

/** A text with the names in it: `{name}` of the subject, `{customer}` of its customer. */
export function filled(text: string, name: SubjectName | undefined): string {
  return (
    text
      .replaceAll('{name}', name?.name ?? '')
      .replaceAll('{customer}', name?.customer ?? '')
      .trim() || text
  )
}
