import type { FlowDocument } from './document.ts'
import { type Step, waitingKinds, waysOf } from './steps.ts'

/** What is wrong with a flow, and where: `steps.2.next`. */
export interface FlowFault {
  path: string
  /** Of the step where it is one. */
  step: string | null
  message: { ja: string; en: string }
}

/** What is wrong with the graph of a flow, as far as it can be told from the document alone. */
export function graphFaults(document: FlowDocument): FlowFault[] {
  const { steps, start } = document
  const faults: FlowFault[] = []
  const places = new Map<string, number>()
  const fault = (place: number, path: string, ja: string, en: string) =>
    faults.push({ path: `steps.${place}${path}`, step: steps[place]!.key, message: { ja, en } })
  for (const [place, { key }] of steps.entries()) {
    if (places.has(key)) {
      fault(place, '.key', `識別名「${key}」のステップが2つあります。`, `There are two steps with the key "${key}".`)
    } else places.set(key, place)
  }
  if (start === null || !places.has(start)) {
    faults.push({ path: 'start', step: null, message: start === null ? noStart : unknown(start) })
  }
  for (const [place, step] of steps.entries()) {
    for (const { name, to } of waysOf(step)) {
      if (to !== null && !places.has(to)) {
        faults.push({ path: `steps.${place}${wayPath(name)}`, step: step.key, message: unknown(to) })
      }
    }
  }
  const reached = reachable(document)
  for (const [place, { key }] of steps.entries()) {
    if (!reached.has(key)) {
      fault(place, '', 'どのステップからも到達しません。', 'No way leads to this step.')
    }
  }
  for (const key of circles(steps)) {
    const place = places.get(key)!
    fault(
      place,
      '',
      '待機のない循環になっています。循環の中に待機ステップを入れてください。',
      'The steps go in a circle without a wait. Put a wait into the circle.',
    )
  }
  for (const [place, step] of steps.entries()) {
    for (const path of blanksOf(step)) fault(place, `.${path}`, '未入力の項目があります。', 'Something is left empty.')
  }
  for (const [place, { name }] of document.exits.entries()) {
    if (name === '') faults.push({ path: `exits.${place}.name`, step: null, message: noReason })
  }
  for (const [place, trigger] of document.triggers.entries()) {
    const isBlank =
      (trigger.kind === 'event' && trigger.event === '') || (trigger.kind === 'health_band' && !trigger.bands[0])
    if (isBlank) faults.push({ path: `triggers.${place}`, step: null, message: noTrigger })
  }
  return faults
}

/** Places of a step that a draft may leave empty, and a published flow may not. */
function blanksOf(step: Step): string[] {
  switch (step.kind) {
    case 'task':
    case 'call':
      return step.title === '' ? ['title'] : []
    case 'meeting':
      return [...(step.title === '' ? ['title'] : []), ...(step.link === '' ? ['link'] : [])]
    case 'approval':
      return [...(step.question === '' ? ['question'] : []), ...(step.approvers.length === 0 ? ['approvers'] : [])]
    case 'notice':
    case 'certificate':
      return (['ja', 'en'] as const).filter(locale => step.title[locale] === '').map(locale => `title.${locale}`)
    case 'change':
      return step.changes.flatMap((change, place) =>
        'tag' in change && change.tag === '' ? [`changes.${place}.tag`] : [],
      )
    default:
      return []
  }
}

function wayPath(name: string): string {
  const [kind, place] = name.split(':')
  if (kind === 'case') return `.cases.${place}.next`
  return kind === 'arm' ? `.arms.${place}.next` : `.${name}`
}

/** Keys of the steps that can be reached from the start. */
export function reachable({ steps, start }: Pick<FlowDocument, 'steps' | 'start'>): Set<string> {
  const byKey = new Map(steps.map(step => [step.key, step]))
  const reached = new Set<string>()
  const waiting = start === null ? [] : [start]
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const step = byKey.get(key)
    if (!step || reached.has(key)) continue
    reached.add(key)
    for (const { to } of waysOf(step)) if (to !== null) waiting.push(to)
  }
  return reached
}

/** Keys of steps that lie on a circle in which no time passes. */
function circles(steps: readonly Step[]): string[] {
  const instant = new Map(steps.filter(({ kind }) => !waitingKinds.includes(kind)).map(step => [step.key, step]))
  // What has no way in or no way out, again and again, is on no circle.
  for (let removed = true; removed; ) {
    removed = false
    const entered = new Set([...instant.values()].flatMap(step => waysOf(step).map(({ to }) => to)))
    for (const [key, step] of instant) {
      const goesOn = waysOf(step).some(({ to }) => to !== null && instant.has(to))
      if (goesOn && entered.has(key)) continue
      instant.delete(key)
      removed = true
    }
  }
  return [...instant.keys()]
}

const noReason = {
  ja: '途中で終える条件に理由を入れてください。',
  en: 'Give each condition that ends the flow a reason.',
}
const noTrigger = { ja: 'トリガーの内容を選んでください。', en: 'Say what the trigger is about.' }
const noStart = { ja: '最初のステップを指定してください。', en: 'Say which step comes first.' }
const unknown = (key: string) => ({
  ja: `「${key}」というステップはありません。`,
  en: `There is no step "${key}".`,
})
