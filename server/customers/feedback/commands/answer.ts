import type { Context } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { type Attached, admitChange, admitNew, noteChange } from '../../accounts/commands/attached.ts'
import { deleteRecords, type RecordValues } from '../../accounts/commands/records.ts'
import { answerShape } from '../catalog.ts'
import { createAnswers } from './save.ts'

const answer: Attached = { shape: answerShape, kind: 'survey_answer', permission: 'timeline.write' }

const ranges = { NPS: [0, 10], CSAT: [1, 5], CES: [1, 7] } as const

/** Enters a survey answer. @throws AppError `invalid_input` for a score outside of its kind's range */
export async function createAnswer(
  ctx: Context,
  values: RecordValues & { kind: keyof typeof ranges; score: number },
): Promise<string> {
  const [least, most] = ranges[values.kind]
  if (values.score < least || values.score > most) {
    throw invalidField('body.score', {
      ja: `${values.kind}の点数は${least}から${most}までです。`,
      en: `A ${values.kind} score lies between ${least} and ${most}.`,
    })
  }
  const id = await admitNew(ctx, answer, values)
  await createAnswers(ctx, [{ id, values }], { origin: 'person' })
  noteChange(ctx, answer, 'created', id, { customerId: (values.customerId as string | undefined) ?? null })
  return id
}

/** Deletes a survey answer. */
export async function deleteAnswer(ctx: Context, id: string): Promise<void> {
  const known = await admitChange(ctx, { ...answer, permission: 'customers.write' }, id, {})
  await deleteRecords(ctx, answerShape, [id])
  noteChange(ctx, answer, 'deleted', id, known)
}
