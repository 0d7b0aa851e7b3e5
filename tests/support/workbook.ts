import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

type Cell = string | number | boolean | { day: number }

interface Hostility {
  /** Puts this before the root of the sheet. */
  doctype?: string
  /** So many spaces in the sheet, which pack well. */
  padding?: number
  /** So many elements in each other. */
  depth?: number
  /** The archive holds only a file of this name. */
  only?: string
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A small Excel file: texts shared by turns and inline, shared ones with furigana, days by a Japanese format. */
export async function workbookOf(rows: Cell[][], hostility: Hostility = {}): Promise<Buffer> {
  const archive = new ZipFile()
  const add = (name: string, text: string) => archive.addBuffer(Buffer.from(text), name)
  if (hostility.only) {
    add(hostility.only, '<a/>')
  } else {
    const strings: string[] = []
    const shared = (text: string) => {
      strings.push(`<si><t>${escaped(text)}</t><rPh sb="0" eb="1"><t>ヨミ</t></rPh></si>`)
      return strings.length - 1
    }
    const cells = rows.map((row, index) => {
      const parts = row.map((cell, column) =>
        cellOf(cell, `${String.fromCharCode(65 + column)}${index + 1}`, shared, column),
      )
      return `<row r="${index + 1}">${parts.join('')}</row>`
    })
    const nested = hostility.depth ? `${'<x>'.repeat(hostility.depth)}${'</x>'.repeat(hostility.depth)}` : ''
    add(
      'xl/workbook.xml',
      `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="一覧" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    )
    add(
      'xl/_rels/workbook.xml.rels',
      `<Relationships><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    )
    add('xl/sharedStrings.xml', `<sst xmlns="${main}">${strings.join('')}</sst>`)
    add(
      'xl/styles.xml',
      `<styleSheet xmlns="${main}"><numFmts><numFmt numFmtId="180" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="180"/></cellXfs></styleSheet>`,
    )
    const padding = ' '.repeat(hostility.padding ?? 0)
    add(
      'xl/worksheets/sheet1.xml',
      `${hostility.doctype ?? ''}<worksheet xmlns="${main}">${padding}<sheetData>${cells.join('')}</sheetData>${nested}</worksheet>`,
    )
  }
  archive.end()
  return buffer(archive.outputStream as NodeJS.ReadableStream)
}

function cellOf(cell: Cell, place: string, shared: (text: string) => number, column: number): string {
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`
  if (typeof cell === 'boolean') return `<c r="${place}" t="b"><v>${cell ? 1 : 0}</v></c>`
  if (typeof cell === 'object') return `<c r="${place}" s="1"><v>${cell.day}</v></c>`
  if (column % 2 === 0) return `<c r="${place}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`
  return `<c r="${place}" t="s"><v>${shared(cell)}</v></c>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
