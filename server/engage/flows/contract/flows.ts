import { z } from 'zod'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { flowDocument } from './document.ts'
import { key } from './triggers.ts'

export const flowStates = ['draft', 'enabled', 'paused', 'archived'] as const
export const flowKinds = ['playbook', 'onboarding', 'campaign', 'intervention', 'upsell', 'win_back', 'other'] as const

const words = z.object({ ja: z.string(), en: z.string() })

const fault = z.object({
  path: z.string().meta({ description: 'Place in the document, such as `steps.2.next`.' }),
  step: z.string().nullable().meta({ description: 'Key of the step.' }),
  message: words,
})

const names = {
  nameJa: line(100),
  nameEn: line(100),
  description: z.string().trim().max(2_000),
  kind: z.enum(flowKinds),
}

const counts = {
  active: z.number().int().meta({ description: 'Enrolments on their way, paused ones included.' }),
  failed: z.number().int(),
  ended: z.number().int(),
  heldOut: z.number().int(),
}

const flow = {
  id: z.uuid(),
  key: z.string(),
  ...names,
  state: z.enum(flowStates),
  subject: z.enum(['customer', 'contact']),
  priority: z.number().int(),
  version: z.number().int().nullable().meta({ description: 'The version that is published; null: none yet.' }),
  changed: z.boolean().meta({ description: 'The draft differs from the published version.' }),
  fault: words.nullable().meta({ description: 'Why its triggers cannot be worked out any more.' }),
  ...counts,
  publishedAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
}
const summary = z.object(flow)
const wholeFlow = z.object({
  ...flow,
  document: flowDocument.meta({ description: 'The draft.' }),
  published: flowDocument.nullable(),
  faults: z.array(fault).meta({ description: 'What keeps the draft from being published.' }),
  hasHook: z.boolean().meta({ description: 'There is a secret address that programs call.' }),
})

export const listFlows = route({
  method: 'GET',
  path: '/api/v1/flows',
  operation: 'listFlows',
  summary: 'Flows: enabled ones first',
  access: 'flows.view',
  query: z.object({ state: z.enum(flowStates).optional(), kind: z.enum(flowKinds).optional() }),
  reply: z.object({ items: z.array(summary) }),
})

export const getFlow = route({
  method: 'GET',
  path: '/api/v1/flows/:id',
  operation: 'getFlow',
  summary: 'One flow with its draft and what is wrong with it',
  access: 'flows.view',
  params: idParams,
  reply: wholeFlow,
})

export const createFlow = route({
  method: 'POST',
  path: '/api/v1/flows',
  operation: 'createFlow',
  summary: 'Make a flow, as a draft',
  access: 'flows.manage',
  body: z.strictObject({
    key: key.optional(),
    ...names,
    description: names.description.default(''),
    kind: names.kind.default('other'),
    document: flowDocument,
  }),
  status: 201,
  reply: wholeFlow,
})

export const updateFlow = route({
  method: 'PATCH',
  path: '/api/v1/flows/:id',
  operation: 'updateFlow',
  summary: 'Change the names or the draft of a flow; what runs stays as it was published',
  access: 'flows.manage',
  params: idParams,
  body: z.strictObject({ ...names, document: flowDocument }).partial(),
  reply: wholeFlow,
})

export const deleteFlow = route({
  method: 'DELETE',
  path: '/api/v1/flows/:id',
  operation: 'deleteFlow',
  summary: 'Delete a flow that was never published; others are archived',
  access: 'flows.manage',
  params: idParams,
  reply: null,
})

export const publishFlow = route({
  method: 'POST',
  path: '/api/v1/flows/:id/publish',
  operation: 'publishFlow',
  summary: 'Make the draft the version that new enrolments follow, and enable the flow',
  access: 'flows.manage',
  params: idParams,
  body: z.strictObject({
    startMatching: z.boolean().default(false).meta({
      description: 'Also those for whom conditions, scores, bands, stages and segments hold already.',
    }),
  }),
  reply: z.object({ version: z.number().int(), enrolled: z.number().int(), flow: wholeFlow }),
})

export const changeFlowState = route({
  method: 'POST',
  path: '/api/v1/flows/:id/state',
  operation: 'changeFlowState',
  summary: 'Pause, resume or archive a flow; archiving ends its enrolments',
  access: 'flows.manage',
  params: idParams,
  body: z.strictObject({ to: z.enum(['enabled', 'paused', 'archived', 'draft']) }),
  reply: wholeFlow,
})

export const checkFlow = route({
  method: 'POST',
  path: '/api/v1/flows/check',
  operation: 'checkFlow',
  summary: 'What is wrong with a document: its graph, and what it names',
  access: 'flows.view',
  body: z.strictObject({ document: flowDocument }),
  reply: z.object({ faults: z.array(fault) }),
})

export const flowRadius = route({
  method: 'POST',
  path: '/api/v1/flows/radius',
  operation: 'flowRadius',
  summary: 'What publishing would do: who matches now, how many would start, what a day brings',
  access: 'flows.manage',
  body: z.strictObject({ document: flowDocument, flowId: z.uuid().optional() }),
  reply: z.object({
    audience: z.number().int().meta({ description: 'Who meets the entry condition now; everybody without one.' }),
    matching: z.number().int().meta({ description: 'For whom a trigger holds now, entry condition included.' }),
    wouldStart: z.number().int().meta({ description: 'Of these, who would start with `startMatching`.' }),
    heldOut: z
      .number()
      .int()
      .meta({ description: 'Of those that would start, who would be left out to compare with.' }),
    contactsPerDay: z
      .number()
      .meta({ description: 'Contacts a day to expect, from what the triggers brought lately.' }),
    perDay: z.number().meta({ description: 'Enrolments a day to expect.' }),
    atLeast: z.boolean().meta({
      description: 'A trigger is among them of which nobody knows how often it comes: the two are the least.',
    }),
    samples: z.array(z.object({ id: z.uuid(), name: z.string() })).meta({ description: 'Ten who match.' }),
  }),
})

