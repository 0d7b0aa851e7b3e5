import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import PDFDocument from 'pdfkit'

/** What a certificate of completion says. */
export interface Certificate {
  company: string
  customer: string
  /** Whose it is, where it is not the company's. */
  person: string | null
  programme: string
  /** Days, YYYY-MM-DD. */
  endedOn: string
  /** What was done in which time, where that was followed. */
  course: { startsOn: string; done: number; all: number } | undefined
  number: string
}

const folder = dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-jp/package.json'))

interface Part {
  name: string
  ranges: readonly (readonly [number, number])[]
}

let parts: readonly Part[] | undefined

/** The font comes in parts, each with the characters that it draws. */
function fontParts(): readonly Part[] {
  parts ??= Object.entries(
    JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>,
  ).map(([name, ranges]) => ({
    name: name.replace(/[[\]]/g, ''),
    ranges: ranges.split(',').map(range => {
      const [from, to] = range.trim().slice(2).split('-')
      return [Number.parseInt(from!, 16), Number.parseInt(to ?? from!, 16)] as const
    }),
  }))
  return parts
}

function partOf(character: string): string {
  const code = character.codePointAt(0)!
  const all = fontParts()
  const found = all.find(({ name, ranges }) => name === 'latin' && covers(ranges, code))
  return (found ?? all.find(({ ranges }) => covers(ranges, code)) ?? all.find(({ name }) => name === 'latin'))!.name
}

function covers(ranges: Part['ranges'], code: number): boolean {
  return ranges.some(([from, to]) => code >= from && code <= to)
}

/** A text as runs of characters that one part of the font draws. */
function runsOf(text: string): { part: string; text: string }[] {
  const runs: { part: string; text: string }[] = []
  for (const character of text) {
    const part = partOf(character)
    const last = runs.at(-1)
    if (last?.part === part) last.text += character
    else runs.push({ part, text: character })
  }
  return runs
}

type Weight = 400 | 700

/** Writes lines of a page, in whatever part of the font each character is. */
class Writer {
  readonly document: PDFKit.PDFDocument
  readonly #known = new Set<string>()

  constructor(document: PDFKit.PDFDocument) {
    this.document = document
  }

  /** A centred line that is made smaller until it fits, and broken in two where that is not enough. @returns where it ends */
  line(
    text: string,
    y: number,
    size: number,
    { weight = 400, colour = '#1a1c21' }: { weight?: Weight; colour?: string } = {},
  ): number {
    const room = this.document.page.width - 2 * 96
    const smallest = Math.min(size, Math.max(13, size * 0.6))
    let fitting = size
    while (fitting > smallest && this.#widthOf(text, fitting, weight) > room) fitting -= 0.5
    let below = y
    for (const piece of this.#broken(text, fitting, weight, room)) {
      this.#write(piece, below, fitting, weight, colour)
      below += fitting * 1.4
    }
    return below
  }

  #broken(text: string, size: number, weight: Weight, room: number): string[] {
    const pieces: string[] = []
    let piece = ''
    for (const word of text.match(/[\u0021-\u024f]+|\s+|./gsu) ?? []) {
      if (piece !== '' && this.#widthOf(piece + word, size, weight) > room) {
        pieces.push(piece.trim())
        piece = word.trim()
      } else piece += word
    }
    return [...pieces, piece.trim()].filter(each => each !== '')
  }

  #widthOf(text: string, size: number, weight: Weight): number {
    return runsOf(text).reduce((sum, run) => sum + this.#font(run.part, size, weight).widthOfString(run.text), 0)
  }

  #write(text: string, y: number, size: number, weight: Weight, colour: string): void {
    let x = (this.document.page.width - this.#widthOf(text, size, weight)) / 2
    for (const run of runsOf(text)) {
      const font = this.#font(run.part, size, weight).fillColor(colour)
      const width = font.widthOfString(run.text)
      // From the baseline, so that runs of several parts stand in one line.
      font.text(run.text, x, y + size, { lineBreak: false, baseline: 'alphabetic' })
      x += width
    }
  }

  #font(part: string, size: number, weight: Weight): PDFKit.PDFDocument {
    const name = `${part}-${weight}`
    if (!this.#known.has(name)) {
      this.document.registerFont(name, join(folder, 'files', `noto-sans-jp-${part}-${weight}-normal.woff`))
      this.#known.add(name)
    }
    return this.document.font(name).fontSize(size)
  }
}

const words = {
  ja: {
    title: '修了証',
    award: (customer: string, person: string | null) => (person ? `${customer}　${person} 様` : `${customer} 御中`),
    text: 'のすべての課程を修了されたことを証します。',
    period: (from: string, to: string) => `期間　${from} 〜 ${to}`,
    tasks: (done: number, all: number) => `完了タスク　${done} / ${all}`,
    number: (number: string) => `証書番号　${number}`,
    day: (day: string) => `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`,
    programme: (name: string, person: string | null) => `${person ? '貴殿' : '貴社'}が「${name}」`,
  },
  en: {
    title: 'Certificate of Completion',
    award: (customer: string, person: string | null) => (person ? `${person}, ${customer}` : customer),
    text: 'has successfully completed the programme',
    period: (from: string, to: string) => `${from} to ${to}`,
    tasks: (done: number, all: number) => `${done} of ${all} tasks completed`,
    number: (number: string) => `Certificate no. ${number}`,
    day: (day: string) =>
      new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`)),
    programme: (name: string, _: string | null) => name,
  },
} as const

/** Draws a certificate: one landscape page whose text can be selected. */
export function certificatePdf(certificate: Certificate, language: 'ja' | 'en'): Readable {
  const say = words[language]
  const document = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margin: 0,
    lang: language,
    displayTitle: true,
    info: {
      Title: `${say.title} ${certificate.person ?? certificate.customer}`,
      Author: certificate.company,
      Creator: 'Kizuna',
    },
  })
  const { width, height } = document.page
  document
    .rect(28, 28, width - 56, height - 56)
    .lineWidth(1.5)
    .stroke('#3b5bdb')
  document
    .rect(36, 36, width - 72, height - 72)
    .lineWidth(0.5)
    .stroke('#adb5bd')
  const writer = new Writer(document)
  writer.line(say.title, 84, 34, { weight: 700, colour: '#2b3f9e' })
  let y = writer.line(say.award(certificate.customer, certificate.person), 176, 26, { weight: 700 }) + 16
  if (language === 'ja')
    y = writer.line(`${say.programme(certificate.programme, certificate.person)}${say.text}`, y, 15) + 20
  else {
    y = writer.line(say.text, y, 15) + 4
    y = writer.line(say.programme(certificate.programme, certificate.person), y, 18, { weight: 700 }) + 20
  }
  const grey = { colour: '#495057' }
  const { course } = certificate
  if (course) {
    y = writer.line(say.period(say.day(course.startsOn), say.day(certificate.endedOn)), y, 12, grey)
    writer.line(say.tasks(course.done, course.all), y, 12, grey)
  }
  writer.line(say.day(certificate.endedOn), height - 148, 13)
  writer.line(certificate.company, height - 122, 17, { weight: 700 })
  writer.line(say.number(certificate.number), height - 68, 9, { colour: '#868e96' })
  document.end()
  return document as unknown as Readable
}
