import type { FlowDocument } from '../../../server/engage/flows/contract/document.ts'
import { type Step, type StepKind, waysOf, withWay } from '../../../server/engage/flows/contract/steps.ts'

/** A way out of a step; without a step the way in from the triggers. */
export interface Place {
  step: string | null
  way: string
}

/** A key that no step has yet: the kind, with a number where there are several. */
function freeKey({ steps }: FlowDocument, kind: StepKind): string {
  const taken = new Set(steps.map(({ key }) => key))
  const base = kind.replaceAll('_', '-')
  for (let number = 1; ; number++) {
    const key = number === 1 ? base : `${base}-${number}`
    if (!taken.has(key)) return key
  }
}

/** The document with a way leading elsewhere. */
export function lead(document: FlowDocument, { step, way }: Place, to: string | null): FlowDocument {
  if (step === null) return { ...document, start: to }
  return { ...document, steps: document.steps.map(each => (each.key === step ? withWay(each, way, to) : each)) }
}

/** Where a way leads now. */
function targetOf(document: FlowDocument, { step, way }: Place): string | null {
  if (step === null) return document.start
  const found = document.steps.find(({ key }) => key === step)
  return (found && waysOf(found).find(({ name }) => name === way)?.to) ?? null
}

/** Puts a new step on a way: what came there before comes after it. */
export function insertStep(
  document: FlowDocument,
  place: Place,
  kind: StepKind,
): { document: FlowDocument; key: string } {
  const key = freeKey(document, kind)
  const after = targetOf(document, place)
  const step = newStep(kind, key, after)
  return { document: lead({ ...document, steps: [...document.steps, step] }, place, key), key }
}

/** Takes steps away: what led to one leads to where its first way led. */
export function removeSteps(document: FlowDocument, keys: readonly string[]): FlowDocument {
  let current = document
  for (const key of keys) current = removeStep(current, key)
  return current
}

function removeStep(document: FlowDocument, key: string): FlowDocument {
  const gone = document.steps.find(step => step.key === key)
  if (!gone) return document
  const [first] = waysOf(gone)
  const onward = first?.to === key ? null : (first?.to ?? null)
  const steps = document.steps
    .filter(step => step !== gone)
    .map(step => waysOf(step).reduce((each, way) => (way.to === key ? withWay(each, way.name, onward) : each), step))
  const { [key]: _, ...position } = document.position ?? {}
  return { ...document, steps, start: document.start === key ? onward : document.start, position }
}

/** What each kind of step begins with. */
function newStep(kind: StepKind, key: string, next: string | null): Step {
  const assign = { kind: 'owner' } as const
  switch (kind) {
    case 'wait':
      return { key, kind, amount: 3, unit: 'days', next }
    case 'wait_date':
      return { key, kind, field: '', offsetDays: -30, at: '09:00', next }
    case 'wait_working_hour':
      return { key, kind, from: '09:00', until: '18:00', next }
    case 'wait_condition':
      return { key, kind, condition: { all: [] }, timeoutDays: 14, met: next, timeout: null }
    case 'branch':
      return { key, kind, cases: [{ name: '', condition: { all: [] }, next }], otherwise: null }
    case 'split':
      return {
        key,
        kind,
        arms: [
          { name: 'A', weight: 1, next },
          { name: 'B', weight: 1, next },
        ],
      }
    case 'task':
    case 'call':
      return { key, kind, title: '', assign, dueDays: 1, next }
    case 'approval':
      return {
        key,
        kind,
        question: '',
        approvers: [{ kind: 'owner_lead' }],
        withinHours: 48,
        approved: next,
        refused: null,
        silent: null,
      }
    case 'email':
      return { key, kind, template: '', to: 'main', next }
    case 'in_app':
      return { key, kind, message: '', to: 'main', next }
    case 'certificate':
      return { key, kind, title: { ja: '', en: '' }, next }
    case 'webhook':
      return { key, kind, channel: '', next }
    case 'provision':
      return {
        key,
        kind,
        channel: '',
        action: 'extend_trial',
        withinHours: 24,
        done: next,
        failed: null,
        timeout: null,
      }
    case 'change':
      return { key, kind, changes: [{ kind: 'add_tag', tag: '' }], next }
    case 'assign':
      return { key, kind, to: { kind: 'role', role: 'csm', by: 'load' }, next }
    case 'notice':
      return {
        key,
        kind,
        title: { ja: '', en: '' },
        text: { ja: '', en: '' },
        severity: 'medium',
        topic: 'handling',
        to: [{ kind: 'owner' }],
        channels: [],
        task: false,
        next,
      }
    case 'meeting':
      return { key, kind, title: '', link: '', assign, next }
    default:
      return { key, kind: 'end' }
  }
}