const testStep = z.object({
  step: z.string(),
  kind: z.string(),
  does: words.meta({ description: 'What the step would do.' }),
  way: z.string().nullable().meta({ description: 'The way it takes; null: the end.' }),
  reason: words.nullable().meta({ description: 'Why nothing would happen, or why it takes this way.' }),
  afterMinutes: z.number().int().meta({ description: 'Minutes after the start at which it comes to the step.' }),
})

export const testFlow = route({
  method: 'POST',
  path: '/api/v1/flows/test',
  operation: 'testFlow',
  summary: 'Walk a flow with a real customer or contact and the facts of now; nothing happens',
  access: 'flows.view',
  body: z.strictObject({
    document: flowDocument,
    subjectId: z.uuid(),
    answers: z.record(z.string(), z.string()).optional().meta({
      description: 'By the key of a step: the way to take where only time or people decide (approved, timeout ...).',
    }),
  }),
  reply: z.object({
    enters: z.boolean(),
    reason: words.nullable().meta({ description: 'Why it would not come in.' }),
    heldOut: z.boolean(),
    steps: z.array(testStep),
    exit: z.string().nullable().meta({ description: 'Name of the exit that it meets right away.' }),
  }),
})

export const testSavedFlow = route({
  method: 'POST',
  path: '/api/v1/flows/:id/test',
  operation: 'testSavedFlow',
  summary: 'The same with the draft of a flow',
  access: 'flows.view',
  params: idParams,
  body: testFlow.body.omit({ document: true }),
  reply: testFlow.reply,
})

export const flowVersions = route({
  method: 'GET',
  path: '/api/v1/flows/:id/versions',
  operation: 'listFlowVersions',
  summary: 'The published versions of a flow, the newest first, with who is on each',
  access: 'flows.view',
  params: idParams,
  reply: z.object({
    items: z.array(
      z.object({
        number: z.number().int(),
        publishedAt: moment,
        publishedByName: z.string().nullable(),
        active: z.number().int(),
        document: flowDocument,
      }),
    ),
  }),
})

export const flowCounts = route({
  method: 'GET',
  path: '/api/v1/flows/:id/counts',
  operation: 'countFlowSteps',
  summary: 'Per step of a version: who is there now, who came through, which ways they took, who left there',
  access: 'flows.view',
  params: idParams,
  query: z.object({ version: z.coerce.number().int().min(1).optional() }),
  reply: z.object({
    version: z.number().int().nullable(),
    entered: z.number().int(),
    ended: z.array(z.object({ reason: z.string(), count: z.number().int() })),
    refused: z.array(z.object({ reason: z.string(), count: z.number().int() })),
    steps: z.array(
      z.object({
        step: z.string(),
        now: z.number().int().meta({ description: 'Who is at the step now.' }),
        failed: z.number().int(),
        passed: z.number().int(),
        left: z.number().int().meta({ description: 'Who left the flow there without finishing it.' }),
        ways: z.array(z.object({ way: z.string(), count: z.number().int() })),
        skipped: z.array(z.object({ reason: z.string(), count: z.number().int() })),
      }),
    ),
  }),
})

const arm = z.object({
  people: z.number().int(),
  converted: z.number().int(),
  share: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
})

export const flowResult = route({
  method: 'GET',
  path: '/api/v1/flows/:id/result',
  operation: 'flowResult',
  summary: 'How many reached the goal, against those who were held out: difference with its interval',
  access: 'flows.view',
  params: idParams,
  reply: z.object({
    withinDays: z.number().int().nullable(),
    treated: arm,
    heldOut: arm,
    difference: z
      .object({ value: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .meta({ description: 'Treated less held out, 95 % interval (Newcombe).' }),
    needed: z.number().int().nullable().meta({
      description: 'People in each arm to see a difference like this with a power of 80 %; null: cannot be said.',
    }),
    open: z.number().int().meta({ description: 'Who has not reached the goal, but still has days left: not counted.' }),
  }),
})

export const exportFlow = route({
  method: 'GET',
  path: '/api/v1/flows/:id/yaml',
  operation: 'exportFlow',
  summary: 'The draft of a flow as YAML',
  access: 'flows.view',
  params: idParams,
  reply: z.object({ yaml: z.string() }),
})

export const formatFlow = route({
  method: 'POST',
  path: '/api/v1/flows/yaml',
  operation: 'formatFlow',
  summary: 'A document as YAML',
  access: 'flows.view',
  body: z.strictObject({ document: flowDocument }),
  reply: z.object({ yaml: z.string() }),
})

export const readFlow = route({
  method: 'POST',
  path: '/api/v1/flows/read',
  operation: 'readFlow',
  summary: 'Read YAML: the document where it can be read, and what is wrong, with lines; changes nothing',
  access: 'flows.view',
  body: z.strictObject({ yaml: z.string().max(500_000) }),
  reply: z.object({
    document: flowDocument.nullable(),
    faults: z.array(z.object({ line: z.number().int(), column: z.number().int(), path: z.string(), message: words })),
  }),
})

export const rotateFlowHook = route({
  method: 'POST',
  path: '/api/v1/flows/:id/hook',
  operation: 'rotateFlowHook',
  summary: 'Make a new secret address for the webhook trigger; the one before holds no more',
  access: 'flows.manage',
  params: idParams,
  reply: z.object({ path: z.string() }),
})
