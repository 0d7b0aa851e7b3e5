import type { JourneyDefinition, NamedRole, StartRule } from '../../../server/engage/onboarding/contract/definition.ts'
import type { WholeTemplate } from '../../../server/engage/onboarding/contract/templates.ts'

type Phase = JourneyDefinition['phases'][number]
export type Task = JourneyDefinition['tasks'][number]
export type Measure = JourneyDefinition['measures'][number]
export type Warning = JourneyDefinition['warnings'][number]

/** A template while somebody changes it; nothing of it is kept before it is saved. */
export interface TemplateDraft {
  nameJa: string
  nameEn: string
  starts: StartRule | null
  people: Partial<Record<NamedRole, string>>
  definition: JourneyDefinition
}

/** Keys are for programs: nobody types them. */
const newKey = (of: string) => `${of}-${crypto.randomUUID().slice(0, 8)}`

export const newMeasure = (): Measure => ({
  key: newKey('measure'),
  nameJa: '',
  nameEn: '',
  condition: { all: [] },
})

export const newWarning = (day: number): Warning => ({
  key: newKey('warning'),
  nameJa: '',
  nameEn: '',
  adviceJa: '',
  adviceEn: '',
  day,
  unless: { all: [] },
  role: 'owner',
  urgency: 'high',
})

export const newTask = (phase: Pick<Phase, 'key' | 'toDay'>): Task => ({
  key: newKey('task'),
  phase: phase.key,
  titleJa: '',
  titleEn: '',
  descriptionJa: '',
  descriptionEn: '',
  role: 'owner',
  dueDay: phase.toDay,
  required: true,
  shared: false,
  training: false,
  condition: null,
})

function newPhase(fromDay: number, toDay: number): Phase {
  return {
    key: newKey('phase'),
    nameJa: '',
    nameEn: '',
    goalJa: '',
    goalEn: '',
    fromDay,
    toDay,
    share: 100,
    measures: [],
  }
}

/** A template with one phase and one task, for somebody to fill in. */
export function emptyDraft(): TemplateDraft {
  const phase = newPhase(1, 30)
  return {
    nameJa: '',
    nameEn: '',
    starts: null,
    people: {},
    definition: {
      days: 30,
      phases: [phase],
      tasks: [newTask(phase)],
      measures: [],
      value: null,
      warnings: [],
      stuckDays: 14,
      completeShare: 90,
      completesItself: false,
    },
  }
}

export function draftOf({ nameJa, nameEn, starts, people, definition }: WholeTemplate): TemplateDraft {
  return { nameJa, nameEn, starts, people, definition }
}

/** A copy starts nobody by itself: two templates with one rule would both begin. */
export function copyOf(template: WholeTemplate): TemplateDraft {
  const { nameJa, nameEn, ...rest } = draftOf(template)
  return { ...rest, nameJa: `${nameJa}のコピー`.slice(0, 120), nameEn: `Copy of ${nameEn}`.slice(0, 120), starts: null }
}

/** Adds a phase behind the last one; the journey becomes longer where there is no room. */
export function withPhase(definition: JourneyDefinition): JourneyDefinition {
  const last = Math.max(0, ...definition.phases.map(({ toDay }) => toDay))
  const toDay = Math.min(730, Math.max(definition.days, last + 1))
  const phase = newPhase(Math.min(last + 1, toDay), toDay)
  return { ...definition, days: Math.max(definition.days, toDay), phases: [...definition.phases, phase] }
}

/** Takes a phase away with its tasks, and these out of the warnings that name them. */
export function withoutPhase(definition: JourneyDefinition, key: string): JourneyDefinition {
  const gone = definition.tasks.filter(({ phase }) => phase === key).map(task => task.key)
  const without = gone.reduce(withoutTask, definition)
  return { ...without, phases: without.phases.filter(phase => phase.key !== key) }
}

/** Takes a task away, also out of the warnings that name it; one that named only it waits for another reason. */
export function withoutTask(definition: JourneyDefinition, key: string): JourneyDefinition {
  return {
    ...definition,
    tasks: definition.tasks.filter(task => task.key !== key),
    warnings: definition.warnings.map(warning =>
      warning.tasks?.includes(key) ? { ...warning, tasks: warning.tasks.filter(each => each !== key) } : warning,
    ),
  }
}

/** Moves one of a list past its neighbour; at the end nothing moves. */
export function moved<Each>(list: readonly Each[], place: number, by: -1 | 1): Each[] {
  const other = place + by
  if (place < 0 || other < 0 || other >= list.length) return [...list]
  return list.with(place, list[other]!).with(other, list[place]!)
}

/** Moves a task past its neighbour in the same phase. */
export function withTaskMoved(definition: JourneyDefinition, key: string, by: -1 | 1): JourneyDefinition {
  const { tasks } = definition
  const place = tasks.findIndex(task => task.key === key)
  const phase = tasks[place]?.phase
  const step = (from: number): number =>
    tasks[from] === undefined || tasks[from].phase === phase ? from : step(from + by)
  const other = step(place + by)
  if (place < 0 || tasks[other] === undefined) return definition
  return { ...definition, tasks: tasks.with(place, tasks[other]).with(other, tasks[place]!) }
}

/** What is sent: who writes one language only has it stand for the other. */
export function bodyOf(draft: TemplateDraft): TemplateDraft {
  return bothLanguages(draft) as TemplateDraft
}

function bothLanguages(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bothLanguages)
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(fields).map(([name, each]) => {
      const other = name.endsWith('Ja') ? `${name.slice(0, -2)}En` : name.endsWith('En') ? `${name.slice(0, -2)}Ja` : ''
      return [name, each === '' && typeof fields[other] === 'string' ? fields[other] : bothLanguages(each)]
    }),
  )
}

/** Places of the request that have a field on screen; a fault deeper inside is shown there. */
const places =
  /^body\.((?:definition\.tasks\.\d+\.condition|definition\.measures\.\d+\.condition|definition\.phases\.\d+\.measures\.\d+\.condition|definition\.warnings\.\d+\.(?:when|unless|tasks)|definition\.value|starts\.(?:condition|segments)))\b.*$/

/** A path in a refused request, as the name of the field that shows it. */
export function placeOf(path: string): string {
  return path.replace(places, 'body.$1')
}
