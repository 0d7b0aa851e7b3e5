import { z } from 'zod'
import { day } from '../../../customers/accounts/contract/customers.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { journeyRoles } from './definition.ts'

const base = '/api/v1/onboarding/journeys'

const journeyStatuses = ['running', 'paused', 'completed', 'cancelled'] as const
export const journeyStates = ['on_track', 'behind', 'stuck'] as const

const status = z.enum(journeyStatuses)
const state = z.enum(journeyStates)
const words = z.object({ ja: z.string(), en: z.string() })

const journey = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  customerName: z.string(),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  templateId: z.uuid(),
  templateName: words,
  status,
  state,
  stateSince: z.string(),
  phase: z.string(),
  phaseName: words,
  phasePlace: z.number().int(),
  phases: z.number().int(),
  day: z.number().int().meta({ description: 'Day of the journey, without the days in which it was paused.' }),
  days: z.number().int(),
  startsOn: z.string(),
  expectedOn: z
    .string()
    .meta({ description: 'The planned end, and the days by which the oldest required task is late.' }),
  endedOn: z.string().nullable(),
  progress: z.number(),
  tasksAll: z.number().int(),
  tasksDone: z.number().int(),
  tasksLate: z.number().int(),
  lateTask: words.nullable().meta({ description: 'The required task that is late for longest.' }),
  valueOn: z.string().nullable(),
  mayChange: z.boolean(),
})
export type Journey = z.output<typeof journey>

export const listJourneys = route({
  method: 'GET',
  path: base,
  operation: 'listJourneys',
  summary: 'Onboarding journeys: those stuck and behind first, then by their expected end',
  access: 'customers.read',
  query: pageQuery.extend({
    status: status.optional(),
    active: z.enum(['true']).optional().meta({ description: 'Running or paused.' }),
    state: state.optional(),
    templateId: z.uuid().optional(),
    phase: z.string().max(63).optional(),
    ownerId: z.uuid().optional(),
    mine: z.enum(['true']).optional().meta({ description: 'One looks after the customer, or has a role in it.' }),
    customerId: z.uuid().optional(),
    q: line(200).optional().meta({ description: 'Part of the customer’s name.' }),
  }),
  reply: pageOf(journey),
})

const measure = z.object({
  key: z.string(),
  name: words,
  met: z.boolean().nullable().meta({ description: 'null: it cannot be judged, as it names something that is gone.' }),
})

export const journeyTask = z.object({
  key: z.string(),
  phase: z.string(),
  title: words,
  description: words,
  role: z.enum(journeyRoles),
  assigneeName: z.string().nullable(),
  dueOn: z.string(),
  required: z.boolean(),
  shared: z.boolean(),
  training: z.boolean(),
  byData: z.boolean().meta({ description: 'Product data can fulfil it.' }),
  late: z.boolean(),
  doneOn: z.string().nullable(),
  doneHow: z.enum(['data', 'person', 'customer']).nullable(),
  doneByName: z.string().nullable(),
  taskId: z.uuid().nullable(),
})
export type JourneyTask = z.output<typeof journeyTask>

const wholeJourney = journey.extend({
  reason: z.string().nullable(),
  handedOverToName: z.string().nullable(),
  mayComplete: z.boolean().meta({ description: 'All required tasks are done, and enough of the others.' }),
  steps: z.array(
    z.object({
      id: z.uuid(),
      at: moment,
      kind: z.string(),
      actorName: z.string().nullable(),
      about: words.nullable(),
      note: z.string().nullable(),
    }),
  ),
  phaseList: z.array(
    z.object({
      key: z.string(),
      name: words,
      goal: words,
      fromOn: z.string(),
      toOn: z.string(),
      enteredOn: z.string().nullable(),
      leftOn: z.string().nullable(),
      measures: z.array(measure),
    }),
  ),
  tasks: z.array(journeyTask),
  measures: z.array(measure),
  warnings: z.array(z.object({ key: z.string(), name: words, warnedAt: moment, taskId: z.uuid().nullable() })),
  people: z.array(z.object({ role: z.enum(journeyRoles), memberId: z.uuid(), name: z.string() })),
  links: z.array(
    z.object({
      id: z.uuid(),
      email: z.string().nullable(),
      expiresAt: moment,
      createdAt: moment,
      lastUsedAt: moment.nullable(),
    }),
  ),
})
export type WholeJourney = z.output<typeof wholeJourney>

export const getJourney = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getJourney',
  summary: 'One journey with its phases, tasks, measures, people, warnings and history',
  access: 'customers.read',
  params: idParams,
  reply: wholeJourney,
})

export const startJourneys = route({
  method: 'POST',
  path: base,
  operation: 'startJourneys',
  summary: 'Start a template for customers, by ids or of a segment; whoever has had it is left out',
  access: 'onboarding.handle',
  body: z.strictObject({
    templateId: z.uuid(),
    ids: z.array(z.uuid()).min(1).max(10_000).optional(),
    segmentId: z.uuid().optional(),
    startsOn: day.optional().meta({ description: 'Today without it.' }),
    dryRun: z.boolean().default(false),
  }),
  reply: z.object({
    customers: z.number().int().meta({ description: 'Customers that are meant and within reach.' }),
    started: z.number().int().meta({ description: 'Journeys that began, or would begin.' }),
    samples: z.array(z.string()),
  }),
})

export const tickJourneyTask = route({
  method: 'PUT',
  path: `${base}/:id/tasks/:key`,
  operation: 'tickJourneyTask',
  summary: 'Mark a task of a journey as done, or as not done; the colleague’s task follows',
  access: 'onboarding.handle',
  params: idParams.extend({ key: z.string().max(63) }),
  body: z.strictObject({ done: z.boolean() }),
  reply: wholeJourney,
})

const act = <const Name extends string, const Operation extends string, Body extends z.ZodType>(
  name: Name,
  operation: Operation,
  summary: string,
  body: Body,
) =>
  route({
    method: 'POST',
    path: `${base}/:id/${name}`,
    operation,
    summary,
    access: 'onboarding.handle',
    params: idParams,
    body,
    reply: wholeJourney,
  })

const why = z.strictObject({ reason: line(500) })

export const pauseJourney = act('pause', 'pauseJourney', 'Pause a journey; its days stand still', why)
export const resumeJourney = act(
  'resume',
  'resumeJourney',
  'Go on with a paused journey; what is open is due later by the days of the pause',
  z.strictObject({}),
)
export const cancelJourney = act('cancel', 'cancelJourney', 'Cancel a journey', why)
export const completeJourney = act(
  'complete',
  'completeJourney',
  'Complete a journey and hand the customer over; what is open takes a reason',
  z.strictObject({
    reason: line(500).optional().meta({ description: 'Why it is complete although tasks are open.' }),
    handOverTo: z.uuid().optional().meta({ description: 'The CSM who looks after the customer from now on.' }),
    note: line(500).optional(),
  }),
)
export const changeJourneyPeople = act(
  'people',
  'changeJourneyPeople',
  'Say who has a role in a journey; their open tasks follow',
  z.strictObject({ role: z.enum(journeyRoles).exclude(['owner', 'customer']), memberId: z.uuid() }),
)

export const journeyCertificate = route({
  method: 'GET',
  path: `${base}/:id/certificate`,
  operation: 'journeyCertificate',
  summary: 'The certificate of a completed journey (PDF), in Japanese or English',
  access: 'customers.read',
  params: idParams,
  query: z.object({ language: z.enum(['ja', 'en']).default('ja') }),
  reply: z.string(),
  contentType: 'application/pdf',
})
