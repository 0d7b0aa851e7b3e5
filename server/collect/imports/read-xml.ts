import { SaxesParser } from 'saxes'
import { fileFault } from './file-fault.ts'

/** What a part of a workbook is read with; text arrives whole when its element ends. */
export interface XmlReader {
  open(name: string, attributes: Record<string, string>): void
  close?(name: string, text: string): void
}

/** Most characters without an element beginning or ending. */
const longestText = 2_097_152
const deepest = 64

/**
 * Reads XML piece by piece. Declarations of types and entities are refused, nothing outside of the file is looked at.
 * @param after called after each piece, for what has been read so far
 * @throws AppError `invalid_input` for XML that is broken or hostile
 */
export async function* readXml<Item>(
  bytes: AsyncIterable<Uint8Array>,
  reader: XmlReader,
  after: () => Item | undefined,
): AsyncGenerator<Item> {
  const parser = new SaxesParser()
  let text = ''
  let depth = 0
  let since = 0
  parser.on('error', () => {
    throw damaged()
  })
  parser.on('doctype', () => {
    throw fileFault({
      ja: 'Excelファイルの中に許可されていない宣言（DTD）があります。Excelで開いて保存し直してください。',
      en: 'The Excel file holds a declaration (DTD) that is not allowed. Open it in Excel and save it again.',
    })
  })
  parser.on('text', part => {
    text += part
  })
  parser.on('cdata', part => {
    text += part
  })
  parser.on('opentag', tag => {
    since = 0
    text = ''
    if (++depth > deepest) throw damaged()
    reader.open(localName(tag.name), tag.attributes as Record<string, string>)
  })
  parser.on('closetag', tag => {
    since = 0
    depth--
    reader.close?.(localName(tag.name), text)
    text = ''
  })
  const decoder = new TextDecoder('utf-8')
  for await (const piece of bytes) {
    const part = decoder.decode(piece, { stream: true })
    since += part.length
    parser.write(part)
    if (since > longestText) throw damaged()
    const item = after()
    if (item !== undefined) yield item
  }
  parser.write(decoder.decode())
  parser.close()
  const item = after()
  if (item !== undefined) yield item
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** The workbook is broken; says so without guessing where. */
export function damaged() {
  return fileFault({
    ja: 'Excelファイルが壊れています。Excelで開いて、.xlsx として保存し直してください。',
    en: 'The Excel file is damaged. Open it in Excel and save it as .xlsx again.',
  })
}
