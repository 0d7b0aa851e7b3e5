import { z } from 'zod'
import { idParams, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { key } from './triggers.ts'

export const enrolmentStates = ['active', 'paused', 'failed', 'ended', 'holdout'] as const

/** Why an enrolment ended, a step did nothing, or somebody did not come in. `exit:` and its name are more of them. */
export const flowReasons = [
  'finished',
  'goal',
  'exit',
  'cancelled',
  'flow_archived',
  'subject_gone',
  'entry_not_met',
  'goal_met',
  'already_in',
  'reentry',
  'holdout',
  'cap',
  'no_consent',
  'unsubscribed',
  'no_address',
  'quiet_hours',
  'no_date',
  'date_passed',
  'no_customer',
  'nobody_to_assign',
  'unchanged',
  'skipped_by_hand',
  'moved_by_hand',
  'channel_missing',
  'step_missing',
  'template_missing',
  'address_suppressed',
  'message_missing',
  'nobody_there',
] as const

const words = z.object({ ja: z.string(), en: z.string() })

const enrolment = {
  id: z.uuid(),
  flowId: z.uuid(),
  flowName: words,
  version: z.number().int(),
  subjectId: z.uuid(),
  subjectName: z.string(),
  customerId: z.uuid().nullable(),
  customerName: z.string().nullable(),
  state: z.enum(enrolmentStates),
  step: z.string().nullable().meta({ description: 'Key of the step where it is.' }),
  waiting: z.boolean().meta({ description: 'It waits at the step, or for an answer.' }),
  dueAt: moment.nullable(),
  cause: z.string().meta({ description: 'What brought it in: kind of the trigger.' }),
  enteredAt: moment,
  endedAt: moment.nullable(),
  reason: z.string().nullable(),
  goalAt: moment.nullable(),
  fault: z.string().nullable().meta({ description: 'Why it failed.' }),
}

export const listEnrolments = route({
  method: 'GET',
  path: '/api/v1/flow-enrolments',
  operation: 'listEnrolments',
  summary: 'Who is or was in flows, the latest first',
  access: 'flows.view',
  query: pageQuery.extend({
    flowId: z.uuid().optional(),
    subjectId: z.uuid().optional(),
    customerId: z.uuid().optional(),
    state: z.enum(enrolmentStates).optional(),
    step: key.optional(),
  }),
  reply: pageOf(z.object(enrolment)),
})

export const getEnrolment = route({
  method: 'GET',
  path: '/api/v1/flow-enrolments/:id',
  operation: 'getEnrolment',
  summary: 'One enrolment with its run log',
  access: 'flows.view',
  params: idParams,
  reply: z.object({
    ...enrolment,
    log: z.array(
      z.object({
        visit: z.number().int(),
        step: z.string(),
        kind: z.string(),
        arrivedAt: moment,
        at: moment,
        outcome: z.enum(['done', 'skipped', 'failed', 'ended']),
        way: z.string().nullable(),
        reason: z.string().nullable(),
        text: words.nullable().meta({ description: 'The reason in words.' }),
        details: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
})

export const enrol = route({
  method: 'POST',
  path: '/api/v1/flows/:id/enrol',
  operation: 'enrol',
  summary: 'Take customers or contacts into a flow by hand, one or many',
  access: 'flows.handle',
  params: idParams,
  body: z.strictObject({ subjectIds: z.array(z.uuid()).min(1).max(5_000) }),
  reply: z.object({
    enrolled: z.number().int(),
    heldOut: z.number().int(),
    refused: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  }),
})

const ids = z.array(z.uuid()).min(1).max(5_000)

const enrolmentAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('pause'), ids }),
  z.strictObject({ action: z.literal('resume'), ids }),
  z
    .strictObject({ action: z.literal('skip'), ids })
    .meta({ description: 'Go on by the first way without doing the step.' }),
  z.strictObject({ action: z.literal('retry'), ids }).meta({ description: 'Try a failed step again.' }),
  z.strictObject({ action: z.literal('cancel'), ids }),
])
export type EnrolmentAction = z.output<typeof enrolmentAction>

export const actOnEnrolments = route({
  method: 'POST',
  path: '/api/v1/flow-enrolments/actions',
  operation: 'actOnEnrolments',
  summary: 'Pause, resume, skip, retry or cancel enrolments; those that cannot be are counted',
  access: 'flows.handle',
  body: enrolmentAction,
  reply: z.object({ changed: z.number().int(), skipped: z.number().int() }),
})

const move = z.strictObject({
  ids: ids.optional().meta({ description: 'Left out: all that run on other versions.' }),
  /** Steps of the version that runs, by the key of where somebody is. */
  mapping: z.record(key, key).default({}),
})

export const previewMove = route({
  method: 'POST',
  path: '/api/v1/flows/:id/move/preview',
  operation: 'previewFlowMove',
  summary: 'Who would move to the published version, and at which steps that version knows no place for them',
  access: 'flows.manage',
  params: idParams,
  body: move,
  reply: z.object({
    version: z.number().int(),
    movable: z.number().int(),
    steps: z.array(
      z.object({
        version: z.number().int(),
        step: z.string(),
        count: z.number().int(),
        to: z.string().nullable().meta({ description: 'null: the version has no such step; name one in `mapping`.' }),
      }),
    ),
  }),
})

export const moveEnrolments = route({
  method: 'POST',
  path: '/api/v1/flows/:id/move',
  operation: 'moveEnrolments',
  summary: 'Move running enrolments to the published version; who is at a step that it lacks stays',
  access: 'flows.manage',
  params: idParams,
  body: move,
  reply: z.object({ moved: z.number().int(), stayed: z.number().int() }),
})

export const listRefusals = route({
  method: 'GET',
  path: '/api/v1/flows/:id/refusals',
  operation: 'listFlowRefusals',
  summary: 'Whom a trigger brought and who did not come in, with the reason, the latest first',
  access: 'flows.view',
  params: idParams,
  query: pageQuery,
  reply: pageOf(
    z.object({
      id: z.uuid(),
      at: moment,
      subjectId: z.uuid(),
      subjectName: z.string(),
      cause: z.string(),
      reason: z.string(),
      text: words,
    }),
  ),
})

export const listSuppressions = route({
  method: 'GET',
  path: '/api/v1/flow-suppressions',
  operation: 'listFlowSuppressions',
  summary: 'Contacts that a cap or a missing consent held back, the latest first',
  access: 'flows.view',
  query: pageQuery.extend({ flowId: z.uuid().optional(), customerId: z.uuid().optional() }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      at: moment,
      flowId: z.uuid(),
      flowName: words,
      enrolmentId: z.uuid(),
      step: z.string(),
      subjectId: z.uuid(),
      subjectName: z.string(),
      contactId: z.uuid().nullable().meta({ description: 'Who would have been spoken to.' }),
      contactName: z.string().nullable(),
      reason: z.string(),
      text: words,
    }),
  ),
})

