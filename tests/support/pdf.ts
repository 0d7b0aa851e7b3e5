import { inflateSync } from 'node:zlib'

/** The text of a PDF as a reader copies it: each line that was drawn, through the maps of its fonts. */
export function textOfPdf(file: Buffer): string {
  const objects = objectsOf(file)
  const text: string[] = []
  for (const { head } of objects.values()) {
    if (!/\/Type \/Page\b/.test(head)) continue
    const fonts = fontsOf(head, objects)
    for (const [, number] of head.matchAll(/\/Contents (\d+) 0 R/g)) {
      text.push(drawn(objects.get(Number(number))!.stream, fonts))
    }
  }
  return text.join('\n')
}

interface PdfObject {
  head: string
  stream: string
}

function objectsOf(file: Buffer): Map<number, PdfObject> {
  const objects = new Map<number, PdfObject>()
  const raw = file.toString('latin1')
  for (const match of raw.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [, number, body] = match
    const at = body!.indexOf('stream\n')
    const head = at < 0 ? body! : body!.slice(0, at)
    let stream = ''
    if (at >= 0) {
      const bytes = Buffer.from(body!.slice(at + 7, body!.lastIndexOf('\nendstream')), 'latin1')
      stream = head.includes('/FlateDecode') ? inflateSync(bytes).toString('latin1') : bytes.toString('latin1')
    }
    objects.set(Number(number), { head, stream })
  }
  return objects
}

type FontMap = Map<string, string>

/** The fonts of a page by their names, each as what its codes stand for. */
function fontsOf(page: string, objects: Map<number, PdfObject>): Map<string, FontMap> {
  const fonts = new Map<string, FontMap>()
  const resources = objects.get(Number(/\/Resources (\d+) 0 R/.exec(page)![1]))!.head
  for (const [, name, number] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    const map = Number(/\/ToUnicode (\d+) 0 R/.exec(objects.get(Number(number))!.head)![1])
    fonts.set(name!, mapOf(objects.get(map)!.stream))
  }
  return fonts
}

function mapOf(stream: string): FontMap {
  const map: FontMap = new Map()
  for (const [, from, list] of stream.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
    for (const [place, code] of (list!.match(/<([^>]*)>/g) ?? []).entries()) {
      const characters = Buffer.from(code.slice(1, -1).replaceAll(' ', ''), 'hex').swap16().toString('utf16le')
      map.set((Number.parseInt(from!, 16) + place).toString(16).padStart(4, '0'), characters)
    }
  }
  return map
}

function drawn(stream: string, fonts: Map<string, FontMap>): string {
  const lines = new Map<string, string>()
  for (const [, block] of stream.matchAll(/BT\n([\s\S]*?)\nET/g)) {
    const font = fonts.get(/\/(F\d+) [\d.]+ Tf/.exec(block!)![1]!)!
    const y = /([\d.-]+) Tm/.exec(block!)![1]!
    const codes = [...block!.matchAll(/<([0-9a-f]+)>/gi)].flatMap(([, hex]) => hex!.match(/.{4}/g) ?? [])
    lines.set(y, (lines.get(y) ?? '') + codes.map(code => font.get(code.toLowerCase()) ?? '?').join(''))
  }
  return [...lines.values()].join('\n')
}
