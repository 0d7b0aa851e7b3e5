import type { StepKind } from '../contract/steps.ts'
import { certificate } from './certificate.ts'
import { assign, change } from './change.ts'
import { allBy, type StepDefinition } from './definition.ts'
import { email } from './email.ts'
import { inApp } from './in-app.ts'
import { notice, webhook } from './messages.ts'
import { approval, provision } from './requests.ts'
import { wait, waitCondition, waitDate, waitWorkingHour } from './waits.ts'
import { branch, split } from './ways.ts'
import { call, meeting, task } from './work.ts'

/** What each kind of step does. A new kind is a shape in `contract/steps.ts`, its ways there, and a line here. */
export const stepKinds: { readonly [Kind in StepKind]: StepDefinition<Kind> } = {
  wait,
  wait_date: waitDate,
  wait_working_hour: waitWorkingHour,
  wait_condition: waitCondition,
  branch,
  split,
  task,
  call,
  meeting,
  approval,
  provision,
  webhook,
  change,
  assign,
  notice,
  email,
  in_app: inApp,
  certificate,
  // The flow ends here: nobody goes on.
  end: { run: async (_, __, batch) => allBy(batch, 'next') },
}

/** The definition of a kind, whichever it is. */
export function kindOf(kind: StepKind): StepDefinition<StepKind> {
  return stepKinds[kind] as StepDefinition<StepKind>
}