const flowSettings = z.strictObject({
  cap: z
    .strictObject({
      most: z.number().int().min(1).max(100),
      days: z.number().int().min(1).max(365),
    })
    .nullable()
    .meta({ description: 'So many contacts at most with a customer or contact in so many days, over all flows.' }),
  exemptPriority: z.number().int().min(0).max(9).meta({
    description: 'Flows with this priority or a more urgent one (1 is the most urgent) are not held back; 0: none.',
  }),
})

export const readFlowSettings = route({
  method: 'GET',
  path: '/api/v1/flow-settings',
  operation: 'readFlowSettings',
  summary: 'How often flows may contact somebody',
  access: 'flows.view',
  reply: flowSettings,
})

export const changeFlowSettings = route({
  method: 'PUT',
  path: '/api/v1/flow-settings',
  operation: 'changeFlowSettings',
  summary: 'Set how often flows may contact somebody',
  access: 'flows.manage',
  body: flowSettings,
  reply: flowSettings,
})

const request = z.object({
  id: z.uuid(),
  kind: z.enum(['approval', 'provision']),
  state: z.enum(['waiting', 'approved', 'refused', 'done', 'failed', 'expired', 'withdrawn']),
  flowId: z.uuid(),
  flowName: words,
  enrolmentId: z.uuid(),
  subjectId: z.uuid(),
  subjectName: z.string(),
  question: z.string(),
  askedAt: moment,
  dueAt: moment,
  mayDecide: z.boolean(),
  decidedByName: z.string().nullable(),
  decidedAt: moment.nullable(),
  note: z.string().nullable(),
})

export const listRequests = route({
  method: 'GET',
  path: '/api/v1/flow-requests',
  operation: 'listFlowRequests',
  summary: 'Approvals that flows ask for, and what the product was asked to do; the earliest due first',
  access: 'flows.view',
  query: pageQuery.extend({
    view: z.enum(['waiting', 'all']).default('waiting'),
    mine: z.enum(['true', 'false']).optional().meta({ description: 'Only those that one may decide.' }),
    kind: z.enum(['approval', 'provision']).optional(),
  }),
  reply: pageOf(request),
})

export const decideRequest = route({
  method: 'POST',
  path: '/api/v1/flow-requests/:id/decision',
  operation: 'decideFlowRequest',
  summary: 'Approve or refuse what a flow asks; only who is asked may',
  access: 'flows.view',
  params: idParams,
  body: z.strictObject({ approve: z.boolean(), note: z.string().trim().max(2_000).default('') }),
  reply: request,
})
