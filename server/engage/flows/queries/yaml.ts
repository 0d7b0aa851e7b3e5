import { isNode, LineCounter, parseDocument, stringify } from 'yaml'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { Locale, Words } from '../../../platform/errors/words.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { readShape } from '../../../platform/http/read-shape.ts'
import { type FlowDocument, flowDocument } from '../contract/document.ts'
import type { readFlow } from '../contract/flows.ts'
import type { FlowFault } from '../contract/graph.ts'
import { flowFaults } from './check.ts'
import { storedFlow } from './stored.ts'

interface YamlFault {
  line: number
  column: number
  path: string
  message: Words
}

/** A document as YAML: what is as it is without being said is left out, the start comes before the steps. */
export function yamlOf(document: FlowDocument): string {
  const { subject, triggers, entry, holdoutPercent, reentry, priority, quiet, goal, exits, start, steps, position } =
    document
  return stringify(
    {
      subject,
      triggers,
      ...(entry && { entry }),
      ...(holdoutPercent > 0 && { holdoutPercent }),
      reentry,
      priority,
      ...(quiet && { quiet }),
      ...(goal && { goal }),
      ...(exits.length > 0 && { exits }),
      start,
      steps,
      ...(position && Object.keys(position).length > 0 && { position }),
    },
    { lineWidth: 120, aliasDuplicateObjects: false },
  )
}

/** Faults of one text that are told. */
const mostFaults = 50

/** Reads YAML; what is wrong is told with its line. `placeOf` finds the line of a path of the document. */
function readYaml(
  text: string,
  locale: Locale,
): { document: FlowDocument | null; faults: YamlFault[]; placeOf: (fault: FlowFault) => YamlFault } {
  const lines = new LineCounter()
  const parsed = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false, schema: 'core' })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const place = (path: readonly PropertyKey[], message: Words): YamlFault => {
    const full = path.map(part => (typeof part === 'symbol' ? String(part) : part))
    for (let length = full.length; length > 0; length -= 1) {
      const node = parsed.getIn(full.slice(0, length), true)
      if (isNode(node) && node.range) return { ...at(node.range[0]), path: full.join('.'), message }
    }
    return { line: 1, column: 1, path: full.join('.'), message }
  }
  const placeOf = ({ path, message }: FlowFault) =>
    place(
      path.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part)),
      message,
    )
  if (parsed.errors.length > 0) {
    const faults = parsed.errors.slice(0, mostFaults).map(error => {
      const reason = error.message.split(' at line')[0]!
      const message = { ja: `YAMLとして読めません（${reason}）。`, en: `No valid YAML: ${reason}.` }
      return { ...at(error.pos[0]), path: '', message }
    })
    return { document: null, faults, placeOf }
  }
  let content: unknown
  try {
    // An alias may stand for a part once or twice, not for a bomb.
    content = parsed.toJS({ maxAliasCount: 100 })
  } catch {
    return { document: null, faults: [{ line: 1, column: 1, path: '', message: tooLarge }], placeOf }
  }
  const read = readShape(flowDocument, content, locale)
  if (!read.faults) return { document: read.value, faults: [], placeOf }
  const faults = read.faults.slice(0, mostFaults).map(({ path, message }) => place(path, message))
  return { document: null, faults, placeOf }
}

const tooLarge: Words = {
  ja: 'エイリアスが多すぎて読み込めません。',
  en: 'It cannot be read: there are too many aliases in it.',
}

/** The draft of a flow as YAML. @throws AppError `not_found` */
export async function exportedFlow(ctx: Context, id: string): Promise<{ yaml: string }> {
  requirePermission(ctx, 'flows.view')
  return { yaml: yamlOf((await storedFlow(ctx, id)).draft) }
}

/** Reads YAML: its shape, its graph and what it names, each fault with its line. */
export async function checkedYaml(ctx: Context, text: string): Promise<RouteReply<typeof readFlow>> {
  requirePermission(ctx, 'flows.view')
  const { document, faults, placeOf } = readYaml(text, ctx.locale)
  if (!document) return { document, faults }
  return { document, faults: (await flowFaults(ctx, document)).map(placeOf) }
}
